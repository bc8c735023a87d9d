#include "core/figure/axis.h"

#include <algorithm>

#include "core/figure/text_layout.h"
#include "core/picture/labels.h"
#include "core/text/label.h"

namespace headlight {
namespace {

constexpr double kLineHeight = 1.18;       // of the font size: what a label needs along the axis
constexpr double kSmallestPt = 5;          // below this labels are left out rather than shrunk
constexpr std::size_t kLongestToken = 18;  // characters

const std::vector<Token>* tokensOf(const Scene& scene, Axis axis) {
  if (axis == Axis::query) return &scene.evaluation.prepared->queryTokens;
  if (axis == Axis::key) return &scene.evaluation.prepared->keyTokens;
  return nullptr;
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

Text axisLabel(const Scene& scene, const AxisLabels& labels, std::size_t n, bool indexLast) {
  const double size = labels.sizePt / scene.pt();
  TextPiece index = digits(scene, std::to_string(labels.cells[n]), 0.82 * size);
  if (labels.tokens.empty()) return {{index}};
  TextPiece token = words(scene, labels.tokens[n], size);
  const double gap = 0.4 * labels.sizePt * kMmPerPoint;
  (indexLast ? index : token).gapMm = gap;
  if (indexLast) return {{token, index}};
  return {{index, token}};
}

AxisLabels axisLabels(const Scene& scene, Axis axis, std::int64_t count, double cellMm, double longest) {
  AxisLabels labels;
  labels.sizePt = scene.pt();
  const double fullLine = kLineHeight * kMmPerPoint * scene.pt();
  const double leastLine = kLineHeight * kMmPerPoint * std::min(scene.pt(), kSmallestPt);
  if (cellMm < fullLine && cellMm >= leastLine) labels.sizePt = cellMm / (kLineHeight * kMmPerPoint);
  labels.step = labelStep(cellMm, kLineHeight * kMmPerPoint * labels.sizePt * 0.9999);
  const std::vector<Token>* tokens = tokensOf(scene, axis);
  for (std::int64_t i = 0; i < count; i += labels.step) {
    labels.cells.push_back(i);
    if (tokens && static_cast<std::size_t>(i) < tokens->size()) {
      labels.tokens.push_back(shortLabel((*tokens)[static_cast<std::size_t>(i)].label, kLongestToken));
    }
    if (labels.step > count) break;
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
  least.cells = {std::max<std::int64_t>(0, count - 1)};
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
    }
    labels.widest = std::max(labels.widest, width());
  }
  return labels;
}

void drawRowLabels(Scene& scene, const AxisLabels& labels, double x, double y, double cellMm) {
  scene.drawing.beginGroup("row-labels");
  for (std::size_t n = 0; n < labels.cells.size(); ++n) {
    const double middle = y + (static_cast<double>(labels.cells[n]) + 0.5) * cellMm;
    scene.drawing.text({x, middle + halfHeight(labels.sizePt)}, axisLabel(scene, labels, n, false),
                       Anchor::end, false);
  }
  scene.drawing.endGroup();
}

void drawColumnLabels(Scene& scene, const AxisLabels& labels, double x, double y, double cellMm, bool under) {
  scene.drawing.beginGroup("column-labels");
  for (std::size_t n = 0; n < labels.cells.size(); ++n) {
    const double middle = x + (static_cast<double>(labels.cells[n]) + 0.5) * cellMm;
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
