#include <algorithm>
#include <cmath>

#include "app/panels/lesson_panel_parts.h"
#include "core/lesson/panel_point.h"

namespace headlight {
namespace {

void header(Ui& ui, const std::string& words, float right, float room, float baseline) {
  if (mathWidth(ui, Role::micro, words) <= room) {
    math(ui, Role::micro, right - mathWidth(ui, Role::micro, words), baseline, ui.c.t2, words);
  } else {
    const std::string cut = shortened(ui, Role::micro, words, room);
    text(ui, Role::micro, right - textWidth(ui, Role::micro, cut), baseline, ui.c.t2, cut);
  }
}

/// One row of numbers: a name and a number a line.
float facts(Ui& ui, const LessonPanel& panel, const std::vector<PanelRow>& rows, const Box& box) {
  float y = box.y0;
  if (rows.empty()) return y;
  const float height = ui.u(26);
  const float right = std::min(box.x1, box.x0 + ui.u(360));
  for (std::size_t c = 0; c < rows.front().numbers.size(); ++c) {
    const Box row{box.x0, y, right, y + height};
    const float baseline = centredBaseline(ui, Role::body, row.y0, row.y1);
    const std::string number = measuredText(rows.front().numbers[c]);
    const float room = row.width() - textWidth(ui, Role::numStrong, number) - ui.u(16);
    const std::string& label = panel.columns[c].label;
    if (mathWidth(ui, Role::body, label) <= room) {
      math(ui, Role::body, row.x0, baseline, ui.c.t2, label);
    } else {
      text(ui, Role::body, row.x0, baseline, ui.c.t2, shortened(ui, Role::body, label, room));
    }
    numText(ui, row.x1, baseline, ui.c.t1, number, Role::numStrong);
    y += height;
    horizontal(row.x0, row.x1, y - ui.u(1), ui.c.line, ui.u(1));
  }
  return y;
}

}  // namespace

float drawLessonTable(Ui& ui, const LessonPanel& panel, const std::vector<PanelRow>& rows,
                      const std::vector<double>& lit, const Box& box) {
  if (panel.parameter.empty()) return facts(ui, panel, rows, box);
  const std::size_t count = panel.columns.size();
  const float first = ui.u(64);
  const float most = ui.u(132);
  const float each = std::min(most, (box.width() - first) / static_cast<float>(count));
  const float right = box.x0 + first + each * static_cast<float>(count);
  float y = box.y0 + ui.u(14);
  header(ui, panelParameter(panel), box.x0 + first - ui.u(20), first - ui.u(20), y);
  for (std::size_t c = 0; c < count; ++c)
    header(ui, panel.columns[c].label, box.x0 + first + each * static_cast<float>(c + 1), each - ui.u(10), y);
  y += ui.u(8);
  horizontal(box.x0, right, y, ui.c.line, ui.u(1));
  const float height = ui.u(24);
  for (const PanelRow& row : rows) {
    const bool isLit =
        std::any_of(lit.begin(), lit.end(), [&](double value) { return std::abs(value - row.value) < 1e-9; });
    if (isLit) fill({box.x0 - ui.u(4), y, right + ui.u(6), y + height}, ui.c.accbg, ui.u(3));
    const Role role = isLit ? Role::numStrong : Role::num;
    const float baseline = centredBaseline(ui, role, y, y + height);
    numText(ui, box.x0 + first - ui.u(20), baseline, ui.c.t1, measuredText(row.value), role);
    for (std::size_t c = 0; c < row.numbers.size(); ++c)
      numText(ui, box.x0 + first + each * static_cast<float>(c + 1), baseline, ui.c.t1,
              measuredText(row.numbers[c]), role);
    y += height;
  }
  return y;
}

}  // namespace headlight
