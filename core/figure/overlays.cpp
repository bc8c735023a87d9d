#include "core/figure/overlays.h"

#include <algorithm>

#include "core/base/number.h"
#include "core/figure/text_layout.h"
#include "core/text/label.h"

namespace headlight {
namespace {

constexpr double kTick = 0.4;       // em: how far a bracket's ends point to the map
constexpr double kNameGap = 0.3;    // em between a bracket and its name
constexpr double kLaneGap = 0.45;   // em after a lane
constexpr double kNameSize = 0.93;  // of the figure's size
constexpr double kStroke = 0.2;     // mm

Error usage(std::string what, std::string hint = "") {
  return Error{ErrorCode::usage, std::move(what), "", std::move(hint)};
}

std::string spanText(std::int64_t first, std::int64_t last) {
  return first == last ? grouped(first) : grouped(first) + "–" + grouped(last);
}

double laneDepth(const Scene& scene) {
  const double name = scene.sized(kNameSize) / scene.pt() * scene.line();
  return (kTick + kNameGap + kLaneGap) * scene.em() + name;
}

// The name in at most `width` mm.
Text nameOf(const Scene& scene, const std::string& name, double width) {
  if (name.empty()) return {};
  Text text{{words(scene, shortLabel(name, 40), kNameSize)}};
  for (std::size_t keep = 40; keep > 1 && measure(text).width > width; --keep) {
    text.pieces[0].text = shortLabel(name, keep - 1);
  }
  return text;
}

Status checkPart(const std::string& what, std::int64_t first, std::int64_t end, std::int64_t length) {
  if (first >= 0 && first < end && end <= length) return {};
  return usage("found crop " + std::to_string(first) + ":" + std::to_string(end) + " of " + grouped(length) +
                   " " + what,
               "A crop is FIRST:END with 0 ≤ FIRST < END ≤ " + std::to_string(length));
}

}  // namespace

std::string cellsOf(Axis axis) {
  return axis == Axis::query ? "queries" : axis == Axis::key ? "keys" : "dimensions";
}

Result<FigureCrop> partOf(const Scene& scene, const Field& field) {
  if (!scene.spec.crop) return wholeOf(field);
  const FigureCrop& crop = *scene.spec.crop;
  const StageInfo& stage = info(field.stage());
  if (Status status = checkPart(cellsOf(stage.rows), crop.rowFirst, crop.rowEnd, field.rows()); !status)
    return status.error();
  if (Status status = checkPart(cellsOf(stage.cols), crop.colFirst, crop.colEnd, field.cols()); !status)
    return status.error();
  return FigureCrop{crop.rowFirst, crop.rowEnd, crop.colFirst, crop.colEnd};
}

std::string partNote(const Field& field, const FigureCrop& part) {
  if (part == wholeOf(field)) return {};
  const StageInfo& stage = info(field.stage());
  return cellsOf(stage.rows) + " " + spanText(part.rowFirst, part.rowEnd - 1) + " of " +
         grouped(field.rows()) + ", " + cellsOf(stage.cols) + " " + spanText(part.colFirst, part.colEnd - 1) +
         " of " + grouped(field.cols());
}

Result<BracketLanes> bracketLanes(const Scene& scene, const PageAxis& axis, double cellMm) {
  BracketLanes lanes;
  if (axis.axis != Axis::query && axis.axis != Axis::key) return lanes;
  const std::vector<FigureBracket>& all =
      axis.axis == Axis::query ? scene.spec.queryBrackets : scene.spec.keyBrackets;
  const double axisMm = static_cast<double>(axis.count) * cellMm;
  const double air = 0.35 * scene.em();
  std::vector<std::vector<std::array<double, 2>>> taken;  // per lane
  for (const FigureBracket& bracket : all) {
    if (bracket.first < 0 || bracket.last < bracket.first || bracket.last >= axis.length) {
      return usage("found bracket " + std::to_string(bracket.first) + ":" + std::to_string(bracket.last) +
                       (bracket.name.empty() ? "" : " \"" + shortLabel(bracket.name, 24) + "\"") + " over " +
                       grouped(axis.length) + " " + cellsOf(axis.axis),
                   "A bracket is FIRST:LAST with 0 ≤ FIRST ≤ LAST < " + std::to_string(axis.length));
    }
    const std::int64_t from = std::max(bracket.first, axis.first);
    const std::int64_t last = std::min(bracket.last, axis.first + axis.count - 1);
    if (from > last) continue;  // outside of the crop
    BracketLanes::Placed placed;
    const double inset = std::min(0.12 * cellMm, 0.4);
    placed.from = static_cast<double>(from - axis.first) * cellMm + inset;
    placed.to = static_cast<double>(last - axis.first + 1) * cellMm - inset;
    placed.name = nameOf(scene, bracket.name, axisMm);
    const double half = placed.name.pieces.empty() ? 0 : measure(placed.name).width / 2;
    placed.middle = std::max(half, std::min((placed.from + placed.to) / 2, axisMm - half));
    const double low = std::min(placed.from, placed.middle - half - air);
    const double high = std::max(placed.to, placed.middle + half + air);
    const auto isFree = [&](const std::vector<std::array<double, 2>>& lane) {
      return std::none_of(lane.begin(), lane.end(),
                          [&](const auto& other) { return low < other[1] && other[0] < high; });
    };
    const auto lane = std::find_if(taken.begin(), taken.end(), isFree);
    placed.lane = static_cast<int>(lane - taken.begin());
    if (lane == taken.end()) taken.emplace_back();
    taken[static_cast<std::size_t>(placed.lane)].push_back({low, high});
    lanes.placed.push_back(std::move(placed));
  }
  lanes.depth = static_cast<double>(taken.size()) * laneDepth(scene);
  return lanes;
}

void drawRowBrackets(Scene& scene, const BracketLanes& lanes, double x, double y, bool right) {
  if (lanes.placed.empty()) return;
  const double em = scene.em();
  const double away = right ? 1 : -1;
  scene.drawing.beginGroup("row-brackets");
  for (const BracketLanes::Placed& placed : lanes.placed) {
    const double inner = x + away * placed.lane * laneDepth(scene);
    const double outer = inner + away * kTick * em;
    const double from = y + placed.from;
    const double to = y + placed.to;
    scene.drawing.lines(std::vector<Segment>{{{inner, from}, {outer + away * kStroke / 2, from}},
                                             {{outer, from}, {outer, to}},
                                             {{inner, to}, {outer + away * kStroke / 2, to}}},
                        kStroke, scene.colours.t2);
    if (placed.name.pieces.empty()) continue;
    const TextExtent extent = measure(placed.name);
    const double baseline =
        outer + away * kNameGap * em + (right ? 0.85 * extent.ascent : -0.6 * extent.descent);
    scene.drawing.text({baseline, y + placed.middle}, placed.name, Anchor::middle, true);
  }
  scene.drawing.endGroup();
}

void drawColumnBrackets(Scene& scene, const BracketLanes& lanes, double x, double y, bool under) {
  if (lanes.placed.empty()) return;
  const double em = scene.em();
  const double away = under ? 1 : -1;
  scene.drawing.beginGroup("column-brackets");
  for (const BracketLanes::Placed& placed : lanes.placed) {
    const double inner = y + away * placed.lane * laneDepth(scene);
    const double outer = inner + away * kTick * em;
    const double from = x + placed.from;
    const double to = x + placed.to;
    scene.drawing.lines(std::vector<Segment>{{{from, inner}, {from, outer + away * kStroke / 2}},
                                             {{from, outer}, {to, outer}},
                                             {{to, inner}, {to, outer + away * kStroke / 2}}},
                        kStroke, scene.colours.t2);
    if (placed.name.pieces.empty()) continue;
    const double size = placed.name.pieces[0].sizePt * kMmPerPoint;
    const double baseline = under ? outer + kNameGap * em + 0.85 * size : outer - kNameGap * em - 0.15 * size;
    scene.drawing.text({x + placed.middle, baseline}, placed.name, Anchor::middle, false);
  }
  scene.drawing.endGroup();
}

Status checkHighlights(const Scene& scene, const Field& field) {
  for (const auto& [row, col] : scene.spec.highlights) {
    if (row >= 0 && row < field.rows() && col >= 0 && col < field.cols()) continue;
    const StageInfo& stage = info(field.stage());
    return usage("found highlight " + std::to_string(row) + ":" + std::to_string(col) + " in a map of " +
                     grouped(field.rows()) + " " + cellsOf(stage.rows) + " and " + grouped(field.cols()) +
                     " " + cellsOf(stage.cols),
                 "Both are counted from 0");
  }
  return {};
}

void drawHighlights(Scene& scene, const Rect& area, const FigureCrop& part, bool transposed) {
  if (scene.spec.highlights.empty()) return;
  const double cellW = area.width / static_cast<double>(transposed ? part.rows() : part.cols());
  const double cellH = area.height / static_cast<double>(transposed ? part.cols() : part.rows());
  const double smaller = std::min(cellW, cellH);
  const double width = std::clamp(0.13 * smaller, 0.35, 0.75);
  std::vector<Segment> sides;
  for (const auto& [row, col] : scene.spec.highlights) {
    if (row < part.rowFirst || row >= part.rowEnd || col < part.colFirst || col >= part.colEnd) continue;
    const auto down = static_cast<double>(transposed ? col - part.colFirst : row - part.rowFirst);
    const auto across = static_cast<double>(transposed ? row - part.rowFirst : col - part.colFirst);
    // Inside of the cell, where it is large enough for that; else around it.
    const double out = smaller >= 5 * width ? -width / 2 : width / 2;
    const Rect r{area.x + across * cellW - out, area.y + down * cellH - out, cellW + 2 * out,
                 cellH + 2 * out};
    const double corner = width / 2;
    sides.push_back({{r.x - corner, r.y}, {r.right() + corner, r.y}});
    sides.push_back({{r.right(), r.y + corner}, {r.right(), r.bottom() - corner}});
    sides.push_back({{r.right() + corner, r.bottom()}, {r.x - corner, r.bottom()}});
    sides.push_back({{r.x, r.bottom() - corner}, {r.x, r.y + corner}});
  }
  scene.drawing.beginGroup("highlights");
  scene.drawing.lines(sides, width, {0, 0, 0});
  // The light stroke's ends stay inside the dark one's.
  const double inner = 0.5 * width;
  for (Segment& s : sides) {
    const double cut = (width - inner) / 2;
    if (s.from.y == s.to.y) {
      s.from.x += s.from.x < s.to.x ? cut : -cut;
      s.to.x += s.from.x < s.to.x ? -cut : cut;
    } else {
      s.from.y += s.from.y < s.to.y ? -cut : cut;
      s.to.y += s.from.y < s.to.y ? cut : -cut;
    }
  }
  scene.drawing.lines(sides, inner, {255, 255, 255});
  scene.drawing.endGroup();
}

}  // namespace headlight
