#include "core/analysis/pattern_loss.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/analysis/linear_attention.h"
#include "core/attention/field.h"
#include "core/attention/work.h"

namespace headlight {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kLeastKeys = 2;

Error otherSizes(const std::string& one, const std::string& other) {
  return {ErrorCode::invalid, "found " + one + " and " + other + ", accepted are two states of one shape", "",
          ""};
}

std::string sizeText(std::int64_t rows, std::int64_t cols) {
  return std::to_string(rows) + " × " + std::to_string(cols);
}

OverRows meanOf(double sum, std::int64_t rows) {
  return {rows == 0 ? kNone : sum / static_cast<double>(rows), rows};
}

/// Squares of differences over squares of what was expected.
class Distance {
 public:
  void add(double found, double expected) {
    difference_ += (found - expected) * (found - expected);
    size_ += expected * expected;
  }
  OverRows over(std::int64_t rows) const {
    if (rows == 0) return {kNone, 0};
    return {difference_ == 0 ? 0 : std::sqrt(difference_ / size_), rows};
  }

 private:
  double difference_ = 0;
  double size_ = 0;
};

bool counts(const Run& run, int head, std::int64_t row) {
  return run.mask->kept(head, row) >= kLeastKeys;
}

}  // namespace

Result<OverRows> massOutside(const Run& pattern, const std::shared_ptr<const Run>& full, int head,
                             const Cancel& cancel) {
  const auto weights = Field::make(full, Stage::weights, head);
  if (!weights) return weights.error();
  if (pattern.sizes.queries != weights->rows() || pattern.sizes.keys != weights->cols()) {
    return otherSizes(sizeText(pattern.sizes.queries, pattern.sizes.keys),
                      sizeText(weights->rows(), weights->cols()));
  }
  if (head >= pattern.sizes.heads)
    return otherSizes(std::to_string(pattern.sizes.heads) + " heads",
                      std::to_string(full->sizes.heads) + " heads");
  std::vector<float> row(static_cast<std::size_t>(weights->cols()));
  double sum = 0;
  std::int64_t rows = 0;
  for (std::int64_t i = 0; i < weights->rows(); ++i) {
    if (cancel.requested()) return cancelledError();
    if (!counts(*full, head, i)) continue;
    weights->row(i, row.data());
    std::int64_t next = 0;
    for (const KeyRun& kept : pattern.mask->runs(head, i)) {
      for (; next < kept.begin; ++next) sum += static_cast<double>(row[static_cast<std::size_t>(next)]);
      next = kept.end;
    }
    for (; next < weights->cols(); ++next) sum += static_cast<double>(row[static_cast<std::size_t>(next)]);
    ++rows;
  }
  return meanOf(sum, rows);
}

Result<OverRows> outputError(const std::shared_ptr<const Run>& pattern,
                             const std::shared_ptr<const Run>& full, Stage stage, int head,
                             const Cancel& cancel) {
  const auto found = Field::make(pattern, stage, head);
  if (!found) return found.error();
  const auto expected = Field::make(full, stage, head);
  if (!expected) return expected.error();
  if (found->rows() != expected->rows() || found->cols() != expected->cols())
    return otherSizes(sizeText(found->rows(), found->cols()), sizeText(expected->rows(), expected->cols()));
  std::vector<float> a(static_cast<std::size_t>(found->cols()));
  std::vector<float> b(a.size());
  Distance distance;
  std::int64_t rows = 0;
  for (std::int64_t i = 0; i < found->rows(); ++i) {
    if (cancel.requested()) return cancelledError();
    if (!counts(*full, head, i)) continue;
    found->row(i, a.data());
    expected->row(i, b.data());
    for (std::size_t c = 0; c < a.size(); ++c)
      distance.add(static_cast<double>(a[c]), static_cast<double>(b[c]));
    ++rows;
  }
  return distance.over(rows);
}

Result<OverRows> linearOutputError(const std::shared_ptr<const Run>& run, int head, const Cancel& cancel) {
  const auto expected = Field::make(run, Stage::headOutput, head);
  if (!expected) return expected.error();
  std::vector<float> row(static_cast<std::size_t>(expected->cols()));
  Distance distance;
  std::int64_t rows = 0;
  const Status status = linearAttention(
      *run, head,
      [&](std::int64_t i, std::span<const double> output, double) {
        if (!counts(*run, head, i)) return;
        expected->row(i, row.data());
        for (std::size_t c = 0; c < row.size(); ++c) distance.add(output[c], static_cast<double>(row[c]));
        ++rows;
      },
      cancel);
  if (!status) return status.error();
  return distance.over(rows);
}

Result<OverRows> linearWeightChange(const std::shared_ptr<const Run>& run, int head, const Cancel& cancel) {
  const auto weights = Field::make(run, Stage::weights, head);
  if (!weights) return weights.error();
  std::vector<float> row(static_cast<std::size_t>(weights->cols()));
  std::vector<double> implied(row.size());
  double sum = 0;
  std::int64_t rows = 0;
  for (std::int64_t i = 0; i < weights->rows(); ++i) {
    if (cancel.requested()) return cancelledError();
    if (!counts(*run, head, i)) continue;
    weights->row(i, row.data());
    if (const Status status = linearWeights(*run, head, i, implied); !status) return status.error();
    for (std::size_t j = 0; j < row.size(); ++j)
      sum += 0.5 * std::abs(implied[j] - static_cast<double>(row[j]));
    ++rows;
  }
  return meanOf(sum, rows);
}

}  // namespace headlight
