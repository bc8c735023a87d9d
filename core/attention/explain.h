#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/attention/run.h"

namespace headlight {

/// One product of a sum: left · right. `index` is the dimension (of q·k, of a projection) or the key (of
/// A·V).
struct ExplainTerm {
  std::int64_t index = 0;
  float left = 0;
  float right = 0;
  float product = 0;
};

/// One line of "How this number is made". `expression` is the arithmetic in numbers ("14.036 ÷ 2.828"),
/// `result` what it gives. `terms` are there for sums; `strip` for rows shown as coloured cells (v_j, a·v_j,
/// z).
struct ExplainStep {
  Stage stage;         ///< the node of the strip that this line belongs to
  std::string title;   ///< math markup: "÷ √d_k"
  std::string detail;  ///< words: "8 products, then their sum", "masked: key 9 > query 7"
  std::string expression;
  float result = 0;
  bool hasResult = true;
  std::vector<ExplainTerm> terms;
  struct Strip {
    std::string label;  ///< math markup
    std::vector<float> values;
    float length = 0;  ///< Euclidean norm
  };
  std::vector<Strip> strips;
};

/// A key of the explained row, with every number its weight is made of.
struct ExplainKey {
  std::int64_t key = 0;
  bool kept = true;
  float score = 0;        ///< masked stage
  float exponential = 0;  ///< what is divided by the sum: e^{z − max z}; where nothing is, the weight
  float weight = 0;
};

/// How one cell was made, up to the field's stage: recomputing every displayed term gives the displayed
/// result.
struct Explanation {
  Stage stage = Stage::weights;
  int head = 0;
  std::int64_t row = 0;
  std::int64_t col = 0;
  float value = 0;
  bool masked = false;
  bool rowEmpty = false;
  std::string headline;  ///< "0.755 of its weight"
  std::vector<ExplainStep> steps;
  std::vector<ExplainKey> keys;  ///< maps: the row's largest keys (at most 64), by weight
  float otherWeight = 0;         ///< weight of the keys not listed
  RowNumbers numbers{};          ///< maps: of the row
};

/// Explains cell (row, col) of a stage. Errors: the stage is absent, the head or the cell does not exist; the
/// mean over heads explains itself as the mean of the heads' values.
Result<Explanation> explain(const std::shared_ptr<const Run>& run, Stage stage, int head, std::int64_t row,
                            std::int64_t col);

/// The explanation as plain text, one line a step: what "Copy" puts on the clipboard.
std::string toText(const Explanation& explanation, const std::vector<std::string>& queryLabels,
                   const std::vector<std::string>& keyLabels);

}  // namespace headlight
