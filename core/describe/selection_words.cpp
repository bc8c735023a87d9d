#include "core/describe/selection_words.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/attention/field.h"
#include "core/base/number.h"
#include "core/base/words.h"
#include "core/describe/formula.h"
#include "core/describe/head_words.h"
#include "core/describe/mask_words.h"
#include "core/describe/score_words.h"
#include "core/picture/labels.h"

namespace headlight {
namespace {

constexpr std::size_t kLargest = 5;

/// "it" (query 7), of an index that labels itself query 7 alone.
std::string tokenText(const char* axis, const std::vector<std::string>& names, std::int64_t index) {
  std::string number = std::string(axis) + " " + std::to_string(index);
  const auto at = static_cast<std::size_t>(index);
  if (at >= names.size() || names[at] == std::to_string(index)) return number;
  return "“" + names[at] + "” (" + number + ")";
}

std::string axisText(Axis axis, std::int64_t length) {
  switch (axis) {
    case Axis::query:
      return countText(length, "query", "queries");
    case Axis::key:
      return countText(length, "key", "keys");
    default:
      return countText(length, "dimension", "dimensions");
  }
}

std::string stageLine(const Evaluation& evaluation, const Field& field) {
  const StageInfo& stage = info(field.stage());
  std::string text(stage.title);
  if (stage.perHead) text += " of " + headText(evaluation, field.head());
  text += ": " + axisText(stage.rows, field.rows()) + " in rows, " + axisText(stage.cols, field.cols()) +
          " in columns.\n";
  if (const std::string formula = stageFormula(evaluation, field.stage()); !formula.empty())
    text += "Made as " + mathPlain(formula) + ".\n";
  return text;
}

std::string maskLines(const Evaluation& evaluation, int head) {
  std::string text;
  for (const Kinded& entry : evaluation.experiment.mask) {
    text += "Mask " + entry.kind + ": " + maskSentence(entry) + ".\n";
  }
  if (text.empty()) text = "No mask: every key may be attended to.\n";
  const auto& plan = evaluation.run->mask.value;
  if (const std::int64_t empty = plan ? plan->emptyRows(std::max(head, 0)) : 0; empty > 0) {
    text += countText(empty, "query keeps", "queries keep") + " no key and " + (empty == 1 ? "is" : "are") +
            " left out of averages.\n";
  }
  return text;
}

/// The row's largest weights, its effective keys and its sum.
std::string rowLine(const Evaluation& evaluation, int head, std::int64_t row, const TokenNames& names) {
  const Result<Field> field = Field::make(evaluation.run, Stage::weights, head);
  if (!field) return "";
  std::vector<float> weights(static_cast<std::size_t>(field->cols()));
  field->row(row, weights.data());
  std::vector<std::int64_t> order;
  order.reserve(weights.size());
  double sum = 0;
  for (std::size_t j = 0; j < weights.size(); ++j) {
    if (!std::isfinite(weights[j])) continue;
    sum += static_cast<double>(weights[j]);
    if (weights[j] > 0) order.push_back(static_cast<std::int64_t>(j));
  }
  const auto weight = [&](std::int64_t j) { return weights[static_cast<std::size_t>(j)]; };
  const auto count = std::min(order.size(), kLargest);
  std::partial_sort(
      order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
      [&](std::int64_t a, std::int64_t b) { return weight(a) != weight(b) ? weight(a) > weight(b) : a < b; });
  std::vector<std::string> largest;
  largest.reserve(count);
  for (std::size_t n = 0; n < count; ++n) {
    largest.push_back(names.key(row, order[n]) + " " + fixed(static_cast<double>(weight(order[n])), 3));
  }
  const std::string who = tokenText("query", names.queries, row);
  if (largest.empty()) return who + " attends to no key.\n";
  std::string text = "The largest weights of " + who + ": " + listText(largest);
  if (order.size() > count)
    text += ", of " + countText(static_cast<std::int64_t>(order.size()), "key", "keys");
  text += "; they all add up to " + fixed(sum, 3) + ".";
  const auto& statistics = evaluation.run->statistics;
  if (head >= 0 && statistics && static_cast<std::size_t>(head) < statistics->heads.size()) {
    const RowNumbers& numbers =
        statistics->heads[static_cast<std::size_t>(head)].rows[static_cast<std::size_t>(row)];
    text += " " + fixed(static_cast<double>(numbers.effectiveKeys), 1) + " effective keys of " +
            grouped(numbers.keptKeys) + " kept.";
  }
  return text + "\n";
}

/// What one number of a map is: "scaled score".
std::string numberOf(Stage stage) {
  std::string name = lowered(info(stage).title);
  if (name.ends_with("scores")) name.pop_back();
  return name;
}

std::string mapCellLines(const Evaluation& evaluation, const Field& field, const SelectedCell& cell,
                         const TokenNames& names) {
  const std::string pair =
      tokenText("query", names.queries, cell.row) + " attends to " +
      (names.key(cell.row, cell.col) == "itself" ? "itself" : tokenText("key", names.keys, cell.col));
  std::string text;
  std::string reason;
  const auto& plan = evaluation.run->mask.value;
  const int dropped = plan ? plan->droppedBy(std::max(field.head(), 0), cell.row, cell.col, &reason) : -1;
  if (dropped >= 0) {
    const auto& entries = evaluation.experiment.mask;
    const auto at = static_cast<std::size_t>(dropped);
    text = "The pair " + tokenText("query", names.queries, cell.row) + " and " +
           tokenText("key", names.keys, cell.col) + " is masked";
    if (at < entries.size()) text += " by " + entries[at].kind;
    text += (reason.empty() ? "" : ": " + reason) + ".\n";
  } else {
    const double value = static_cast<double>(field.cell(cell.row, cell.col));
    text = field.stage() == Stage::weights
               ? pair + " with weight " + fixed(value, 3) + ".\n"
               : pair + ": " + numberOf(field.stage()) + " " + fixed(value, 3) + ".\n";
  }
  return text + rowLine(evaluation, field.head(), cell.row, names);
}

std::string matrixCellLine(const Field& field, const SelectedCell& cell, const TokenNames& names) {
  const StageInfo& stage = info(field.stage());
  const std::string row = stage.rows == Axis::key ? tokenText("key", names.keys, cell.row)
                                                  : tokenText("query", names.queries, cell.row);
  return row + ", dimension " + std::to_string(cell.col) + ": " +
         fixed(static_cast<double>(field.cell(cell.row, cell.col)), 3) + ".\n";
}

}  // namespace

std::string describeSelection(const Evaluation& evaluation, Stage stage, int head,
                              const std::optional<SelectedCell>& cell) {
  const Result<Field> field = Field::make(evaluation.run, stage, head);
  if (!field) return std::string(info(stage).title) + ": " + field.error().what + ".\n";
  const TokenNames names = TokenNames::of(evaluation);
  std::string text = stageLine(evaluation, *field);
  if (cell && cell->row >= 0 && cell->row < field->rows() && cell->col >= 0 && cell->col < field->cols()) {
    text +=
        isMap(stage) ? mapCellLines(evaluation, *field, *cell, names) : matrixCellLine(*field, *cell, names);
  }
  if (isMap(stage)) text += maskLines(evaluation, field->head());
  if (isMap(stage) && field->head() >= 0 && evaluation.run->has(Stage::weights))
    text += paragraph(headWords(evaluation, field->head(), names)) + "\n";
  if (const std::string& origin = evaluation.prepared->origin.chip; !origin.empty())
    text += "Numbers: " + origin + ".\n";
  if (const std::string wrong = mistakeText(evaluation.experiment); !wrong.empty()) text += wrong + "\n";
  for (const std::string& warning : evaluation.prepared->warnings) {
    text += "Warning: " + warning + (warning.ends_with('.') ? "\n" : ".\n");
  }
  return text;
}

std::string rangeSentence(const Range& range) {
  const auto ends = [](double x) {
    const double size = std::abs(x);
    return fixed(x, size >= 100 ? 0 : size >= 0.01 || size == 0 ? 3 : 6);
  };
  std::string text = "Colours span " + ends(range.low) + " to " + ends(range.high);
  if (range.logarithmic) text += " on a logarithmic scale";
  if (!range.rule.empty()) text += ": " + range.rule;
  text += ".";
  if (range.clippedLow || range.clippedHigh) text += " Some values lie beyond and take the end's colour.";
  return text;
}

}  // namespace headlight
