#include <algorithm>
#include <cmath>

#include "app/panels/inspector.h"
#include "app/panels/stage_views.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "core/analysis/row_values.h"
#include "core/base/number.h"
#include "core/picture/labels.h"

namespace headlight {
namespace {

constexpr std::uint64_t kLookSlot = 51;

/// What bars are measured by: the range of the map's colours, which all rows share, or the row's own numbers.
/// Of many keys the own, until it is chosen: no weight of them is near 1.
struct RowScale {
  std::optional<bool> own;
};
constexpr std::int64_t kFewKeys = 16;

/// The last row that was ready, so that the next one does not begin with an empty page.
struct RowShown {
  std::shared_ptr<const RowValues> row;
  std::uint64_t field = 0;
};

bool isMasked(std::uint8_t kind) {
  return kind == static_cast<std::uint8_t>(CellClass::masked);
}

class RowView {
 public:
  RowView(Panel& p, StageScene& scene, const Box& box)
      : p_(p), ui_(p.ui), scene_(scene), box_(box), isSigned_(info(scene.field.stage).isSigned) {}

  void draw() {
    const std::int64_t row = shownRow(p_, scene_.field);
    RowShown& shown = p_.state.part<RowShown>();
    if (auto ready = p_.session.row(scene_.field.stage, scene_.field.head, row)) {
      shown = {std::move(ready), scene_.field.key};
    }
    const bool fits = shown.row && shown.field == scene_.field.key && shown.row->row == row;
    const float top = heading(row, fits ? shown.row.get() : nullptr);
    const auto range = p_.session.range(scene_.field.stage, scene_.field.head);
    look_ = shownLook(p_, scene_.field.stage, scene_.field.head, kLookSlot);
    if (!fits || !range || !look_) return;
    row_ = shown.row.get();
    range_ = ownScale() ? rangeOfRow() : *range;
    const double largest =
        std::max(std::abs(static_cast<double>(row_->low)), std::abs(static_cast<double>(row_->high)));
    decimals_ = rowDecimals(largest);
    const Box plot{box_.x0, top, box_.x1, box_.y1};
    const float least = ui_.u(17);
    if (static_cast<float>(scene_.field.cols) * least <= plot.height() - axisHeight()) {
      list(plot);
    } else {
      chart(plot);
    }
  }

 private:
  bool ownScale() const { return p_.state.part<RowScale>().own.value_or(scene_.field.cols > kFewKeys); }
  Range rangeOfRow() const {
    Range range;
    range.high = std::max(static_cast<double>(row_->high), 0.0);
    range.low = 0;
    if (isSigned_) {
      range.high = std::max(range.high, -static_cast<double>(row_->low));
      range.low = -range.high;
    }
    if (!(range.high > range.low)) range.high = range.low + 1;
    return range;
  }
  std::string value(double x) const { return fixed(x, decimals_); }

  /// Which query it is, what its row adds up to, and how scores become weights in it. Returns the y below.
  float heading(std::int64_t row, const RowValues* values) {
    const float height = ui_.u(26);
    float x = box_.x0;
    x = drawRowStep(p_, scene_.field, row, -1, x, box_.y0, "The query before  ↑") + ui_.u(4);
    const std::string index = std::to_string(row);
    x = tokenChip(ui_, x, box_.y0 + ui_.u(1), ui_.c.q, "Q", queryLabel(p_, row), index, ui_.u(150)) +
        ui_.u(4);
    x = drawRowStep(p_, scene_.field, row, 1, x, box_.y0, "The query after  ↓") + ui_.u(10);
    if (!values) return box_.y0 + height + ui_.u(34);
    const std::string sum = rowSumWords(scene_, *values);
    textIn(ui_, Role::body, {x, box_.y0, box_.x1, box_.y0 + height}, Align::right, ui_.c.t1, sum);
    const float baseline = box_.y0 + height + ui_.u(16);
    const std::string how = rowMakingWords(scene_, *values);
    float cut = scaleSwitch(box_.y0 + height + ui_.u(1));
    if (const std::string badge = badgeWords(); !badge.empty()) {
      const float width = textWidth(ui_, Role::micro, badge);
      if (cut - width - ui_.u(12) >= box_.x0 + std::min(mathWidth(ui_, Role::micro, how), ui_.u(90))) {
        text(ui_, Role::micro, cut - width, baseline, ui_.c.t1, badge);
        cut -= width + ui_.u(12);
      }
    }
    if (mathWidth(ui_, Role::micro, how) <= cut - box_.x0) {
      math(ui_, Role::micro, box_.x0, baseline, ui_.c.t2, how);
    } else {
      textIn(ui_, Role::micro, {box_.x0, baseline - ui_.u(9), cut, baseline}, Align::left, ui_.c.t2,
             mathPlain(how));
    }
    return box_.y0 + height + ui_.u(34);
  }

  /// Returns the x before it.
  float scaleSwitch(float top) {
    constexpr std::string_view kWords[] = {"map's scale", "own"};
    constexpr std::string_view kIds[] = {"map", "own"};
    const float width = ui_.u(136);
    const int pressed = segmented(ui_, "row.scale", Box::at(box_.x1 - width, top, width, ui_.u(24)), kWords,
                                  ownScale() ? 1 : 0, kIds);
    if (pressed >= 0) p_.state.part<RowScale>().own = pressed == 1;
    return box_.x1 - width - ui_.u(12);
  }

  /// Bars that stand for several keys each.
  std::string badgeWords() const {
    const int level = chartLevel();
    if (level == 0) return "";
    return "each bar = " + std::string(isSigned_ ? "extreme" : "max") + " of " +
           grouped(std::int64_t{1} << level) + " keys";
  }

  float axisHeight() const { return ui_.u(22); }
  ImU32 colourOf(float x) const {
    return toColour(look_->colours[static_cast<std::size_t>(colourIndex(*look_, x))]);
  }

  /// The length of a bar along [from, to]: from zero, or from the lowest end, to the value.
  std::pair<float, float> reach(float x, float from, float to) const {
    const float zero = isSigned_ ? placeIn(range_, 0) : 0;
    const float at = placeIn(range_, static_cast<double>(x));
    const float a = std::round(from + (to - from) * std::min(zero, at));
    const float b = std::round(from + (to - from) * std::max(zero, at));
    return {a, x != 0 ? std::max(b, a + 1) : b};
  }

  /// The pointer over the plot: `key` is under it, −1 for none.
  void point(const Press& press, std::int64_t key) {
    Session& session = p_.session;
    const bool inside = press.hovered && key >= 0;
    p_.state.mouseInMap = inside;
    const Cell cell{row_->row, key};
    if (inside) {
      session.hover(cell);
    } else if (session.hovered()) {
      session.hover(std::nullopt);
    }
    if (press.pressed && inside && ImGui::IsMouseReleased(ImGuiMouseButton_Left)) {
      if (ImGui::GetIO().KeyCtrl) {
        session.togglePin(cell);
      } else {
        session.pin(cell);
      }
    } else if (press.pressed && !session.pinned() && !row_->largest.empty()) {
      session.pin(Cell{row_->row, row_->largest.front()});
    }
    if (press.secondary && session.pinned()) session.pin(std::nullopt);
    if (const auto pinned = session.pinned(); pinned && pinned->row == row_->row) pinned_ = pinned->col;
    if (const auto hovered = session.hovered(); hovered && hovered->row == row_->row) hovered_ = hovered->col;
  }

  /// Every key on a line of its own: index, token, bar, number.
  void list(const Box& plot) {
    const std::int64_t count = scene_.field.cols;
    const float pitch =
        std::min(ui_.u(28), std::floor((plot.height() - axisHeight()) / static_cast<float>(count)));
    const Box lines{plot.x0, plot.y0, plot.x1, plot.y0 + pitch * static_cast<float>(count)};
    const Press press = pressable(ui_, "stage", lines);
    const float mouse = ImGui::GetIO().MousePos.y;
    point(press,
          lines.contains(ImGui::GetIO().MousePos)
              ? std::min<std::int64_t>(count - 1, static_cast<std::int64_t>((mouse - lines.y0) / pitch))
              : -1);
    float widest = 0;
    for (std::int64_t j = 0; j < count; ++j)
      widest = std::max(widest, textWidth(ui_, Role::strong, wordOf(j)));
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
    if (isSigned_)
      vertical(left + (right - left) * placeIn(range_, 0), lines.y0, lines.y1, ui_.c.edge, ui_.u(1));
    axis(left, right, lines.y1);
    focusRing(ui_, "stage", lines.inset(-ui_.u(2), -ui_.u(2)), 0);
  }

  std::string wordOf(std::int64_t key) const {
    std::string word = keyLabel(p_, key);
    return word == std::to_string(key) ? "" : word;
  }

  void keyLabelAt(std::int64_t key, const Box& line, float indexRight, float wordX, float wordRight) {
    const bool pinned = key == pinned_;
    const bool hovered = key == hovered_;
    const Role role = pinned || hovered ? Role::strong : Role::body;
    const std::string word = shortened(ui_, role, wordOf(key), wordRight - wordX + 1);
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
    const float x = row_->cells().values[at];
    const bool lit = key == hovered_ || key == pinned_;
    const float baseline = centredBaseline(ui_, Role::num, track.y0, track.y1);
    if (isMasked(row_->cells().classes[at])) {
      drawHatched(ui_, track);
      const char* words = scene_.field.stage == Stage::masked ? "−∞" : "masked";
      numText(ui_, numberRight, centredBaseline(ui_, Role::micro, track.y0, track.y1), ui_.c.t2, words,
              Role::micro);
    } else {
      fill(track, ui_.c.s2);
      if (std::isnan(x)) {
        fill(track, ui_.c.nan);
      } else {
        const auto [a, b] = reach(x, track.x0, track.x1);
        fill({a, track.y0, b, track.y1}, colourOf(x));
        frame({a, track.y0, b, track.y1}, ui_.c.edge, ui_.u(1));
      }
      numText(ui_, numberRight, baseline, ui_.c.t1, value(static_cast<double>(x)),
              lit ? Role::numStrong : Role::num);
    }
    if (key == pinned_) {
      frame(track.inset(-ui_.u(2), -ui_.u(2)), ui_.c.k, ui_.u(2));
    } else if (key == hovered_) {
      frame(track.inset(-ui_.u(1), -ui_.u(1)), ui_.c.k, ui_.u(1));
    }
  }

  /// The scale that bars are measured by, below them.
  void axis(float left, float right, float top) {
    float end = -1e9f;
    for (const Tick& tick : ticks(range_, std::max(2, static_cast<int>((right - left) / ui_.u(70))))) {
      const float x = std::round(left + static_cast<float>(tick.at) * (right - left));
      vertical(x, top + ui_.u(2), top + ui_.u(6), ui_.c.edge, ui_.u(1));
      const float width = textWidth(ui_, Role::numMicro, tick.text);
      if (x - width / 2 < end + ui_.u(4)) continue;
      text(ui_, Role::numMicro, std::round(x - width / 2), top + ui_.u(18), ui_.c.t2, tick.text);
      end = x + width / 2;
    }
  }

  // --- many keys: bars side by side, and the largest in a list

  float sideWidth() const { return box_.width() >= ui_.u(400) ? ui_.u(168) : 0; }
  float scaleWidth() const { return ui_.u(44); }
  float chartWidth() const {
    return box_.width() - scaleWidth() - (sideWidth() > 0 ? sideWidth() + ui_.u(16) : 0);
  }
  bool isList() const {
    return static_cast<float>(scene_.field.cols) * ui_.u(17) <= box_.height() - ui_.u(60) - axisHeight();
  }
  int chartLevel() const {
    if (isList()) return 0;
    int level = 0;
    while (((scene_.field.cols - 1) >> level) + 1 > static_cast<std::int64_t>(chartWidth())) ++level;
    return level;
  }

  void chart(const Box& area) {
    const int level = chartLevel();
    const auto& bars = row_->levels[std::min(static_cast<std::size_t>(level), row_->levels.size() - 1)];
    const auto count = static_cast<std::int64_t>(bars.values.size());
    const float pitch = std::max(1.0f, std::floor(chartWidth() / static_cast<float>(count)));
    const bool words = level == 0 && pitch >= ui_.u(15);
    const float below = words ? ui_.u(96) : ui_.u(24);
    const Box plot{area.x0 + scaleWidth(), area.y0 + ui_.u(6),
                   area.x0 + scaleWidth() + pitch * static_cast<float>(count), area.y1 - below};
    if (plot.height() < ui_.u(30)) return;
    const Press press = pressable(ui_, "stage", plot);
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const Box side = largestBox(area);
    const Press sidePress = side.empty() ? Press{} : pressable(ui_, "row/largest", side);
    if (!side.empty() && (side.contains(mouse) || sidePress.pressed)) {
      const auto line = static_cast<std::int64_t>((mouse.y - side.y0) / largestPitch());
      const bool inside = side.contains(mouse) && line < static_cast<std::int64_t>(row_->largest.size());
      point(sidePress, inside ? row_->largest[static_cast<std::size_t>(line)] : -1);
    } else {
      point(press, plot.contains(mouse)
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

  /// The key that a bar shows: of those it stands for the largest.
  std::int64_t strongestOf(std::int64_t bar, int level) const {
    const std::int64_t first = std::clamp<std::int64_t>(bar << level, 0, scene_.field.cols - 1);
    const std::int64_t end = std::min(first + (std::int64_t{1} << level), scene_.field.cols);
    const auto& cells = row_->cells();
    std::int64_t best = first;
    for (std::int64_t j = first; j < end; ++j) {
      const auto here = static_cast<std::size_t>(j);
      const auto there = static_cast<std::size_t>(best);
      const bool more = isSigned_ ? std::abs(cells.values[here]) > std::abs(cells.values[there])
                                  : cells.values[here] > cells.values[there];
      if (!isMasked(cells.classes[here]) && (isMasked(cells.classes[there]) || more)) best = j;
    }
    return best;
  }

  void drawBars(const RowValues::Level& bars, const Box& plot, float pitch) {
    const float gap = pitch >= 4 ? 1 : 0;
    for (std::size_t n = 0; n < bars.values.size();) {
      const float x0 = plot.x0 + pitch * static_cast<float>(n);
      if (isMasked(bars.classes[n])) {
        std::size_t end = n;
        while (end < bars.values.size() && isMasked(bars.classes[end])) ++end;
        drawHatched(ui_, {x0, plot.y0, plot.x0 + pitch * static_cast<float>(end), plot.y1});
        n = end;
        continue;
      }
      const float x = bars.values[n];
      if (std::isnan(x)) {
        fill({x0, plot.y0, x0 + pitch - gap, plot.y1}, ui_.c.nan);
      } else {
        const auto [a, b] = reach(x, 0, plot.height());
        const Box bar{x0, plot.y1 - b, x0 + pitch - gap, plot.y1 - a};
        fill(bar, colourOf(x));
        // Its end is seen where its colour is near the ground's.
        if (pitch >= ui_.u(6)) {
          frame(bar, ui_.c.edge, ui_.u(1));
        } else if (pitch >= 3 && b > a) {
          const bool down = isSigned_ && x < 0;
          horizontal(bar.x0, bar.x1, down ? bar.y1 - ui_.u(1) : bar.y0, ui_.c.edge, ui_.u(1));
        }
      }
      ++n;
    }
    if (isSigned_) {
      const float zero = plot.y1 - plot.height() * placeIn(range_, 0);
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
    if (hovered_ != pinned_) bracket(hovered_, ui_.u(1));
    bracket(pinned_, ui_.u(3));
  }

  void upAxis(const Box& plot) {
    float last = 1e9f;
    for (const Tick& tick : ticks(range_, std::max(2, static_cast<int>(plot.height() / ui_.u(44))))) {
      const float y = std::round(plot.y1 - static_cast<float>(tick.at) * plot.height());
      horizontal(plot.x0 - ui_.u(5), plot.x0, y, ui_.c.edge, ui_.u(1));
      if (last - y < ui_.u(14)) continue;
      numText(ui_, plot.x0 - ui_.u(8), centredBaseline(ui_, Role::numMicro, y, y), ui_.c.t2, tick.text,
              Role::numMicro);
      last = y;
    }
  }

  void keyWords(const Box& plot, float pitch, float bottom) {
    const auto count = scene_.field.cols;
    const float foot = bottom - ui_.u(2);
    const float indexLength = textWidth(ui_, Role::numMicro, std::to_string(count - 1));
    for (std::int64_t j = 0; j < count; ++j) {
      const float centre = std::round(plot.x0 + pitch * (static_cast<float>(j) + 0.5f));
      const bool lit = j == pinned_ || j == hovered_;
      const Role role = lit ? Role::strong : Role::body;
      const std::string word = shortened(ui_, role, wordOf(j), foot - plot.y1 - indexLength - ui_.u(22));
      const float length = textWidth(ui_, role, word);
      const float indexFoot = plot.y1 + ui_.u(8) + indexLength;
      textUp(ui_, Role::numMicro, centredBaseline(ui_, Role::numMicro, centre, centre), indexFoot,
             lit ? ui_.c.t1 : ui_.c.t2, std::to_string(j));
      textUp(ui_, role, centredBaseline(ui_, role, centre, centre), indexFoot + ui_.u(6) + length,
             j == pinned_ ? ui_.c.k : ui_.c.t1, word);
    }
  }

  void keyTicks(const Box& plot, float pitch, int level) {
    const double perKey = static_cast<double>(pitch) / std::ldexp(1.0, level);
    const auto widest = static_cast<double>(textWidth(ui_, Role::numMicro, grouped(scene_.field.cols)));
    const std::int64_t step = labelStep(perKey, widest + static_cast<double>(ui_.u(16)));
    for (std::int64_t j = 0; j < scene_.field.cols; j += step) {
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
    if (sideWidth() == 0 || row_->largest.empty()) return {};
    const float top = area.y0 + ui_.u(18);
    const auto lines =
        std::min(std::floor((area.y1 - top) / largestPitch()), static_cast<float>(row_->largest.size()));
    return {area.x1 - sideWidth(), top, area.x1, top + std::max(0.0f, lines) * largestPitch()};
  }
  /// The largest numbers of the row, from the top.
  void largest(const Box& side) {
    const auto lines = static_cast<std::size_t>(std::lround(side.height() / largestPitch()));
    text(ui_, Role::microStrong, side.x0, side.y0 - ui_.u(8), ui_.c.t2,
         "the " + std::to_string(lines) + " largest");
    const std::string last = std::to_string(std::max<std::int64_t>(scene_.field.cols - 1, 0));
    const float indexRight = side.x0 + ui_.u(4) + textWidth(ui_, Role::numMicro, last);
    for (std::size_t n = 0; n < lines && n < row_->largest.size(); ++n) {
      const std::int64_t key = row_->largest[n];
      const float y0 = side.y0 + largestPitch() * static_cast<float>(n);
      const float y1 = y0 + largestPitch();
      const float right = side.x1 - ui_.u(4);
      const bool pinned = key == pinned_;
      if (pinned || key == hovered_) fill({side.x0, y0, side.x1, y1}, pinned ? ui_.c.k : ui_.c.s3, ui_.u(3));
      const ImU32 ink = pinned ? ui_.c.s1 : ui_.c.t1;
      const std::string number =
          value(static_cast<double>(row_->cells().values[static_cast<std::size_t>(key)]));
      const float numberX = right - textWidth(ui_, Role::num, number);
      numText(ui_, indexRight, centredBaseline(ui_, Role::numMicro, y0, y1), pinned ? ink : ui_.c.t2,
              std::to_string(key), Role::numMicro);
      textIn(ui_, Role::body, {indexRight + ui_.u(8), y0, numberX - ui_.u(8), y1}, Align::left, ink,
             wordOf(key));
      numText(ui_, right, centredBaseline(ui_, Role::num, y0, y1), ink, number);
    }
    focusRing(ui_, "row/largest", side, ui_.u(3));
  }

  Panel& p_;
  Ui& ui_;
  StageScene& scene_;
  Box box_;
  bool isSigned_;
  const RowValues* row_ = nullptr;
  Range range_;
  int decimals_ = 3;
  std::shared_ptr<const MapLook> look_;
  std::int64_t pinned_ = -1;
  std::int64_t hovered_ = -1;
};

}  // namespace

void drawRowView(Panel& p, StageScene& scene, const Box& box) {
  RowView(p, scene, box).draw();
}

}  // namespace headlight
