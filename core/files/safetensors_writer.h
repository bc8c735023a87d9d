#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "core/files/tensor_writer.h"

namespace headlight {

/// Writes a .safetensors. Its header comes first and tells all tensors, so they are named before: with the
/// first begin (or finish) it is written, padded with spaces to a multiple of eight bytes, and begin takes
/// the tensors in the order of the plan. Same plan and calls, same bytes.
class SafetensorsWriter : public TensorWriter {
 public:
  SafetensorsWriter(ByteSink& sink, std::vector<TensorPlan> tensors);

 protected:
  /// Errors (failed): not the next tensor of the plan, or another shape or width than planned; a name that
  /// is empty, given twice, no UTF-8, longer than 4096 bytes or `__metadata__`.
  Status beginTensor(std::string_view name, std::span<const std::int64_t> shape, FloatWidth width,
                     std::uint64_t bytes) override;
  Status putData(std::string_view bytes) override;
  Status endTensor() override;
  /// Error (failed): tensors of the plan are missing.
  Status finishFile() override;

 private:
  Status writeHeader();

  std::vector<TensorPlan> plan_;
  std::size_t next_ = 0;
  bool headed_ = false;
};

}  // namespace headlight
