#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/attention/inputs.h"
#include "core/base/result.h"

namespace headlight {

/// How far a row of weights may sum from 1 (contract §2.1).
inline constexpr double kRowSumTolerance = 2e-3;
/// Cells that are looked at; of more, every so manieth row.
inline constexpr std::int64_t kMostCheckedCells = std::int64_t{1} << 24;

/// Maps that were looked through once, with what was noticed.
class CheckedMaps : public GivenTensor {
 public:
  CheckedMaps(std::shared_ptr<const GivenTensor> tensor, std::vector<std::string> warnings)
      : tensor_(std::move(tensor)), warnings_(std::move(warnings)) {}

  const std::vector<std::int64_t>& shape() const override { return tensor_->shape(); }
  bool read(std::int64_t first, std::int64_t count, float* out) const override {
    return tensor_->read(first, count, out);
  }
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  std::shared_ptr<const GivenTensor> tensor_;
  std::vector<std::string> warnings_;
};

/// Warnings about the maps [H][Tq, Tk]: values that are NaN or infinite (−inf in scores is a masked cell),
/// and rows of weights that do not sum to 1 ± kRowSumTolerance, each with its count and first place. Above
/// kMostCheckedCells every n-th row is looked at, which the warning says. Error (unreadable): the file can no
/// longer be read.
Result<std::vector<std::string>> mapsWarnings(const GivenMaps& maps, const Sizes& sizes);

}  // namespace headlight
