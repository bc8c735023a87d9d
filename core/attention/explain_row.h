#pragma once
#include "core/attention/explain_steps.h"

namespace headlight {

/// The row of a map that is explained, and the cell in it.
class MapRow {
 public:
  MapRow(const Run& run, int head, std::int64_t row, std::int64_t col);

  const Run& run() const { return run_; }
  int head() const { return head_; }
  std::int64_t query() const { return row_; }
  std::int64_t key() const { return col_; }
  const RowNumbers& numbers() const { return numbers_; }
  RowSetting setting() const { return {run_.rules.temperature, head_}; }

  /// The number of the cell, or of all keys, in a map of the run.
  float cell(Stage stage) const;
  std::vector<float> row(Stage stage) const;
  /// Whether the pair of this key takes part in the normalizer.
  bool takesPart(std::int64_t key) const;
  /// Of a score that takes part: what is divided by the sum to become its weight, e^{z − max z} of softmax.
  float undivided(std::int64_t key, float score) const;

 private:
  const Run& run_;
  int head_;
  std::int64_t row_;
  std::int64_t col_;
  RowNumbers numbers_{};
};

/// Whether the weights of the run are given, so that nothing is known of how they were made.
bool givesWeights(const Run& run);

/// q · k, scale, softcap, biases, mask: the steps up to `stage`, at most `masked`.
void addScoreSteps(const MapRow& row, Stage stage, std::vector<ExplainStep>& steps);
/// From the masked score to the weight.
void addWeightSteps(const MapRow& row, bool rowEmpty, std::vector<ExplainStep>& steps);
/// × V: what the key adds to the query's output, as strips.
void addValueStep(const MapRow& row, std::vector<ExplainStep>& steps);
/// × the length of the key's value.
void addLengthStep(const MapRow& row, float value, std::vector<ExplainStep>& steps);
/// Key `key` of the row as it is listed, given its weight and masked score.
ExplainKey listedKey(const MapRow& row, std::int64_t key, float score, float weight);
/// Rank, share and gradient of the weight.
void addFacts(const MapRow& row, Explanation& out);
/// From the upstream gradient to that of the masked score.
void addScoreGradientSteps(const MapRow& row, float value, std::vector<ExplainStep>& steps);
/// grad_q, grad_k, grad_v.
void explainGradient(const Run& run, Explanation& out);

}  // namespace headlight
