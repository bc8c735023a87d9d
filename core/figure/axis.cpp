#include "core/figure/axis.h"

#include <algorithm>

#include "core/figure/text_layout.h"
#include "core/picture/labels.h"
#include "core/text/label.h"
#include "core/text/special.h"

namespace headlight {
namespace {

constexpr double kLineHeight = 1.18;       // of the font size: what a label needs along the axis
constexpr double kLevelGap = 0.9;          // em between labels side by side
constexpr std::size_t kLongestToken = 18;  // characters
constexpr std::size_t kLongestInAltText = 120;

const std::vector<Token>* tokensOf(const Scene& scene, Axis axis) {
  if (axis == Axis::query) return &scene.evaluation.prepared->queryTokens;
  if (axis == Axis::key) return &scene.evaluation.prepared->keyTokens;
  return nullptr;
}

// Fainter than words and still legible: the mean of two inks.
Rgb between(Rgb a, Rgb b) {
  const auto mean = [](std::uint8_t x, std::uint8_t y) { return static_cast<std::uint8_t>((x + y) / 2); };
  return {mean(a.r, b.r), mean(a.g, b.g), mean(a.b, b.b)};
}

// What the file says about labels that are not there, or not in full.
void report(Scene& scene, const AxisLabels& labels) {
  if (labels.step > 1) {
    const ThinnedAxis thinned{labels.axis, labels.step};
    if (std::find(scene.thinned.begin(), scene.thinned.end(), thinned) == scene.thinned.end())
      scene.thinned.push_back(thinned);
  }
  for (const CutLabel& cut : labels.cut) {
    if (std::find(scene.cut.begin(), scene.cut.end(), cut) == scene.cut.end()) scene.cut.push_back(cut);
  }
}

// A label that ends at a point, as one text a piece: each stays aligned when a viewer of SVG takes another
// font.
void drawInParts(Scene& scene, Point end, const Text& label, bool upright) {
  for (auto piece = label.pieces.rbegin(); piece != label.pieces.rend(); ++piece) {
    TextPiece alone = *piece;
    alone.gapMm = 0;
    const Text part{{alone}};
    scene.drawing.text(end, part, Anchor::end, upright);
    (upright ? end.y : end.x) += (upright ? 1 : -1) * (measure(part).width + piece->gapMm);
  }
}

}  // namespace

PageAxes pageAxes(const Field& field, const FigureCrop& part, bool transposed) {
  const StageInfo& stage = info(field.stage());
  const PageAxis rows{stage.rows, field.rows(), part.rowFirst, part.rows()};
  const PageAxis cols{stage.cols, field.cols(), part.colFirst, part.cols()};
  return transposed ? PageAxes{cols, rows} : PageAxes{rows, cols};
}

Text axisLabel(const Scene& scene, const AxisLabels& labels, std::size_t n, bool indexLast) {
  const double size = labels.sizePt / scene.pt();
  TextPiece index = digits(scene, std::to_string(labels.cells[n]), 0.82 * size);
  if (labels.tokens.empty()) return {{index}};
  TextPiece token = words(scene, labels.tokens[n], size);
  if (n < labels.isSpecial.size() && labels.isSpecial[n] != 0)
    token.colour = between(scene.colours.edge, scene.colours.t2);
  const double gap = 0.4 * labels.sizePt * kMmPerPoint;
  (indexLast ? index : token).gapMm = gap;
  if (indexLast) return {{token, index}};
  return {{index, token}};
}

AxisLabels axisLabels(const Scene& scene, Axis axis, std::int64_t count, double cellMm, double longest,
                      std::int64_t first) {
  AxisLabels labels;
  labels.axis = axis;
  labels.first = first;
  labels.sizePt = scene.pt();
  if (!scene.spec.showTokens) return labels;
  const double fullLine = kLineHeight * kMmPerPoint * scene.pt();
  const double leastLine = kLineHeight * kMmPerPoint * scene.leastPt();
  if (cellMm < fullLine && cellMm >= leastLine) labels.sizePt = cellMm / (kLineHeight * kMmPerPoint);
  labels.step = labelStep(cellMm, kLineHeight * kMmPerPoint * labels.sizePt * 0.9999);
  const std::vector<Token>* tokens = tokensOf(scene, axis);
  const std::int64_t end = first + count;
  // Of a part only the indices are labelled that would be on the whole axis; at least its first.
  std::int64_t from = labels.step > end ? 0 : (first + labels.step - 1) / labels.step * labels.step;
  if (from < first || from >= end) from = first;
  for (std::int64_t i = from; i < end; i += labels.step) {
    labels.cells.push_back(i);
    if (tokens && static_cast<std::size_t>(i) < tokens->size()) {
      const std::string& full = (*tokens)[static_cast<std::size_t>(i)].label;
      labels.tokens.push_back(shortLabel(full, kLongestToken));
      labels.isSpecial.push_back(isSpecialToken(full) ? 1 : 0);
    }
    if (labels.step > end) break;
  }
  if (labels.tokens.size() != labels.cells.size()) labels.tokens.clear();
  // Tokens that are their own index would be written twice.
  const bool indices =
      !labels.tokens.empty() &&
      std::equal(labels.tokens.begin(), labels.tokens.end(), labels.cells.begin(),
                 [](const std::string& t, std::int64_t i) { return t == std::to_string(i); });
  if (indices) labels.tokens.clear();
  // Room for the last index and a shortened token at least, whichever labels are drawn.
  AxisLabels least = labels;
  least.cells = {std::max<std::int64_t>(0, end - 1)};
  if (!labels.tokens.empty()) least.tokens = {"…"};
  labels.widest = measure(axisLabel(scene, least, 0, false)).width;
  for (std::size_t n = 0; n < labels.cells.size(); ++n) {
    const auto width = [&] { return measure(axisLabel(scene, labels, n, false)).width; };
    if (!labels.tokens.empty()) {
      const std::string& full = (*tokens)[static_cast<std::size_t>(labels.cells[n])].label;
      for (std::size_t keep = kLongestToken; width() > longest && keep > 1; --keep) {
        labels.tokens[n] = shortLabel(full, keep - 1);
      }
      if (width() > longest) labels.tokens[n] = "…";
      const std::string whole = shortLabel(full, kLongestInAltText);
      if (whole != labels.tokens[n]) labels.cut.push_back({axis, labels.cells[n], whole});
    }
    labels.widest = std::max(labels.widest, width());
  }
  return labels;
}

AxisLabels columnLabels(const Scene& scene, Axis axis, std::int64_t count, double cellMm, double longest,
                        std::int64_t first) {
  AxisLabels labels = axisLabels(scene, axis, count, cellMm, longest, first);
  const double room = cellMm - kLevelGap * scene.em();
  if (labels.cells.empty() || labels.step != 1 || labels.widest > room || labels.sizePt < scene.pt())
    return labels;
  labels.level = true;
  labels.widest = scene.line();
  return labels;
}

void drawRowLabels(Scene& scene, const AxisLabels& labels, double x, double y, double cellMm) {
  if (labels.cells.empty()) return;
  report(scene, labels);
  scene.drawing.beginGroup("row-labels");
  for (std::size_t n = 0; n < labels.cells.size(); ++n) {
    const double middle = y + (static_cast<double>(labels.cells[n] - labels.first) + 0.5) * cellMm;
    scene.drawing.text({x, middle + halfHeight(labels.sizePt)}, axisLabel(scene, labels, n, false),
                       Anchor::end, false);
  }
  scene.drawing.endGroup();
}

void drawColumnLabels(Scene& scene, const AxisLabels& labels, double x, double y, double cellMm, bool under) {
  if (labels.cells.empty()) return;
  report(scene, labels);
  scene.drawing.beginGroup("column-labels");
  for (std::size_t n = 0; n < labels.cells.size(); ++n) {
    const double middle = x + (static_cast<double>(labels.cells[n] - labels.first) + 0.5) * cellMm;
    if (labels.level) {
      const double baseline = under ? y + 0.8 * scene.line() : y - 0.2 * scene.line();
      scene.drawing.text({middle, baseline}, axisLabel(scene, labels, n, false), Anchor::middle, false);
      continue;
    }
    const Point at{middle + halfHeight(labels.sizePt), y};
    if (under) {
      drawInParts(scene, at, axisLabel(scene, labels, n, true), true);
    } else {
      scene.drawing.text(at, axisLabel(scene, labels, n, false), Anchor::start, true);
    }
  }
  scene.drawing.endGroup();
}

Text axisTitle(const Scene& scene, Axis axis) {
  const auto two = [&](const char* word, const char* rest, Rgb hue) {
    TextPiece first = words(scene, word, 1, 600);
    TextPiece second = words(scene, rest, 1);
    first.colour = second.colour = hue;
    second.gapMm = 0.28 * scene.em();
    return Text{{first, second}};
  };
  switch (axis) {
    case Axis::query:
      return two("query", "(attends from)", scene.colours.q);
    case Axis::key:
      return two("key", "(attended to)", scene.colours.k);
    case Axis::modelDim:
      return {{faint(scene, "dimension of the model")}};
    case Axis::keyDim:
      return {{faint(scene, "dimension of queries and keys")}};
    case Axis::valueDim:
      return {{faint(scene, "dimension of the values")}};
    case Axis::concatDim:
      return {{faint(scene, "dimensions of all heads")}};
  }
  return {};
}

void drawUprightTitle(Scene& scene, const Text& title, double x, double middle, double top, double bottom) {
  const TextExtent extent = measure(title);
  const double half = extent.width / 2;
  const double at = std::max(top + half, std::min(middle, bottom - half));
  scene.drawing.text({x + extent.ascent, at}, title, Anchor::middle, true);
}

void drawLevelTitle(Scene& scene, const Text& title, double left, double right, double pageRight,
                    double baseline) {
  const double width = measure(title).width;
  if (width > right - left) {
    scene.drawing.text({std::min(left, pageRight - width), baseline}, title, Anchor::start, false);
  } else {
    scene.drawing.text({(left + right) / 2, baseline}, title, Anchor::middle, false);
  }
}

}  // namespace headlight
