#include <algorithm>
#include <cmath>
#include <string>

#include "app/panels/commands.h"
#include "app/panels/dialogs.h"
#include "app/panels/palette_match.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/keys.h"

namespace headlight {
void openPalette(Panel& p) {
  p.state.query.clear();
  p.state.chosen = 0;
  p.ui.openPopup("palette");
}

namespace {

std::vector<const Command*> ranked(const std::vector<Command>& all, const std::string& query) {
  std::vector<std::pair<int, const Command*>> found;
  for (const Command& command : all) {
    if (command.id == "palette") continue;
    const int quality = matchQuality(command.label, command.group, command.id, query);
    if (quality > 0) found.emplace_back(quality, &command);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<const Command*> list;
  list.reserve(found.size());
  for (const auto& [quality, command] : found) list.push_back(command);
  return list;
}

bool paletteRow(Panel& p, const Command& command, const Box& row) {
  Ui& ui = p.ui;
  const std::string id = "palette/" + command.id;
  if (command.enabled)
    return listRow(ui, id, row, command.label, command.chordText.empty() ? command.group : command.chordText,
                   false, true);
  // Its name is dimmed, the reason is not.
  const std::string why = whyDisabled(p, command);
  const float width = std::min(textWidth(ui, Role::micro, why), row.width() * 0.5f);
  const float room = row.width() - width - ui.u(26 + 8 + 20);
  const bool pressed = listRow(ui, id, row, shortened(ui, Role::body, command.label, room), "", false, false);
  textIn(ui, Role::micro, {row.x1 - ui.u(8) - width, row.y0, row.x1 - ui.u(8), row.y1}, Align::right, ui.c.t2,
         why);
  return pressed;
}

}  // namespace

void drawPalette(Panel& p) {
  Ui& ui = p.ui;
  if (!ui.popupIs("palette")) return;
  constexpr int kShown = 12;
  const float rowHeight = ui.u(26);
  const float width = ui.u(520);
  const std::vector<Command> all = commands(p);
  std::vector<const Command*> found = ranked(all, p.state.query);
  const auto rows = static_cast<float>(std::clamp(static_cast<int>(found.size()), 1, kShown));
  const Popup popup(ui, "palette",
                    Box::at(std::round((p.layout.window.width() - width) / 2), p.layout.top.y1 + ui.u(24),
                            width, ui.u(60) + rowHeight * rows));
  if (!popup) return;
  const ImVec2 at = ImGui::GetWindowPos();
  const Box field = Box::at(at.x + ui.u(10), at.y + ui.u(10), width - ui.u(20), ui.u(32));
  const std::string before = p.state.query;
  const bool down = ui.take(kKeyDown);
  const bool up = ui.take(kKeyUp);
  const bool pageDown = ui.take(kKeyPageDown);
  const bool pageUp = ui.take(kKeyPageUp);
  if (ui.take(kKeyEscape)) ui.closePopup();
  const FieldEvent event = lineField(ui, "palette/field", field, p.state.query, "Type a command");
  if (before != p.state.query) {
    p.state.chosen = 0;
    found = ranked(all, p.state.query);
    ui.stayAwake(0.05);  // the list grows or shrinks with what was found
  }
  const int count = static_cast<int>(found.size());
  if (down) ++p.state.chosen;
  if (up) --p.state.chosen;
  if (pageDown) p.state.chosen += kShown;
  if (pageUp) p.state.chosen -= kShown;
  p.state.chosen = std::clamp(p.state.chosen, 0, std::max(0, count - 1));
  const int first = std::clamp(p.state.chosen - kShown + 1, 0, std::max(0, count - kShown));
  float y = field.y1 + ui.u(8);
  for (int i = first; i < std::min(count, first + kShown); ++i) {
    const Command& command = *found[static_cast<std::size_t>(i)];
    const Box row = Box::at(field.x0, y, field.width(), rowHeight);
    if (i == p.state.chosen) {
      fill(row, ui.c.s3, ui.u(3));
      fill({row.x0, row.y0 + ui.u(4), row.x0 + ui.u(2), row.y1 - ui.u(4)}, ui.c.acc);
    }
    const bool pressed = paletteRow(p, command, row);
    if (command.enabled && (pressed || (event.entered && i == p.state.chosen))) {
      ui.closePopup();
      command.run(p);
    }
    y += rowHeight;
  }
  if (count == 0) {
    textIn(ui, Role::body, Box::at(field.x0 + ui.u(8), y, field.width(), rowHeight), Align::left, ui.c.t2,
           "No command has these letters");
  }
}

}  // namespace headlight
