#pragma once
#include "core/attention/normalize/normalize.h"

namespace headlight {

/// Weights max(u − t, 0) of a row, or their squares, where u is z or z ÷ 2 and t is such that they sum to 1:
/// keys whose score is far below the largest get exactly 0.
///
/// A NaN or +∞ among the kept scores, or −∞ for all of them, makes the whole row NaN.
class SparseFamily : public Normalizer {
 public:
  RowNumbers measure(const float* scores, std::int64_t count, const RowSetting& setting) const final;
  void weigh(const float* scores, std::int64_t count, const RowSetting& setting, const RowNumbers& row,
             float* weights) const final;
  bool sumsToOne() const final { return true; }
  bool hasThreshold() const final { return true; }
  std::vector<ExplainStep> explain(const WeightCause& cause) const final;

 protected:
  /// `half`: u is z ÷ 2 and the differences to t are squared.
  explicit SparseFamily(bool half) : half_(half) {}
  /// How far t lies below the largest u, in (0, 1]. `below` holds `count` differences u − max u, of the keys
  /// that can have a weight: all those above −1, the largest, 0, among them. Leaves those it reaches at the
  /// front and says in `count` how many; there are kSparseSlack more places.
  virtual double reach(float* below, std::int64_t& count) const = 0;

 private:
  bool half_;
};

}  // namespace headlight
