#pragma once
#include <cstdint>
#include <optional>
#include <string>

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
  ~TorchProcess();
  TorchProcess(const TorchProcess&) = delete;
  TorchProcess& operator=(const TorchProcess&) = delete;

  bool alive() const { return input_ >= 0; }
  const std::string& version() const { return version_; }  ///< "2.4.0, AVX512"
  /// Least milliseconds of one run; nothing when it is not alive.
  std::optional<double> milliseconds(const TorchWork& work);

 private:
  std::string readLine();
  void stop();

  int pid_ = -1;
  int input_ = -1;   ///< where we write
  int output_ = -1;  ///< where we read
  std::string rest_;
  std::string version_;
};

}  // namespace headlight::bench
