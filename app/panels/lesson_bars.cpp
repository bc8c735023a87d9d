#include <algorithm>
#include <cmath>

#include "app/panels/lesson_panel_parts.h"
#include "app/panels/stage_views.h"
#include "core/base/number.h"

namespace headlight {
namespace {

std::string valueWords(double value) {
  if (std::abs(value) >= 0.1 && std::abs(value) < 10) return fixed(value, 3);
  return measuredText(value);
}

/// The level with no more bars than px.
std::size_t levelFor(const PanelMap& map, float width) {
  std::size_t level = 0;
  while (level + 1 < map.levels.size() && static_cast<float>(map.levels[level].values.size()) > width)
    ++level;
  return level;
}

class Bars {
 public:
  Bars(const LessonStagePanel& all, const PanelMap& map, const RowValues::Level& bars, const Box& area)
      : ui_(all.ui), look_(all.look), range_(all.range), map_(map), bars_(bars), area_(area) {
    each_ = area.width() / static_cast<float>(bars.values.size());
    zero_ = place(std::max(range_.low, 0.0));
  }

  void draw() {
    fill(area_, ui_.c.s1);
    std::optional<std::size_t> largest;
    for (std::size_t n = 0; n < bars_.values.size();) {
      if (bars_.isMasked(n)) {
        n = masked(n);
        continue;
      }
      bar(n);
      if (!largest || bars_.values[n] > bars_.values[*largest] || std::isnan(bars_.values[*largest]))
        largest = n;
      ++n;
    }
    horizontal(area_.x0, area_.x1, zero_, ui_.c.edge, ui_.u(1));
    lessonKeyNames(ui_, map_, area_);
    if (largest) number(*largest);
  }

 private:
  float place(double value) const {
    const double share = (value - range_.low) / (range_.high - range_.low);
    return std::round(area_.y1 -
                      static_cast<float>(std::clamp(share, 0.0, 1.0)) * (area_.height() - ui_.u(18)));
  }
  float left(std::size_t n) const { return std::round(area_.x0 + each_ * static_cast<float>(n)); }

  /// Keys that the query may not see, side by side in one; returns the first behind them.
  std::size_t masked(std::size_t first) {
    std::size_t end = first;
    while (end < bars_.values.size() && bars_.isMasked(end)) ++end;
    drawHatched(ui_, {left(first), area_.y0, left(end), area_.y1});
    return end;
  }

  void bar(std::size_t n) {
    const float value = bars_.values[n];
    const float x0 = left(n);
    const float x1 = std::max(x0 + 1, left(n + 1) - (each_ >= ui_.u(4) ? ui_.u(1) : 0));
    if (std::isnan(value)) {
      const Box box{x0, area_.y0, x1, area_.y1};
      fill(box, ui_.c.nan);
      cross(box);
      return;
    }
    if (value == 0) {
      if (each_ >= ui_.u(12))
        canvas()->AddCircleFilled({std::round((x0 + x1) / 2), zero_ - ui_.u(4)}, ui_.u(2), ui_.c.hatch, 12);
      return;
    }
    const float y = place(static_cast<double>(value));
    const Box box{x0, std::min(y, zero_ - 1), x1, std::max(y, zero_)};
    ImU32 colour = ui_.c.t1;
    if (look_) colour = toColour(look_->colours[static_cast<std::size_t>(colourIndex(*look_, value))]);
    fill(box, colour);
    if (std::isinf(value)) words(n, value > 0 ? "+∞" : "−∞", box);
  }

  void cross(const Box& box) {
    const float arm = std::min(box.width() * 0.28f, ui_.u(5));
    if (arm < ui_.u(2)) return;
    const ImVec2 c{box.centreX(), box.centreY()};
    const float stroke = std::max(1.0f, 1.4f * ui_.scale);
    canvas()->AddLine({c.x - arm, c.y - arm}, {c.x + arm, c.y + arm}, IM_COL32_BLACK, stroke);
    canvas()->AddLine({c.x - arm, c.y + arm}, {c.x + arm, c.y - arm}, IM_COL32_BLACK, stroke);
  }

  void words(std::size_t n, const std::string& words, const Box& over) {
    const float width = textWidth(ui_, Role::numMicro, words);
    const float x =
        std::clamp(area_.x0 + each_ * (static_cast<float>(n) + 0.5f) - width / 2, area_.x0, area_.x1 - width);
    text(ui_, Role::numMicro, std::round(x), std::max(over.y0, area_.y0 + ui_.u(16)) - ui_.u(5), ui_.c.t1,
         words);
  }

  void number(std::size_t n) {
    const auto value = static_cast<double>(bars_.values[n]);
    if (!std::isfinite(value)) return;
    words(n, valueWords(value), {area_.x0, place(value), area_.x1, area_.y1});
  }

  Ui& ui_;
  const std::shared_ptr<const MapLook>& look_;
  const Range& range_;
  const PanelMap& map_;
  const RowValues::Level& bars_;
  Box area_;
  float each_ = 0;
  float zero_ = 0;
};

}  // namespace

float drawLessonBars(const LessonStagePanel& all, const Box& box) {
  Ui& ui = all.ui;
  const float bottom = std::min(box.y1, box.y0 + ui.u(260));
  const std::vector<Box> columns = lessonColumns(all, {box.x0, box.y0, box.x1, bottom - ui.u(24)});
  std::size_t most = 0;
  for (std::size_t n = 0; n < columns.size(); ++n) {
    const PanelMap& map = all.maps[n];
    const Box area{columns[n].x0, columns[n].y0, columns[n].x1, columns[n].y1 - ui.u(20)};
    if (map.levels.empty() || map.levels.front().values.empty()) continue;
    const std::size_t level = levelFor(map, area.width());
    most = std::max(most, level);
    Bars(all, map, map.levels[level], area).draw();
  }
  std::string words;
  if (most > 0) {
    words = "each bar = " + std::string(info(all.panel.stage).isSigned ? "extreme" : "max") + " of " +
            grouped(std::int64_t{1} << most) + " keys";
  }
  return lessonScaleBar(all, words, {box.x0, bottom - ui.u(24), box.x1, bottom});
}

}  // namespace headlight
