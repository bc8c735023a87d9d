#include "core/analysis/linear_attention.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/attention/work.h"
#include "core/base/words.h"

namespace headlight {
namespace {

Status hasParts(const Run& run, int head) {
  for (const Stage stage : {Stage::q, Stage::k, Stage::v}) {
    if (!run.has(stage)) return Error{ErrorCode::invalid, absence(run, stage), "", ""};
  }
  if (head >= 0 && head < run.sizes.heads) return {};
  return Error{
      ErrorCode::invalid,
      "found head " + std::to_string(head) + ", there are " + countText(run.sizes.heads, "head", "heads"), "",
      ""};
}

void featuresOf(const float* row, std::vector<double>& features) {
  for (std::size_t d = 0; d < features.size(); ++d) features[d] = linearFeature(row[d]);
}

/// Σ φ(k_j) v_jᵀ and Σ φ(k_j) over the keys taken so far.
class KeySums {
 public:
  KeySums(const Matrix& keys, const Matrix& values)
      : keys_(keys),
        values_(values),
        features_(static_cast<std::size_t>(keys.cols())),
        products_(static_cast<std::size_t>(keys.cols() * values.cols())),
        sums_(features_.size()) {}

  void add(std::int64_t key) {
    featuresOf(keys_.row(key), features_);
    const float* value = values_.row(key);
    const auto width = static_cast<std::size_t>(values_.cols());
    for (std::size_t d = 0; d < features_.size(); ++d) {
      sums_[d] += features_[d];
      double* products = products_.data() + d * width;
      for (std::size_t c = 0; c < width; ++c) products[c] += features_[d] * static_cast<double>(value[c]);
    }
  }

  /// φ(q) · S ÷ (φ(q) · z); the divisor.
  double read(const std::vector<double>& query, std::vector<double>& output) const {
    std::fill(output.begin(), output.end(), 0.0);
    double sum = 0;
    for (std::size_t d = 0; d < query.size(); ++d) {
      sum += query[d] * sums_[d];
      const double* products = products_.data() + d * output.size();
      for (std::size_t c = 0; c < output.size(); ++c) output[c] += query[d] * products[c];
    }
    if (sum == 0) return 0;
    for (double& number : output) number /= sum;
    return sum;
  }

 private:
  const Matrix& keys_;
  const Matrix& values_;
  std::vector<double> features_;
  std::vector<double> products_;  ///< [d_k, d_v]
  std::vector<double> sums_;      ///< [d_k]
};

/// Calls add for the keys of `now` that `before` does not have; false where it has one that `now` has not.
template <class Add>
bool takeNew(std::span<const KeyRun> before, std::span<const KeyRun> now, const Add& add) {
  std::size_t at = 0;
  for (const KeyRun& run : now) {
    std::int64_t next = run.begin;
    while (at < before.size() && before[at].begin < run.end) {
      if (before[at].begin < next || before[at].end > run.end) return false;
      for (; next < before[at].begin; ++next) add(next);
      next = before[at].end;
      ++at;
    }
    for (; next < run.end; ++next) add(next);
  }
  return at == before.size();
}

}  // namespace

double linearFeature(double x) {
  return x > 0 ? x + 1 : std::exp(x);
}

Status linearAttention(const Run& run, int head, const LinearRow& read, const Cancel& cancel) {
  if (Status status = hasParts(run, head); !status) return status;
  const auto h = static_cast<std::size_t>(head);
  const auto shared = static_cast<std::size_t>(run.sizes.kvHeadOf(head));
  const Matrix& queries = run.projected->q[h];
  KeySums sums(run.projected->k[shared], run.projected->v[shared]);
  std::vector<double> query(static_cast<std::size_t>(run.sizes.dK));
  std::vector<double> output(static_cast<std::size_t>(run.sizes.dV));
  std::span<const KeyRun> before;
  for (std::int64_t i = 0; i < run.sizes.queries; ++i) {
    if (cancel.requested()) return cancelledError();
    const std::span<const KeyRun> now = run.mask->runs(head, i);
    if (!takeNew(before, now, [&](std::int64_t key) { sums.add(key); })) {
      return Error{ErrorCode::invalid,
                   "query " + std::to_string(i) +
                       " does not see every key that the query before it sees, accepted are masks of which "
                       "each row keeps at least the keys of the row before: none, causal and padding",
                   "mask", ""};
    }
    before = now;
    featuresOf(queries.row(i), query);
    const double sum = sums.read(query, output);
    read(i, output, sum);
  }
  return {};
}

Status linearWeights(const Run& run, int head, std::int64_t query, std::span<double> weights) {
  if (Status status = hasParts(run, head); !status) return status;
  if (query < 0 || query >= run.sizes.queries) {
    return Error{ErrorCode::invalid,
                 "found query " + std::to_string(query) + ", accepted are 0 to " +
                     std::to_string(run.sizes.queries - 1),
                 "", ""};
  }
  const Matrix& keys = run.projected->k[static_cast<std::size_t>(run.sizes.kvHeadOf(head))];
  std::vector<double> feature(static_cast<std::size_t>(run.sizes.dK));
  featuresOf(run.projected->q[static_cast<std::size_t>(head)].row(query), feature);
  std::fill(weights.begin(), weights.end(), 0.0);
  double sum = 0;
  for (const KeyRun& kept : run.mask->runs(head, query)) {
    for (std::int64_t j = kept.begin; j < kept.end; ++j) {
      double product = 0;
      for (std::size_t d = 0; d < feature.size(); ++d) product += feature[d] * linearFeature(keys.row(j)[d]);
      weights[static_cast<std::size_t>(j)] = product;
      sum += product;
    }
  }
  if (sum == 0) return {};
  for (double& weight : weights) weight /= sum;
  return {};
}

}  // namespace headlight
