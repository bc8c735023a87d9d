#include "core/figure/row_plots.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/figure/text_layout.h"

namespace headlight {
namespace {

constexpr double kBarShare = 0.78;  // of the pitch, where gaps are seen
constexpr double kOutlined = 1.1;   // mm of pitch
constexpr double kStroke = 0.12;

}  // namespace

TextPiece RowPlots::numberPiece(float value) const {
  TextPiece piece = digits(scene_, cellText(static_cast<double>(value), stage_ == Stage::weights), 0.8);
  piece.colour = scene_.colours.t1;
  return piece;
}

std::vector<Tick> RowPlots::axisTicks() const {
  return ticks(axis_, std::clamp(static_cast<int>(plotH_ / (1.7 * scene_.em())), 2, 6));
}

// Equal weights on all keys that may be seen.
std::string RowPlots::uniformText(const Plot& plot) const {
  if (stage_ != Stage::weights || plot.row.kept < 1) return "";
  return plot.row.kept == 1 ? "1" : "1/" + std::to_string(plot.row.kept);
}

double RowPlots::yOf(const Rect& area, double value) const {
  const double at = (value - axis_.low) / (axis_.high - axis_.low);
  return area.bottom() - std::clamp(at, 0.0, 1.0) * area.height;
}

void RowPlots::drawPlot(const Plot& plot, const Rect& area) {
  const Palette& p = scene_.colours;
  const double zero = yOf(area, std::clamp(0.0, axis_.low, axis_.high));
  drawHatched(plot, area);
  const MapLook look = makeLook(plot.colours, *map_, scene_.theme());
  const auto bars = static_cast<std::int64_t>(plot.bars.values.size());
  const double wide = pitch_ * static_cast<double>(std::int64_t{1} << level_);
  const double gap = wide >= kOutlined ? (1 - kBarShare) / 2 * wide : 0;
  std::vector<FilledCell> cells;
  std::vector<Segment> outlines;
  std::vector<Rect> areas;
  for (std::int64_t n = 0; n < bars; ++n) {
    const auto at = static_cast<std::size_t>(n);
    const float value = plot.bars.values[at];
    const double x = area.x + static_cast<double>(n) * wide;
    const double end = std::min(area.right(), x + wide);
    Rect bar{x + gap, area.y, end - x - 2 * gap, area.height};
    if (!isHatched(plot, at)) {
      if (!std::isnan(value)) {
        const double y = yOf(area, static_cast<double>(value));
        bar.y = std::min(y, zero);
        bar.height = std::abs(zero - y);
      } else {
        seen_.nan = true;
      }
      if (bar.height > 0) {
        cells.push_back({bar, flatColour(look, value, CellClass::value)});
        if (gap > 0) outline(bar, value < 0, outlines);
      }
    }
    areas.push_back(bar);
  }
  scene_.drawing.cells(cells);
  markUnusual(plot, areas, look);
  if (!outlines.empty()) scene_.drawing.lines(outlines, 0.1, p.edge);
  scene_.drawing.lines(std::vector<Segment>{{{area.x, zero}, {area.right(), zero}},
                                            {{area.x, area.y}, {area.x, area.bottom()}}},
                       kStroke, p.edge);
  drawUniform(plot, area, drawBarNumbers(plot, areas));
  drawTicks(area);
  markHighlights(areas);
}

// × in NaN and stripes in +∞, as on a map.
void RowPlots::markUnusual(const Plot& plot, const std::vector<Rect>& areas, const MapLook& look) {
  std::vector<Segment> crosses;
  for (std::size_t n = 0; n < areas.size(); ++n) {
    const float value = plot.bars.values[n];
    const Rect& bar = areas[n];
    if (plot.bars.isMasked(n)) continue;
    if (std::isnan(value)) {
      const Point centre{bar.x + bar.width / 2, bar.y + bar.height / 2};
      addCross(crosses, centre, std::min(0.3 * bar.width, 1.2));
    } else if (std::isinf(value) && value > 0) {
      SeenLooks here;
      here.positiveInfinite = true;
      seen_.positiveInfinite = true;
      seen_.highest = look.colours.back();
      drawStripes(
          scene_, bar, 1, 1, 1.3, look,
          [&](std::int64_t, std::int64_t) {
            return StripedCell{false, value};
          },
          here);
    }
  }
  if (!crosses.empty()) scene_.drawing.lines(crosses, 0.2, look.nanMark);
}

bool RowPlots::isHatched(const Plot& plot, std::size_t n) const {
  return plot.bars.isMasked(n) || plot.bars.values[n] == -std::numeric_limits<float>::infinity();
}

void RowPlots::outline(const Rect& bar, bool down, std::vector<Segment>& lines) {
  const double far = down ? bar.bottom() : bar.y;
  lines.push_back({{bar.x, bar.y}, {bar.x, bar.bottom()}});
  lines.push_back({{bar.right(), bar.y}, {bar.right(), bar.bottom()}});
  lines.push_back({{bar.x - 0.05, far}, {bar.right() + 0.05, far}});
}

// Keys that the query may not see, the whole height of the plot.
void RowPlots::drawHatched(const Plot& plot, const Rect& area) {
  const double wide = pitch_ * static_cast<double>(std::int64_t{1} << level_);
  std::vector<FilledCell> grounds;
  for (std::size_t n = 0; n < plot.bars.values.size(); ++n) {
    if (!isHatched(plot, n)) continue;
    (plot.bars.isMasked(n) ? seen_.masked : seen_.negativeInfinite) = true;
    const double x = area.x + static_cast<double>(n) * wide;
    grounds.push_back({{x, area.y, std::min(wide, area.right() - x), area.height}, scene_.colours.mask});
  }
  if (grounds.empty()) return;
  seen_.hatchPeriod = hatchPeriodMm(std::max(wide, 3.0));
  scene_.drawing.cells(grounds);
  SeenLooks here;
  here.masked = seen_.masked;
  here.negativeInfinite = seen_.negativeInfinite;
  drawStripes(
      scene_, area, 1, static_cast<std::int64_t>(plot.bars.values.size()), seen_.hatchPeriod,
      makeLook(plot.colours, *map_, scene_.theme()),
      [&](std::int64_t, std::int64_t n) {
        const auto at = static_cast<std::size_t>(n);
        return StripedCell{plot.bars.isMasked(at), plot.bars.values[at]};
      },
      here);
}

void RowPlots::drawUniform(const Plot& plot, const Rect& area, const std::vector<Rect>& numbers) {
  const std::string text = uniformText(plot);
  const double level = text.empty() ? 0 : 1.0 / static_cast<double>(plot.row.kept);
  if (text.empty() || level > axis_.high || level < axis_.low) return;
  const double y = yOf(area, level);
  std::vector<Segment> dashes;
  const int count = std::max(1, static_cast<int>(area.width / 1.6));
  const double step = area.width / count;
  const auto isUnderNumber = [&](double from, double to) {
    return std::any_of(numbers.begin(), numbers.end(), [&](const Rect& box) {
      return box.y < y && y < box.bottom() && box.x < to && from < box.right();
    });
  };
  for (int n = 0; n < count; ++n) {
    const double x = area.x + n * step;
    if (!isUnderNumber(x, x + 0.6 * step)) dashes.push_back({{x, y}, {x + 0.6 * step, y}});
  }
  scene_.drawing.lines(dashes, 0.18, scene_.colours.t2);
  const TextPiece piece = digits(scene_, text);
  scene_.drawing.text({area.right() + 0.4 * scene_.em(), y + halfHeight(piece.sizePt)}, {{piece}},
                      Anchor::start, false);
  hasUniform_ = true;
}

void RowPlots::drawTicks(const Rect& area) {
  std::vector<Segment> marks;
  for (const Tick& tick : axisTicks()) {
    const double y = area.bottom() - tick.at * area.height;
    const TextPiece piece = digits(scene_, tick.text);
    marks.push_back({{area.x - 0.3 * scene_.em(), y}, {area.x, y}});
    scene_.drawing.text({area.x - 0.5 * scene_.em(), y + halfHeight(piece.sizePt)}, {{piece}}, Anchor::end,
                        false);
  }
  scene_.drawing.lines(marks, kStroke, scene_.colours.edge);
}

/// Where the numbers are.
std::vector<Rect> RowPlots::drawBarNumbers(const Plot& plot, const std::vector<Rect>& areas) {
  std::vector<Rect> boxes;
  if (numbers_ == NumberSetting::none) return boxes;
  for (std::size_t n = 0; n < areas.size(); ++n) {
    if (isHatched(plot, n)) continue;
    const TextPiece piece = numberPiece(plot.bars.values[n]);
    const bool down = plot.bars.values[n] < 0;
    const double away = 0.28 * scene_.em();
    const double edge = down ? areas[n].bottom() + away : areas[n].y - away;
    const double centre = areas[n].x + areas[n].width / 2;
    const double thick = 2 * halfHeight(piece.sizePt);
    const double length = measure({{piece}}).width;
    const bool level = numbers_ == NumberSetting::level;
    if (level) {
      scene_.drawing.text({centre, down ? edge + thick : edge}, {{piece}}, Anchor::middle, false);
    } else {
      scene_.drawing.text({centre + thick / 2, edge}, {{piece}}, down ? Anchor::end : Anchor::start, true);
    }
    const double wide = level ? length : thick;
    const double high = level ? thick : length;
    const double air = 0.25;
    boxes.push_back(
        {centre - wide / 2 - air, (down ? edge : edge - high) - air, wide + 2 * air, high + 2 * air});
  }
  return boxes;
}

void RowPlots::markHighlights(const std::vector<Rect>& areas) {
  std::vector<Segment> sides;
  for (const auto& [row, col] : scene_.spec.highlights) {
    if (row != query_ || col < first_ || col >= first_ + keys_) continue;
    const Rect& a = areas[static_cast<std::size_t>((col - first_) >> level_)];
    const double d = 0.35;
    sides.push_back({{a.x - d, a.y - d}, {a.right() + d, a.y - d}});
    sides.push_back({{a.right() + d, a.y - d}, {a.right() + d, a.bottom() + d}});
    sides.push_back({{a.right() + d, a.bottom() + d}, {a.x - d, a.bottom() + d}});
    sides.push_back({{a.x - d, a.bottom() + d}, {a.x - d, a.y - d}});
  }
  if (!sides.empty()) scene_.drawing.lines(sides, 0.35, scene_.colours.t1);
}

}  // namespace headlight
