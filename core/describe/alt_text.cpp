#include <algorithm>
#include <cmath>

#include "core/analysis/head_profile.h"
#include "core/attention/field.h"
#include "core/base/number.h"
#include "core/describe/describe.h"
#include "core/describe/head_words.h"
#include "core/describe/mask_words.h"
#include "core/describe/score_words.h"

namespace headlight {
namespace {

struct Extremes {
  float low = 0;
  float high = 0;
  std::int64_t row = -1;  ///< of the highest
  std::int64_t col = -1;
  bool any = false;
};

/// Over the finite values of kept cells, of large fields in evenly spaced rows.
Extremes extremesOf(const Field& field) {
  Extremes found;
  std::vector<float> values(static_cast<std::size_t>(field.cols()));
  std::vector<std::uint8_t> classes(values.size());
  for (const std::int64_t i : rowsToRead(field.rows(), field.cols())) {
    field.row(i, values.data(), classes.data());
    for (std::size_t j = 0; j < values.size(); ++j) {
      if (classes[j] == static_cast<std::uint8_t>(CellClass::masked) || !std::isfinite(values[j])) continue;
      if (!found.any || values[j] > found.high) {
        found.high = values[j];
        found.row = i;
        found.col = static_cast<std::int64_t>(j);
      }
      found.low = found.any ? std::min(found.low, values[j]) : values[j];
      found.any = true;
    }
  }
  return found;
}

std::string axisText(Axis axis, std::int64_t length, bool cross) {
  switch (axis) {
    case Axis::query:
      return countText(length, cross ? "query" : "token", cross ? "queries" : "tokens");
    case Axis::key:
      return countText(length, cross ? "key" : "token", cross ? "keys" : "tokens");
    default:
      return countText(length, "dimension", "dimensions");
  }
}

std::string ofHead(const Evaluation& evaluation, Stage stage, int head) {
  if (!info(stage).perHead) return {};
  const bool shared = (stage == Stage::k || stage == Stage::v) && head != kMeanHead &&
                      evaluation.run->sizes.kvHeads != evaluation.run->sizes.heads;
  return shared ? " of key-value head " + std::to_string(head) : " of " + headText(evaluation, head);
}

}  // namespace

std::string altText(const Evaluation& evaluation, Stage stage, int head) {
  const Result<Field> field = Field::make(evaluation.run, stage, head);
  if (!field) return std::string(info(stage).title) + ": " + field.error().what + ".";
  std::string text = std::string(info(stage).title) + ofHead(evaluation, stage, head) + " as a heatmap: ";
  const Extremes extremes = extremesOf(*field);
  const TokenNames names = TokenNames::of(evaluation);
  if (isMap(stage)) {
    text += countText(field->rows(), "query", "queries") + " in rows, " +
            countText(field->cols(), "key", "keys") + " in columns, " +
            maskNames(evaluation.experiment.mask) + ".";
    if (!extremes.any) return text + " No cell holds a number.";
    text += std::string(stage == Stage::weights ? " Largest weight: " : " Largest score: ") +
            names.queries[static_cast<std::size_t>(extremes.row)] + " attends to " +
            names.key(extremes.row, extremes.col) + ", " + fixed(static_cast<double>(extremes.high), 2) + ".";
    text += " Numbers: " + evaluation.prepared->origin.chip + ".";
    const std::string wrong = mistakeText(evaluation.experiment);
    return wrong.empty() ? text : text + " " + wrong;
  }
  text += axisText(info(stage).rows, field->rows(), names.cross) + " in rows, " +
          axisText(info(stage).cols, field->cols(), names.cross) + " in columns.";
  if (!extremes.any) return text + " No cell holds a number.";
  return text + " Values from " + fixed(static_cast<double>(extremes.low), 2) + " to " +
         fixed(static_cast<double>(extremes.high), 2) + ".";
}

}  // namespace headlight
