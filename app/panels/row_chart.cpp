#include <algorithm>
#include <cmath>

#include "app/panels/row_parts.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "core/base/number.h"
#include "core/picture/labels.h"

namespace headlight {
namespace {

float sideWidth(const RowPlot& plot) {
  return plot.box.width() >= plot.ui.u(400) ? plot.ui.u(168) : 0;
}
float scaleWidth(const RowPlot& plot) {
  return plot.ui.u(44);
}
float chartWidth(const RowPlot& plot) {
  const float side = sideWidth(plot);
  return plot.box.width() - scaleWidth(plot) - (side > 0 ? side + plot.ui.u(16) : 0);
}

class RowChart {
 public:
  explicit RowChart(RowPlot& plot) : plot_(plot), ui_(plot.ui) {}

  void draw(const Box& area) {
    const int level = rowChartLevel(plot_);
    const auto& bars =
        plot_.row->levels[std::min(static_cast<std::size_t>(level), plot_.row->levels.size() - 1)];
    const auto count = static_cast<std::int64_t>(bars.values.size());
    const float pitch = std::max(1.0f, std::floor(chartWidth(plot_) / static_cast<float>(count)));
    const bool words = level == 0 && pitch >= ui_.u(15);
    const float below = words ? ui_.u(96) : ui_.u(24);
    const Box plot{area.x0 + scaleWidth(plot_), area.y0 + ui_.u(6),
                   area.x0 + scaleWidth(plot_) + pitch * static_cast<float>(count), area.y1 - below};
    if (plot.height() < ui_.u(30)) return;
    const Press press = pressable(ui_, "stage", plot);
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const Box side = largestBox(area);
    const Press sidePress = side.empty() ? Press{} : pressable(ui_, "row/largest", side);
    if (!side.empty() && (side.contains(mouse) || sidePress.pressed)) {
      const auto line = static_cast<std::int64_t>((mouse.y - side.y0) / largestPitch());
      const bool inside = side.contains(mouse) && line < static_cast<std::int64_t>(plot_.row->largest.size());
      plot_.point(sidePress, inside ? plot_.row->largest[static_cast<std::size_t>(line)] : -1);
    } else {
      plot_.point(press, plot.contains(mouse)
                             ? strongestOf(static_cast<std::int64_t>((mouse.x - plot.x0) / pitch), level)
                             : -1);
    }
    fill(plot, ui_.c.s2);
    upAxis(plot);
    drawBars(bars, plot, pitch);
    marks(plot, pitch, level);
    if (words) {
      keyWords(plot, pitch, area.y1);
    } else {
      keyTicks(plot, pitch, level);
    }
    focusRing(ui_, "stage", plot.inset(-ui_.u(2), -ui_.u(2)), 0);
    if (!side.empty()) largest(side);
  }

 private:
  /// The key that a bar shows: of those it stands for the largest.
  std::int64_t strongestOf(std::int64_t bar, int level) const {
    const std::int64_t first = std::clamp<std::int64_t>(bar << level, 0, plot_.scene.field.cols - 1);
    const std::int64_t end = std::min(first + (std::int64_t{1} << level), plot_.scene.field.cols);
    const auto& cells = plot_.row->cells();
    std::int64_t best = first;
    for (std::int64_t j = first; j < end; ++j) {
      const auto here = static_cast<std::size_t>(j);
      const auto there = static_cast<std::size_t>(best);
      const bool more = plot_.isSigned ? std::abs(cells.values[here]) > std::abs(cells.values[there])
                                       : cells.values[here] > cells.values[there];
      if (!cells.isMasked(here) && (cells.isMasked(there) || more)) best = j;
    }
    return best;
  }

  void drawBars(const RowValues::Level& bars, const Box& plot, float pitch) {
    const float gap = pitch >= 4 ? 1 : 0;
    for (std::size_t n = 0; n < bars.values.size();) {
      const float x0 = plot.x0 + pitch * static_cast<float>(n);
      if (bars.isMasked(n)) {
        std::size_t end = n;
        while (end < bars.values.size() && bars.isMasked(end)) ++end;
        drawHatched(ui_, {x0, plot.y0, plot.x0 + pitch * static_cast<float>(end), plot.y1});
        n = end;
        continue;
      }
      const float x = bars.values[n];
      if (std::isnan(x)) {
        fill({x0, plot.y0, x0 + pitch - gap, plot.y1}, ui_.c.nan);
      } else {
        const auto [a, b] = plot_.reach(x, 0, plot.height());
        const Box bar{x0, plot.y1 - b, x0 + pitch - gap, plot.y1 - a};
        fill(bar, plot_.colourOf(x));
        // Its end is seen where its colour is near the ground's.
        if (pitch >= ui_.u(6)) {
          frame(bar, ui_.c.edge, ui_.u(1));
        } else if (pitch >= 3 && b > a) {
          const bool down = plot_.isSigned && x < 0;
          horizontal(bar.x0, bar.x1, down ? bar.y1 - ui_.u(1) : bar.y0, ui_.c.edge, ui_.u(1));
        }
      }
      ++n;
    }
    if (plot_.isSigned) {
      const float zero = plot.y1 - plot.height() * placeIn(plot_.range, 0);
      horizontal(plot.x0, plot.x1, zero, ui_.c.edge, ui_.u(1));
    }
  }

  /// The pinned and the hovered key: brackets above their bars, as the data stays free.
  void marks(const Box& plot, float pitch, int level) {
    const auto bracket = [&](std::int64_t key, float thickness) {
      if (key < 0) return;
      const float x = plot.x0 + pitch * static_cast<float>(key >> level);
      const float middle = std::round(x + pitch / 2);
      vertical(middle - thickness / 2, plot.y0 - ui_.u(6), plot.y0, ui_.c.k, thickness);
      vertical(middle - thickness / 2, plot.y1, plot.y1 + ui_.u(5), ui_.c.k, thickness);
    };
    if (plot_.hovered != plot_.pinned) bracket(plot_.hovered, ui_.u(1));
    bracket(plot_.pinned, ui_.u(3));
  }

  void upAxis(const Box& plot) {
    float last = 1e9f;
    for (const Tick& tick : ticks(plot_.range, std::max(2, static_cast<int>(plot.height() / ui_.u(44))))) {
      const float y = std::round(plot.y1 - static_cast<float>(tick.at) * plot.height());
      horizontal(plot.x0 - ui_.u(5), plot.x0, y, ui_.c.edge, ui_.u(1));
      if (last - y < ui_.u(14)) continue;
      numText(ui_, plot.x0 - ui_.u(8), centredBaseline(ui_, Role::numMicro, y, y), ui_.c.t2, tick.text,
              Role::numMicro);
      last = y;
    }
  }

  void keyWords(const Box& plot, float pitch, float bottom) {
    const auto count = plot_.scene.field.cols;
    const float foot = bottom - ui_.u(2);
    const float indexLength = textWidth(ui_, Role::numMicro, std::to_string(count - 1));
    for (std::int64_t j = 0; j < count; ++j) {
      const float centre = std::round(plot.x0 + pitch * (static_cast<float>(j) + 0.5f));
      const bool lit = j == plot_.pinned || j == plot_.hovered;
      const Role role = lit ? Role::strong : Role::body;
      const std::string word =
          shortened(ui_, role, plot_.wordOf(j), foot - plot.y1 - indexLength - ui_.u(22));
      const float length = textWidth(ui_, role, word);
      const float indexFoot = plot.y1 + ui_.u(8) + indexLength;
      textUp(ui_, Role::numMicro, centredBaseline(ui_, Role::numMicro, centre, centre), indexFoot,
             lit ? ui_.c.t1 : ui_.c.t2, std::to_string(j));
      textUp(ui_, role, centredBaseline(ui_, role, centre, centre), indexFoot + ui_.u(6) + length,
             j == plot_.pinned ? ui_.c.k : ui_.c.t1, word);
    }
  }

  void keyTicks(const Box& plot, float pitch, int level) {
    const double perKey = static_cast<double>(pitch) / std::ldexp(1.0, level);
    const auto widest = static_cast<double>(textWidth(ui_, Role::numMicro, grouped(plot_.scene.field.cols)));
    const std::int64_t step = labelStep(perKey, widest + static_cast<double>(ui_.u(16)));
    for (std::int64_t j = 0; j < plot_.scene.field.cols; j += step) {
      const float x =
          plot.x0 + static_cast<float>((static_cast<double>(j) + (level == 0 ? 0.5 : 0)) * perKey);
      vertical(x, plot.y1 + ui_.u(1), plot.y1 + ui_.u(5), ui_.c.edge, ui_.u(1));
      const std::string words = grouped(j);
      const float width = textWidth(ui_, Role::numMicro, words);
      text(ui_, Role::numMicro, std::round(x - width / 2), plot.y1 + ui_.u(17), ui_.c.t2, words);
    }
  }

  float largestPitch() const { return ui_.u(19); }
  /// Of the lines of the list; empty where there is no room for it.
  Box largestBox(const Box& area) const {
    if (sideWidth(plot_) == 0 || plot_.row->largest.empty()) return {};
    const float top = area.y0 + ui_.u(18);
    const auto lines =
        std::min(std::floor((area.y1 - top) / largestPitch()), static_cast<float>(plot_.row->largest.size()));
    return {area.x1 - sideWidth(plot_), top, area.x1, top + std::max(0.0f, lines) * largestPitch()};
  }
  /// The largest numbers of the row, from the top.
  void largest(const Box& side) {
    const auto lines = static_cast<std::size_t>(std::lround(side.height() / largestPitch()));
    text(ui_, Role::microStrong, side.x0, side.y0 - ui_.u(8), ui_.c.t2,
         "the " + std::to_string(lines) + " largest");
    const std::string last = std::to_string(std::max<std::int64_t>(plot_.scene.field.cols - 1, 0));
    const float indexRight = side.x0 + ui_.u(4) + textWidth(ui_, Role::numMicro, last);
    for (std::size_t n = 0; n < lines && n < plot_.row->largest.size(); ++n) {
      const std::int64_t key = plot_.row->largest[n];
      const float y0 = side.y0 + largestPitch() * static_cast<float>(n);
      const float y1 = y0 + largestPitch();
      const float right = side.x1 - ui_.u(4);
      const bool pinned = key == plot_.pinned;
      if (pinned || key == plot_.hovered)
        fill({side.x0, y0, side.x1, y1}, pinned ? ui_.c.k : ui_.c.s3, ui_.u(3));
      const ImU32 ink = pinned ? ui_.c.s1 : ui_.c.t1;
      const std::string number =
          plot_.value(static_cast<double>(plot_.row->cells().values[static_cast<std::size_t>(key)]));
      const float numberX = right - textWidth(ui_, Role::num, number);
      numText(ui_, indexRight, centredBaseline(ui_, Role::numMicro, y0, y1), pinned ? ink : ui_.c.t2,
              std::to_string(key), Role::numMicro);
      textIn(ui_, Role::body, {indexRight + ui_.u(8), y0, numberX - ui_.u(8), y1}, Align::left, ink,
             plot_.wordOf(key));
      numText(ui_, right, centredBaseline(ui_, Role::num, y0, y1), ink, number);
    }
    focusRing(ui_, "row/largest", side, ui_.u(3));
  }

  RowPlot& plot_;
  Ui& ui_;
};

}  // namespace

int rowChartLevel(const RowPlot& plot) {
  if (fitsRowList(plot, plot.box.height() - plot.ui.u(60))) return 0;
  int level = 0;
  while (((plot.scene.field.cols - 1) >> level) + 1 > static_cast<std::int64_t>(chartWidth(plot))) ++level;
  return level;
}

void drawRowChart(RowPlot& plot, const Box& box) {
  RowChart(plot).draw(box);
}

}  // namespace headlight
