#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "tests/bench/python_process.h"

namespace headlight::bench {

/// What PyTorch is asked to do: `heads` heads of `width`, float32.
struct TorchWork {
  std::string work;  ///< a name of torch_side.py's table
  std::int64_t tokens = 0;
  int heads = 8;
  int width = 64;
  bool causal = true;
  int runs = 5;  ///< at least so many
};

/// A Python that runs PyTorch beside us and waits between its turns.
class TorchProcess {
 public:
  /// The interpreter is $HEADLIGHT_TORCH_PYTHON, else python3. `avx2`: held to AVX2 by PyTorch's own three
  /// switches. Not alive when torch cannot be imported.
  explicit TorchProcess(bool avx2 = false);

  bool alive() const { return python_.alive(); }
  const std::string& version() const { return version_; }  ///< "2.4.0, AVX512"
  /// Least milliseconds of one run; nothing when it is not alive.
  std::optional<double> milliseconds(const TorchWork& work);

 private:
  PythonProcess python_;
  std::string version_;
};

}  // namespace headlight::bench
