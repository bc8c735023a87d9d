#include "core/figure/key.h"

#include <algorithm>

#include "core/figure/hatch.h"
#include "core/figure/text_layout.h"

namespace headlight {
namespace {

constexpr double kBarThickness = 0.9;  // em
constexpr double kTickLength = 0.25;
constexpr double kPoint = 0.7;  // length of a pointed end, em

double barTop(const Scene& scene) {
  return 1.3 * scene.line();
}

Text barTitle(const Scene& scene, const ColourBar& bar) {
  Text title{{words(scene, bar.label, 1, 500)}};
  Text rule = mathText(scene, bar.rule, 0.93, 400, scene.colours.t2);
  if (!rule.pieces.empty()) rule.pieces.front().gapMm = 0.6 * scene.em();
  title.pieces.insert(title.pieces.end(), rule.pieces.begin(), rule.pieces.end());
  return title;
}

enum class Swatch : std::uint8_t { masked, zero, nan, positiveInfinite, negativeInfinite };
struct LegendItem {
  Swatch swatch;
  std::string label;
};

std::vector<LegendItem> legendItems(const SeenLooks& seen) {
  std::vector<LegendItem> items;
  if (seen.masked) items.push_back({Swatch::masked, "masked"});
  if (seen.zeroDots) items.push_back({Swatch::zero, "exactly 0"});
  if (seen.positiveInfinite) items.push_back({Swatch::positiveInfinite, "+∞"});
  if (seen.negativeInfinite) items.push_back({Swatch::negativeInfinite, "−∞"});
  if (seen.nan) items.push_back({Swatch::nan, "NaN"});
  return items;
}

double swatchSize(const Scene& scene) {
  return 1.25 * scene.em();
}
double itemWidth(const Scene& scene, const LegendItem& item) {
  return swatchSize(scene) + 0.5 * scene.em() + measure({{words(scene, item.label)}}).width;
}
double itemGap(const Scene& scene) {
  return 1.4 * scene.em();
}

void drawSwatch(Scene& scene, Swatch swatch, const Rect& area, const SeenLooks& seen) {
  const Palette& p = scene.colours;
  const Point centre{area.x + area.width / 2, area.y + area.height / 2};
  if (swatch == Swatch::nan) {
    scene.drawing.cells(std::vector<FilledCell>{{area, p.nan}});
    std::vector<Segment> cross;
    addCross(cross, centre, 0.25 * area.width);
    scene.drawing.lines(cross, 0.2, p.nanMark);
  } else if (swatch == Swatch::zero) {
    scene.drawing.cells(std::vector<FilledCell>{{area, seen.zeroColour}});
    scene.drawing.dots(std::vector<Point>{centre}, 0.28, p.hatch);
  } else {
    const auto all = [](std::int64_t, std::int64_t) { return true; };
    const bool isHigh = swatch == Swatch::positiveInfinite;
    scene.drawing.cells(std::vector<FilledCell>{{area, isHigh ? seen.highest : p.mask}});
    scene.drawing.lines(swatch == Swatch::masked ? hatchSegments(area, 1, 1, seen.hatchPeriod, all)
                                                 : fallingSegments(area, 1, 1, seen.hatchPeriod, all),
                        isHigh ? kBeyondWidth : kHatchWidth, isHigh ? textOn(seen.highest) : p.hatch);
  }
}

}  // namespace

std::string barLabel(Stage stage) {
  if (stage == Stage::weights) return "weight";
  return isMap(stage) ? "score" : "value";
}

double barHeight(const Scene& scene) {
  if (!scene.spec.showBar) return 0;
  return barTop(scene) + kBarThickness * scene.em() + 1.35 * scene.line();
}

double barLabelWidth(const Scene& scene, const ColourBar& bar) {
  return measure(barTitle(scene, bar)).width;
}

void fitRule(const Scene& scene, ColourBar& bar, double width) {
  if (barLabelWidth(scene, bar) > width && !bar.perHead) bar.rule = bar.range.rule;
  if (barLabelWidth(scene, bar) > width) bar.rule.clear();
}

void drawBar(Scene& scene, const ColourBar& bar, double y) {
  if (!scene.spec.showBar) return;
  const double em = scene.em();
  scene.drawing.beginGroup("colour-bar-" + bar.label);
  scene.drawing.text({bar.left, y + 0.8 * scene.line()}, barTitle(scene, bar), Anchor::start, false);

  const double thickness = kBarThickness * em;
  const bool low = bar.range.clippedLow && !bar.perHead;
  const bool high = bar.range.clippedHigh && !bar.perHead;
  const Rect area{bar.left + (low ? kPoint * em : 0), y + barTop(scene),
                  bar.width - ((low ? 1 : 0) + (high ? 1 : 0)) * kPoint * em, thickness};
  Picture strip{256, 1, {}};
  for (Rgb c : bar.map->colours) {
    for (std::uint8_t channel : {c.r, c.g, c.b}) strip.rgba.push_back(channel);
    strip.rgba.push_back(255);
  }
  // Taller than the bar and cut off: a viewer that smooths images then blends nothing in at its edges.
  scene.drawing.pushClip(area);
  scene.drawing.image({area.x, area.y - thickness, area.width, 3 * thickness}, strip);
  scene.drawing.popClip();
  const double middle = area.y + thickness / 2;
  if (low) {
    scene.drawing.polygon(
        std::vector<Point>{{area.x, area.y}, {area.x, area.bottom()}, {area.x - kPoint * em, middle}},
        bar.map->colours.front());
  }
  if (high) {
    scene.drawing.polygon(
        std::vector<Point>{
            {area.right(), area.y}, {area.right(), area.bottom()}, {area.right() + kPoint * em, middle}},
        bar.map->colours.back());
  }

  const double baseline = area.bottom() + kTickLength * em + 0.95 * em;
  if (bar.perHead) {
    const bool centred = bar.range.low < 0;
    scene.drawing.text({area.x, baseline}, {{faint(scene, centred ? "−max" : "0", 0.86)}}, Anchor::start,
                       false);
    scene.drawing.text({area.right(), baseline}, {{faint(scene, "max", 0.86)}}, Anchor::end, false);
    scene.drawing.endGroup();
    return;
  }
  // As many ticks as stand apart; the outermost ones reach over the bar's ends by no more than the page's
  // margin.
  struct Placed {
    Tick tick;
    double middle;
    double half;
  };
  std::vector<Placed> shown;
  for (int most = 6; most >= 2; --most) {
    shown.clear();
    bool apart = true;
    for (const Tick& tick : ticks(bar.range, most)) {
      const double half = measure({{digits(scene, tick.text)}}).width / 2;
      const double over = 0.7 * scene.margin();
      const double middleOf = std::max(bar.left - over + half, std::min(area.x + tick.at * area.width,
                                                                        bar.left + bar.width + over - half));
      apart =
          apart && (shown.empty() || middleOf - half >= shown.back().middle + shown.back().half + 0.6 * em);
      shown.push_back({tick, middleOf, half});
    }
    if (apart) break;
    if (most == 2) shown.resize(1);
  }
  std::vector<Segment> marks;
  for (const Placed& placed : shown) {
    const double x = area.x + placed.tick.at * area.width;
    marks.push_back({{x, area.bottom()}, {x, area.bottom() + kTickLength * em}});
    scene.drawing.text({placed.middle, baseline}, {{digits(scene, placed.tick.text)}}, Anchor::middle, false);
  }
  scene.drawing.lines(marks, 0.12, scene.colours.edge);
  scene.drawing.endGroup();
}

double legendWidth(const Scene& scene, const SeenLooks& seen) {
  double width = 0;
  for (const LegendItem& item : legendItems(seen))
    width += (width > 0 ? itemGap(scene) : 0) + itemWidth(scene, item);
  return width;
}

double drawLegend(Scene& scene, const SeenLooks& seen, double x, double y, double width) {
  const std::vector<LegendItem> items = legendItems(seen);
  if (items.empty()) return 0;
  scene.drawing.beginGroup("legend");
  const double line = 1.4 * scene.line();
  const double size = swatchSize(scene);
  double left = x;
  double top = y;
  for (const LegendItem& item : items) {
    const double itemW = itemWidth(scene, item);
    if (left > x && left + itemW > x + width) {
      left = x;
      top += line;
    }
    drawSwatch(scene, item.swatch, {left, top, size, size}, seen);
    scene.drawing.text({left + size + 0.5 * scene.em(), top + size / 2 + halfHeight(scene.pt())},
                       {{words(scene, item.label)}}, Anchor::start, false);
    left += itemW + itemGap(scene);
  }
  scene.drawing.endGroup();
  return top + size - y;
}

double drawKey(Scene& scene, const ColourBar& bar, const SeenLooks& seen, double right, double y) {
  const double em = scene.em();
  const double legend = legendWidth(scene, seen);
  const double height = barHeight(scene);
  drawBar(scene, bar, y);
  const double beside = bar.left + std::max(bar.width, barLabelWidth(scene, bar)) + 2 * em;
  if (legend <= 0) return height;
  if (height > 0 && beside + legend <= right) {
    drawLegend(scene, seen, beside, y + 1.3 * scene.line() - 0.18 * em, right - beside);
    return height;
  }
  const double top = height > 0 ? height + 0.4 * em : 0;
  return top + drawLegend(scene, seen, bar.left, y + top, right - bar.left);
}

}  // namespace headlight
