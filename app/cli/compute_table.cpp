#include "app/cli/compute_table.h"

#include <algorithm>
#include <cmath>

#include "app/cli/text_table.h"
#include "core/attention/field.h"
#include "core/base/number.h"
#include "core/base/shape.h"
#include "core/picture/labels.h"
#include "core/text/label.h"

namespace headlight {
namespace {

constexpr std::int64_t kMostRows = 24;
constexpr std::int64_t kMostCols = 12;
constexpr std::int64_t kMostHeads = 16;
constexpr std::size_t kLongestLabel = 10;

std::string numberText(double value) {
  const double size = std::fabs(value);
  if (std::isfinite(value) && size != 0 && (size >= 1e5 || size < 5e-4)) {
    const std::string sign = value < 0 ? "\u2212" : "";
    const int exponent = static_cast<int>(std::floor(std::log10(size)));
    return sign + fixed(size / std::pow(10.0, exponent), 1) + "e" + std::to_string(exponent);
  }
  return fixed(value, 3);
}

/// The labels of one axis.
struct AxisLabels {
  std::vector<std::string> tokens;  ///< empty: the places are counted
  std::string letter;               ///< in front of counted places
  std::string at(std::int64_t place) const {
    if (!tokens.empty()) return tokens[static_cast<std::size_t>(place)];
    return letter + std::to_string(place);
  }
};

struct Labels {
  std::vector<std::string> queries;
  std::vector<std::string> keys;

  AxisLabels of(Axis axis) const {
    if (axis == Axis::query) return {queries, {}};
    if (axis == Axis::key) return {keys, {}};
    return {};
  }
};

std::string headText(const Evaluation& evaluation, int head, bool ofKeys) {
  if (head == kMeanHead) return "mean of the heads";
  std::string text = (ofKeys ? "key-value head " : "H") + std::to_string(head);
  const std::vector<std::string>& names = evaluation.prepared->headNames;
  const auto at = static_cast<std::size_t>(head);
  if (!ofKeys && at < names.size() && !names[at].empty()) text += " \"" + names[at] + "\"";
  return text;
}

/// Rows [first, first + rows) of the array, thinned to what fits a screen.
std::string blockText(const StageArray& array, std::int64_t first, std::int64_t rows, const AxisLabels& down,
                      const AxisLabels& across, const MaskPlan* mask, bool& dots) {
  const std::int64_t shownRows = std::min(rows, kMostRows);
  const std::int64_t shownCols = std::min(array.rowLength(), kMostCols);
  std::vector<std::string> header{""};
  for (std::int64_t j = 0; j < shownCols; ++j) header.push_back(across.at(array.firstCol + j));
  std::vector<TextTable::Align> align(header.size(), TextTable::Align::right);
  align.front() = TextTable::Align::left;
  TextTable table(std::move(header), std::move(align));
  std::vector<double> values(static_cast<std::size_t>(array.rowLength()));
  for (std::int64_t i = 0; i < shownRows; ++i) {
    array.read(first + i, first + i + 1, values.data());
    std::vector<std::string> line{down.at(array.firstRow + i)};
    for (std::int64_t j = 0; j < shownCols; ++j) {
      const double value = values[static_cast<std::size_t>(j)];
      const bool dot =
          mask != nullptr && value == 0 && !mask->keeps(0, array.firstRow + i, array.firstCol + j);
      dots = dots || dot;
      line.push_back(dot ? "·" : numberText(value));
    }
    table.add(std::move(line));
  }
  std::string text = table.text();
  if (shownRows < rows || shownCols < array.rowLength()) {
    text += "  … shown are rows " + std::to_string(array.firstRow) + ":" +
            std::to_string(array.firstRow + shownRows) + " of " + std::to_string(rows) + " and columns " +
            std::to_string(array.firstCol) + ":" + std::to_string(array.firstCol + shownCols) + " of " +
            std::to_string(array.rowLength()) + "\n";
  }
  return text;
}

bool thinned(const StageArray& array) {
  const std::int64_t rows = array.shape[array.shape.size() - 2];
  return rows > kMostRows || array.rowLength() > kMostCols ||
         (array.shape.size() == 3 && array.shape.front() > kMostHeads);
}

std::string arrayText(const Evaluation& evaluation, const StageArray& array, const Labels& labels,
                      bool& dots) {
  if (!array.stage) {
    AxisLabels heads;
    for (const int head : array.heads) heads.tokens.push_back(headText(evaluation, head, false));
    return array.name + " " + shapeText(array.shape) + "\n" +
           blockText(array, 0, array.rowCount(), heads, labels.of(Axis::query), nullptr, dots);
  }
  const StageInfo& stage = info(*array.stage);
  const std::string title =
      array.name + " " + shapeText(array.shape) + ": " + mathPlain(std::string(stage.formula)) + "\n";
  const MaskPlan* mask = *array.stage == Stage::weights ? evaluation.run->mask.value.get() : nullptr;
  const AxisLabels down = labels.of(stage.rows);
  const AxisLabels across = labels.of(stage.cols);
  if (array.shape.size() == 2) return title + blockText(array, 0, array.rowCount(), down, across, mask, dots);
  std::string text = title;
  const std::int64_t rows = array.shape[1];
  const bool ofKeys = *array.stage == Stage::k || *array.stage == Stage::v;
  for (std::int64_t h = 0; h < std::min(array.shape.front(), kMostHeads); ++h) {
    if (h > 0) text += "\n";
    text += headText(evaluation, array.heads[static_cast<std::size_t>(h)], ofKeys) + "\n";
    text += blockText(array, h * rows, rows, down, across, mask, dots);
  }
  if (array.shape.front() > kMostHeads) {
    text += "  … and " + std::to_string(array.shape.front() - kMostHeads) + " more heads\n";
  }
  return text;
}

}  // namespace

std::string tableText(const Evaluation& evaluation, const std::vector<StageArray>& arrays) {
  const LabelStyle style{kLongestLabel, true};
  const Labels labels{shownLabels(evaluation.prepared->queryTokens, style),
                      shownLabels(evaluation.prepared->keyTokens, style)};
  std::string text;
  bool dots = false;
  bool part = false;
  for (const StageArray& array : arrays) {
    if (!text.empty()) text += "\n";
    text += arrayText(evaluation, array, labels, dots);
    part = part || thinned(array);
  }
  if (dots) text += "\n· is masked: the query may not attend to that key.\n";
  if (part)
    text += "\nOnly a part is shown: --head, --rows and --cols choose another, -o OUT.npz writes all.\n";
  return text;
}

}  // namespace headlight
