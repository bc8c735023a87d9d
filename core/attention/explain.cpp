#include "core/attention/explain.h"

#include "core/attention/explain_row.h"
#include "core/attention/field.h"

namespace headlight {
namespace {

/// The mean over heads is the mean of the heads' values.
Status explainMean(const std::shared_ptr<const Run>& run, Explanation& out) {
  const int heads = run->sizes.heads;
  const float share = 1.0f / static_cast<float>(heads);
  std::vector<ExplainTerm> terms;
  for (int head = 0; head < heads; ++head) {
    const auto field = Field::make(run, out.stage, head);
    if (!field) return field.error();
    terms.push_back(term(head, field->cell(out.row, out.col), share));
  }
  ExplainStep step = sumStep(out.stage, "mean over heads", std::move(terms), out.value);
  step.detail = "the sum of " + std::to_string(heads) + " heads, each ÷ " + std::to_string(heads);
  if (out.masked) run->mask->droppedBy(0, out.row, out.col, &step.detail);
  out.steps.push_back(std::move(step));
  out.headline = "mean over " + std::to_string(heads) + " heads";
  if (isMap(out.stage)) out.numbers.keptKeys = static_cast<std::int32_t>(run->mask->kept(0, out.row));
  return {};
}

}  // namespace

Result<Explanation> explain(const std::shared_ptr<const Run>& run, Stage stage, int head, std::int64_t row,
                            std::int64_t col) {
  const auto field = Field::make(run, stage, head);
  if (!field) return field.error();
  if (row < 0 || row >= field->rows() || col < 0 || col >= field->cols()) {
    return Error{ErrorCode::invalid,
                 "found the cell [" + std::to_string(row) + ", " + std::to_string(col) +
                     "], accepted are cells of [" + std::to_string(field->rows()) + ", " +
                     std::to_string(field->cols()) + "]",
                 "", ""};
  }
  Explanation out;
  out.stage = stage;
  out.head = field->head();
  out.row = row;
  out.col = col;
  out.value = field->cell(row, col);
  out.masked = field->cellClass(row, col) == CellClass::masked;
  const StageInfo& stageInfo = info(stage);
  const bool normalized = run->rules.mistake.maskAs == Mistake::MaskAs::minusInfinity && !givesWeights(*run);
  out.rowEmpty = normalized && stageInfo.rows == Axis::query && stage >= Stage::dot &&
                 run->mask->runs(out.head == kMeanHead ? 0 : out.head, row).empty();
  if (out.head == kMeanHead) {
    if (Status status = explainMean(run, out); !status) return status.error();
  } else if (isMap(stage)) {
    explainMap(*run, out);
  } else {
    explainMatrix(*run, out);
  }
  return out;
}

Result<std::vector<ExplainKey>> explainRow(const std::shared_ptr<const Run>& run, int head,
                                           std::int64_t row) {
  const auto field = Field::make(run, Stage::weights, head);
  if (!field) return field.error();
  if (head == kMeanHead || row < 0 || row >= field->rows()) {
    return Error{ErrorCode::invalid,
                 head == kMeanHead ? "found the mean over heads, accepted is a head"
                                   : "found query " + std::to_string(row) + ", accepted are 0 to " +
                                         std::to_string(field->rows() - 1),
                 "", ""};
  }
  const MapRow made(*run, head, row, 0);
  const std::vector<float> weights = made.row(Stage::weights);
  const std::vector<float> scores =
      givesWeights(*run) ? std::vector<float>(weights.size(), 0.0f) : made.row(Stage::masked);
  std::vector<ExplainKey> keys;
  keys.reserve(weights.size());
  for (std::size_t j = 0; j < weights.size(); ++j) {
    keys.push_back(listedKey(made, static_cast<std::int64_t>(j), scores[j], weights[j]));
  }
  return keys;
}

}  // namespace headlight
