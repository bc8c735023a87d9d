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

class RowList {
 public:
  explicit RowList(RowPlot& plot) : plot_(plot), ui_(plot.ui) {}

  void draw(const Box& plot) {
    const std::int64_t count = plot_.scene.field.cols;
    const float pitch =
        std::min(ui_.u(28), std::floor((plot.height() - rowAxisHeight(ui_)) / static_cast<float>(count)));
    const Box lines{plot.x0, plot.y0, plot.x1, plot.y0 + pitch * static_cast<float>(count)};
    const Press press = pressable(ui_, "stage", lines);
    const float mouse = ImGui::GetIO().MousePos.y;
    plot_.point(press,
                lines.contains(ImGui::GetIO().MousePos)
                    ? std::min<std::int64_t>(count - 1, static_cast<std::int64_t>((mouse - lines.y0) / pitch))
                    : -1);
    float widest = 0;
    for (std::int64_t j = 0; j < count; ++j)
      widest = std::max(widest, textWidth(ui_, Role::strong, plot_.wordOf(j)));
    const float indexRight = plot.x0 + ui_.u(6) + textWidth(ui_, Role::numMicro, std::to_string(count - 1));
    const float wordX = indexRight + ui_.u(8);
    const float wordRight = wordX + std::min(widest, plot.width() * 0.35f);
    const float left = wordRight + ui_.u(14);
    const float right = plot.x1 - ui_.u(64);
    for (std::int64_t j = 0; j < count; ++j) {
      const float y = lines.y0 + pitch * static_cast<float>(j);
      const Box line{plot.x0, y, plot.x1, y + pitch};
      keyLabelAt(j, line, indexRight, wordX, wordRight);
      barLine(j, {left, y + ui_.u(2), right, y + pitch - ui_.u(2)}, plot.x1 - ui_.u(4));
    }
    if (plot_.isSigned)
      vertical(left + (right - left) * placeIn(plot_.range, 0), lines.y0, lines.y1, ui_.c.edge, ui_.u(1));
    axis(left, right, lines.y1);
    focusRing(ui_, "stage", lines.inset(-ui_.u(2), -ui_.u(2)), 0);
  }

 private:
  void keyLabelAt(std::int64_t key, const Box& line, float indexRight, float wordX, float wordRight) {
    const bool pinned = key == plot_.pinned;
    const bool hovered = key == plot_.hovered;
    const Role role = pinned || hovered ? Role::strong : Role::body;
    const std::string word = shortened(ui_, role, plot_.wordOf(key), wordRight - wordX + 1);
    if (pinned) {
      const float half = std::round(std::min(line.height() / 2, ui_.u(11)));
      const float end = word.empty() ? indexRight : wordX + textWidth(ui_, role, word);
      fill({line.x0, line.centreY() - half, end + ui_.u(6), line.centreY() + half}, ui_.c.k, ui_.u(4));
    }
    const ImU32 index = pinned ? ui_.c.s1 : hovered ? ui_.c.t1 : ui_.c.t2;
    numText(ui_, indexRight, centredBaseline(ui_, Role::numMicro, line.y0, line.y1), index,
            std::to_string(key), Role::numMicro);
    text(ui_, role, wordX, centredBaseline(ui_, role, line.y0, line.y1), pinned ? ui_.c.s1 : ui_.c.t1, word);
  }

  void barLine(std::int64_t key, const Box& track, float numberRight) {
    const auto at = static_cast<std::size_t>(key);
    const float x = plot_.row->cells().values[at];
    const bool lit = key == plot_.hovered || key == plot_.pinned;
    const float baseline = centredBaseline(ui_, Role::num, track.y0, track.y1);
    if (plot_.row->cells().isMasked(at)) {
      drawHatched(ui_, track);
      const char* words = plot_.scene.field.stage == Stage::masked ? "−∞" : "masked";
      numText(ui_, numberRight, centredBaseline(ui_, Role::micro, track.y0, track.y1), ui_.c.t2, words,
              Role::micro);
    } else {
      fill(track, ui_.c.s2);
      if (std::isnan(x)) {
        fill(track, ui_.c.nan);
      } else {
        const auto [a, b] = plot_.reach(x, track.x0, track.x1);
        fill({a, track.y0, b, track.y1}, plot_.colourOf(x));
        frame({a, track.y0, b, track.y1}, ui_.c.edge, ui_.u(1));
      }
      numText(ui_, numberRight, baseline, ui_.c.t1, plot_.value(static_cast<double>(x)),
              lit ? Role::numStrong : Role::num);
    }
    if (key == plot_.pinned) {
      frame(track.inset(-ui_.u(2), -ui_.u(2)), ui_.c.k, ui_.u(2));
    } else if (key == plot_.hovered) {
      frame(track.inset(-ui_.u(1), -ui_.u(1)), ui_.c.k, ui_.u(1));
    }
  }

  /// The scale that bars are measured by, below them.
  void axis(float left, float right, float top) {
    float end = -1e9f;
    for (const Tick& tick : ticks(plot_.range, std::max(2, static_cast<int>((right - left) / ui_.u(70))))) {
      const float x = std::round(left + static_cast<float>(tick.at) * (right - left));
      vertical(x, top + ui_.u(2), top + ui_.u(6), ui_.c.edge, ui_.u(1));
      const float width = textWidth(ui_, Role::numMicro, tick.text);
      if (x - width / 2 < end + ui_.u(4)) continue;
      text(ui_, Role::numMicro, std::round(x - width / 2), top + ui_.u(18), ui_.c.t2, tick.text);
      end = x + width / 2;
    }
  }

  RowPlot& plot_;
  Ui& ui_;
};

}  // namespace

void drawRowList(RowPlot& plot, const Box& box) {
  RowList(plot).draw(box);
}

}  // namespace headlight
