#include <algorithm>
#include <cmath>

#include "app/panels/commands.h"
#include "app/panels/dialogs.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/keys.h"
#include "core/base/words.h"

namespace headlight {
namespace {

bool isHead(const Command& command) {
  return command.id.rfind("head.", 0) == 0 && command.id != "head.mean";
}

/// Every word of the query stands in the label or the group.
bool matches(const Command& command, const std::string& query) {
  const std::string where = lowered(command.group + " " + command.label + " " + command.id);
  std::size_t at = 0;
  while (at < query.size()) {
    const std::size_t end = std::min(query.find(' ', at), query.size());
    const std::string word = lowered(std::string_view(query).substr(at, end - at));
    if (!word.empty() && where.find(word) == std::string::npos) return false;
    at = end + 1;
  }
  return true;
}

void runAndClose(Panel& p, const Command& command) {
  p.ui.closePopup();
  command.run(p);
}

}  // namespace

void openMenu(Panel& p) {
  p.ui.openPopup("menu");
}

void openPalette(Panel& p) {
  p.state.query.clear();
  p.state.chosen = 0;
  p.ui.openPopup("palette");
}

void drawMenu(Panel& p) {
  Ui& ui = p.ui;
  if (!ui.popupIs("menu")) return;
  const std::vector<Command> all = commands(p);
  const char* groups[] = {"File", "Edit", "View", "Go", "Help"};
  const float rowHeight = ui.u(24);
  const float width = ui.u(218);
  // Columns: File, Edit + Go + Help, View.
  const int columnOf[] = {0, 1, 2, 1, 1};
  float heights[3] = {0, 0, 0};
  for (int g = 0; g < 5; ++g) {
    float& height = heights[columnOf[g]];
    if (height > 0) height += ui.u(10);
    height += ui.u(26);
    for (const Command& command : all) {
      if (command.group == groups[g] && !isHead(command)) height += rowHeight;
    }
  }
  const float tall = std::max({heights[0], heights[1], heights[2]}) + ui.u(16);
  const Popup popup(ui, "menu", Box::at(ui.u(8), p.layout.top.y1 + ui.u(2), 3 * width + ui.u(32), tall));
  if (!popup) return;
  const ImVec2 at = ImGui::GetWindowPos();
  float ys[3] = {at.y + ui.u(8), at.y + ui.u(8), at.y + ui.u(8)};
  for (int g = 0; g < 5; ++g) {
    const int column = columnOf[g];
    float& y = ys[column];
    const float x = at.x + ui.u(8) + static_cast<float>(column) * (width + ui.u(8));
    if (y > at.y + ui.u(8)) {
      y += ui.u(4);
      horizontal(x + ui.u(8), x + width - ui.u(8), y, ui.c.line, ui.u(1));
      y += ui.u(6);
    }
    sectionHead(ui, x + ui.u(26), y + ui.u(16), groups[g]);
    y += ui.u(26);
    for (const Command& command : all) {
      if (command.group != groups[g] || isHead(command)) continue;
      const Box row = Box::at(x, y, width, rowHeight);
      if (listRow(ui, "menu/" + command.id, row, command.label, command.chordText, false, command.enabled)) {
        runAndClose(p, command);
      }
      y += rowHeight;
    }
  }
}

void drawPalette(Panel& p) {
  Ui& ui = p.ui;
  if (!ui.popupIs("palette")) return;
  constexpr int kShown = 10;
  const float rowHeight = ui.u(26);
  const float width = ui.u(480);
  const Popup popup(ui, "palette",
                    Box::at(std::round((p.layout.window.width() - width) / 2), p.layout.top.y1 + ui.u(24),
                            width, ui.u(60) + rowHeight * kShown));
  if (!popup) return;
  const ImVec2 at = ImGui::GetWindowPos();
  const Box field = Box::at(at.x + ui.u(10), at.y + ui.u(10), width - ui.u(20), ui.u(32));
  const std::string before = p.state.query;
  const bool down = ui.take(kKeyDown);
  const bool up = ui.take(kKeyUp);
  if (ui.take(kKeyEscape)) ui.closePopup();
  const FieldEvent event = lineField(ui, "palette/field", field, p.state.query, "Type a command");
  if (before != p.state.query) p.state.chosen = 0;

  std::vector<const Command*> found;
  const std::vector<Command> all = commands(p);
  for (const Command& command : all) {
    if (command.id != "palette" && matches(command, p.state.query)) found.push_back(&command);
  }
  const int count = static_cast<int>(found.size());
  if (down) ++p.state.chosen;
  if (up) --p.state.chosen;
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
    const bool pressed =
        listRow(ui, "palette/" + command.id, row, command.label,
                command.chordText.empty() ? command.group : command.chordText, false, command.enabled);
    if (command.enabled && (pressed || (event.entered && i == p.state.chosen))) runAndClose(p, command);
    y += rowHeight;
  }
  if (count == 0) {
    textIn(ui, Role::body, Box::at(field.x0 + ui.u(8), y, field.width(), rowHeight), Align::left, ui.c.t2,
           "No command has these letters");
  }
}

void drawKeysHelp(Panel& p) {
  Ui& ui = p.ui;
  const bool wanted = p.session.helpOpen();
  if (wanted && !p.state.helpShown) {
    ui.openPopup("keys");
    p.state.helpShown = true;
  } else if (!wanted && p.state.helpShown) {
    if (ui.popupIs("keys")) ui.closePopup();
    p.state.helpShown = false;
  } else if (wanted && !ui.popupPending("keys")) {
    p.session.toggleHelp();
    p.state.helpShown = false;
  }
  if (!ui.popupIs("keys")) return;

  struct Row {
    std::string keys;
    std::string words;
  };
  std::vector<Row> rows = {{"Tab, Shift Tab", "Next region: pipeline, controls, map, heads, inspector"},
                           {"← →", "Through the pipeline; with a pinned cell, along its row"},
                           {"Enter", "Pin the first cell in sight; type a number; press"},
                           {"Arrows", "Move the pinned cell, with Shift by ten"},
                           {"Esc", "Release the cell, close what is open"},
                           {"0 … 9", "Show that head"},
                           {"Backspace", "Back to the default, as a right click"},
                           {"Wheel", "Zoom at the pointer; turn a slider, finer with Shift"},
                           {"Drag", "Move the map; a slider by its name or its track"},
                           {"[ and ]", "Fold the controls, fold the inspector"}};
  for (const Command& command : commands(p)) {
    const bool said =
        isHead(command) || command.group == "Go" || command.chordText == "[" || command.chordText == "]";
    if (!command.chordText.empty() && !said) rows.push_back({command.chordText, command.label});
  }
  const auto perColumn = (rows.size() + 1) / 2;
  const float rowHeight = ui.u(24);
  const float column = ui.u(430);
  const float width = 2 * column + ui.u(32);
  const float height = ui.u(64) + rowHeight * static_cast<float>(perColumn);
  const Popup popup(ui, "keys",
                    Box::at(std::round((p.layout.window.width() - width) / 2),
                            std::round((p.layout.window.height() - height) / 2), width, height));
  if (!popup) return;
  const ImVec2 at = ImGui::GetWindowPos();
  text(ui, Role::title, at.x + ui.u(20), at.y + ui.u(34), ui.c.t1, "Keys");
  const float closeWidth = ui.u(92);
  if (button(ui, "keys/close",
             Box::at(at.x + width - closeWidth - ui.u(16), at.y + ui.u(14), closeWidth, ui.u(28)), "Close",
             "Esc")) {
    ui.closePopup();
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t columnsBefore = i / perColumn;
    const float x = at.x + ui.u(20) + static_cast<float>(columnsBefore) * column;
    const float y = at.y + ui.u(52) + static_cast<float>(i % perColumn) * rowHeight;
    textIn(ui, Role::strong, Box::at(x, y, ui.u(100), rowHeight), Align::left, ui.c.t1, rows[i].keys);
    textIn(ui, Role::micro, Box::at(x + ui.u(108), y, column - ui.u(124), rowHeight), Align::left, ui.c.t2,
           rows[i].words);
  }
}

}  // namespace headlight
