#include <cmath>

#include "app/panels/compare_parts.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"

namespace headlight {
namespace {

float rowHeight(const Ui& ui) {
  return ui.m(22, 24);
}

constexpr float kHead = 26;  ///< height of the line above the rows

/// A token in its hue with its index behind it. Returns the x after it.
float token(Ui& ui, float x, float middle, float room, ImU32 hue, const std::string& word,
            std::int64_t index) {
  const std::string number = std::to_string(index);
  const float numberWidth = textWidth(ui, Role::numMicro, number);
  const std::string shown =
      word == number ? "" : shortened(ui, Role::strong, word, room - numberWidth - ui.u(6));
  if (!shown.empty())
    x = text(ui, Role::strong, x, centredBaseline(ui, Role::strong, middle, middle), hue, shown) + ui.u(6);
  return text(ui, Role::numMicro, x, centredBaseline(ui, Role::numMicro, middle, middle), ui.c.t2, number);
}

/// Right edges of the columns of numbers, and the bar behind them.
struct Columns {
  float words = 0;  ///< right edge of what comes before them
  std::optional<float> a;
  std::optional<float> b;
  float difference = 0;
  float barLeft = 0;
  float barRight = 0;
};
/// In a narrow list the words give way, then the numbers of A and B, which the inspector has too.
Columns columnsOf(const Ui& ui, const Box& box) {
  Columns columns;
  const float each = ui.m(70, 86);
  const float last = each + ui.u(14);
  const float words = std::min(std::round(box.width() * 0.42f), ui.m(290, 420));
  const bool all = box.width() - 2 * each - last >= ui.u(100);
  columns.words = box.x0 + std::min(words, box.width() - 2 * each - last);
  if (!all) columns.words = box.x1 - last;
  float right = columns.words;
  if (all) {
    columns.a = right += each;
    columns.b = right += each;
  }
  columns.difference = right + last;
  columns.barLeft = columns.difference + ui.u(20);
  columns.barRight = std::min(box.x1, columns.barLeft + ui.m(180, 320));
  return columns;
}

std::string axisWord(const Panel& p, Axis axis, std::int64_t index) {
  return axisHasTokens(axis) ? axisLabel(p, axis, index) : std::to_string(index);
}

void row(Panel& p, const CompareScene& scene, const CellDifference& cell, std::size_t place, const Box& line,
         const Columns& columns, float largest) {
  Ui& ui = p.ui;
  const Cell at{cell.row, cell.col};
  const std::string id = "compare/largest." + std::to_string(place);
  const Press press = pressable(ui, id, line);
  const bool pinned = p.session.pinned() == at;
  if (pinned || press.hovered) fill(line.inset(-ui.u(6), ui.u(1)), ui.c.s3, ui.u(3));
  const float middle = std::round(line.centreY());
  const Stage stage = scene.stage.field.stage;
  const StageInfo& stageInfo = info(stage);
  const float room = (columns.words - line.x0 - ui.u(24)) / 2;
  const ImU32 rowHue = stageInfo.rows == Axis::key     ? ui.c.k
                       : stageInfo.rows == Axis::query ? ui.c.q
                                                       : ui.c.t1;
  const ImU32 colHue = stageInfo.cols == Axis::key ? ui.c.k : ui.c.t1;
  float x = token(ui, line.x0, middle, room, rowHue, axisWord(p, stageInfo.rows, cell.row), cell.row);
  x += ui.u(10);
  arrow(ui, x, x + ui.u(14), middle, ui.c.t2);
  token(ui, x + ui.u(24), middle, room, colHue, axisWord(p, stageInfo.cols, cell.col), cell.col);
  const float baseline = centredBaseline(ui, Role::num, middle, middle);
  const int decimals = decimalsFor(largest);
  if (columns.a) num(ui, *columns.a, baseline, static_cast<double>(cell.first), decimals, ui.c.t1);
  if (columns.b) num(ui, *columns.b, baseline, static_cast<double>(cell.second), decimals, ui.c.t1);
  numText(ui, columns.difference, centredBaseline(ui, Role::numStrong, middle, middle), ui.c.t1,
          signedText(static_cast<double>(cell.difference), decimals), Role::numStrong);
  if (columns.barRight - columns.barLeft > ui.u(30) && std::isfinite(cell.difference) && largest > 0) {
    const float zero = std::round((columns.barLeft + columns.barRight) / 2);
    const float half = (columns.barRight - columns.barLeft) / 2;
    const float end = std::round(zero + half * cell.difference / largest);
    const Colormap& map = defaultColormap(true, isDark(ui.theme));
    const float thick = ui.u(8);
    fill({std::min(zero, end), middle - thick / 2, std::max(zero, end), middle + thick / 2},
         toColour(map.colours[cell.difference < 0 ? 56 : 200]));
    vertical(zero, line.y0 + ui.u(2), line.y1 - ui.u(2), ui.c.edge, ui.u(1));
  }
  focusRing(ui, id, line, ui.u(3));
  if (!press.pressed) return;
  p.session.pin(at);
  const Cell shown = scene.stage.toShown(at);
  p.state.map.reveal(shown.row, shown.col);
}

}  // namespace

float largestHeight(const Ui& ui, int rows) {
  return ui.u(kHead) + rowHeight(ui) * static_cast<float>(rows) + ui.u(6);
}

void drawLargest(Panel& p, const CompareScene& scene) {
  Ui& ui = p.ui;
  const Box& box = scene.list;
  const auto found = scene.compare->largest();
  const Columns columns = columnsOf(ui, box);
  const float baseline = box.y0 + ui.u(16);
  const float headRoom = columns.words + ui.u(10) - box.x0;
  const std::string head =
      found && found->sampled ? "Largest differences, of some rows" : "Largest differences";
  text(ui, Role::labelStrong, box.x0, baseline, ui.c.t1, shortened(ui, Role::labelStrong, head, headRoom));
  if (!found) {
    const std::string_view words = "computing";
    text(ui, Role::micro, columns.difference - textWidth(ui, Role::micro, words), baseline, ui.c.t2, words);
    return;
  }
  if (found->cells.empty()) {
    text(ui, Role::body, box.x0, baseline + ui.u(22), ui.c.t2, "None: every cell is the same in A and B.");
    return;
  }
  if (columns.a) numText(ui, *columns.a, baseline, ui.c.t2, "A", Role::microStrong);
  if (columns.b) numText(ui, *columns.b, baseline, ui.c.t2, "B", Role::microStrong);
  numText(ui, columns.difference, baseline, ui.c.t2, "A − B", Role::microStrong);
  const float largest = std::abs(found->cells.front().difference);
  // The rows' ground reaches a little beyond their words.
  const float beyond = ui.u(6);
  const Region region(ui, "largest", {box.x0 - beyond, box.y0 + ui.u(kHead), box.x1 + beyond, box.y1},
                      ui.c.s0, kOrderStage, true);
  float y = region.top();
  std::size_t place = 0;
  for (const CellDifference& cell : found->cells) {
    row(p, scene, cell, place++, {box.x0, y, box.x1, y + rowHeight(ui)}, columns, largest);
    y += rowHeight(ui);
  }
  region.contentEnds(y);
}

}  // namespace headlight
