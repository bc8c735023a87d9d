#pragma once
#include <cstdint>
#include <memory>
#include <optional>
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

/// What a weight means beside its own number.
struct ExplainFact {
  enum class Kind : std::uint8_t {
    rank,   ///< how many kept keys of the row have more, and 1; equal weights have the same rank
    share,  ///< (a_ij v_j · z_i) ÷ (z_i · z_i): how much of the head's output it makes; shares of a row add
            ///< to 1
    gradient,  ///< ∂a_ij ÷ ∂s_ij, s the masked score: the diagonal of the normalizer's Jacobian ÷ τ
  };
  Kind kind = Kind::rank;
  std::string name;  ///< "rank in the row", "share of the output", "gradient"
  std::string text;  ///< "1st of 11 kept keys", "84.3 % of what the head collects"
  float value = 0;
  /// How it is made, as the lines of the number itself, the last of which gives it; recomputing each gives
  /// its result. A rank is counted and has none.
  std::vector<ExplainStep> steps;
};

/// The entry of the mask list that drops the pair; of several the first.
struct ExplainMask {
  int entry = 0;       ///< its place in the list, from 0
  std::string kind;    ///< "causal"
  std::string rule;    ///< what it keeps, without a full stop: "each token attends to itself and …"
  std::string reason;  ///< why not this pair: "key 9 > query 7"
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
  /// Of a weight that takes part in its row and is a number: its rank, then where there are values its share,
  /// then where the experiment means what it does its gradient.
  std::vector<ExplainFact> facts;
  std::optional<ExplainMask> droppedBy;  ///< maps: where the mask drops the pair, whatever the stage shows
};

/// Explains cell (row, col) of a stage. Errors: the stage is absent, the head or the cell does not exist; the
/// mean over heads explains itself as the mean of the heads' values.
Result<Explanation> explain(const std::shared_ptr<const Run>& run, Stage stage, int head, std::int64_t row,
                            std::int64_t col);

/// Every key of row `row`, in order, with the numbers that its weight is made of: what "Σe" unfolds to. The
/// weights add up to RowNumbers::weightSum. Errors: the run has no weights, the head or the row does not
/// exist; a mean over heads has no such row.
Result<std::vector<ExplainKey>> explainRow(const std::shared_ptr<const Run>& run, int head, std::int64_t row);

/// The explanation as plain text, one line a step and a fact: what "Copy" puts on the clipboard.
std::string toText(const Explanation& explanation, const std::vector<std::string>& queryLabels,
                   const std::vector<std::string>& keyLabels);

/// The explanation as LaTeX: a comment that names the cell, then an `align*` of amsmath with a line for each
/// step and fact, tokens and words escaped. Compiles with XeLaTeX, LuaLaTeX and, as far as its fonts have the
/// tokens' letters, pdfLaTeX.
std::string toLatex(const Explanation& explanation, const std::vector<std::string>& queryLabels,
                    const std::vector<std::string>& keyLabels);

/// The explanation as one table of RFC 4180 with the header part,number,stage,title,index,label,left,right,
/// result. The lines "cell", "head", "row" and "column" say which cell it is. Each step is a line "step",
/// followed by a line "term" for each of its products and a line "strip" for each number of its strips;
/// "mask" names the entry that drops the pair; each fact is a line "fact", followed by its own steps. Then
/// stands a line "key" for each of `keys` (all of the row from explainRow, or those that the explanation
/// lists) with its masked score at `left`, its exponential at `right`, its weight at `result` and "kept" or
/// "masked" as title. Numbers are the shortest that read back the same.
std::string toCsv(const Explanation& explanation, const std::vector<ExplainKey>& keys,
                  const std::vector<std::string>& queryLabels, const std::vector<std::string>& keyLabels);

}  // namespace headlight
