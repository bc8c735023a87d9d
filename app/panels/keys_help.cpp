#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/panels/commands.h"
#include "app/panels/dialogs.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/keys.h"

namespace headlight {
namespace {

struct Row {
  std::string keys;
  std::string words;
};
struct Group {
  std::string name;
  std::vector<Row> rows;
};

/// What pointer and keyboard do to whatever they are at; no command of its own.
Group gestures() {
  return {"Everywhere",
          {{"Tab, Shift Tab", "next, previous control"},
           {"Enter, Space", "press; on the map, pin the first cell in sight"},
           {"Arrows", "move the pinned cell, with Shift by ten; turn a slider; walk pipeline and heads"},
           {"Backspace", "back to the default"},
           {"Right click", "the same; on the map, release the cell"},
           {"Shift held", "while comparing: A and B change places"},
           {"Click", "pin a cell, with Ctrl add one; type a number"},
           {"1 … 9", "on Home: open that example or scene"},
           {"Drag", "move the map; a slider by its name or its track"},
           {"Drag a label", "beside the map: its token takes another place"},
           {"Wheel", "zoom at the pointer; turn a slider, finer with Shift"}}};
}

/// Whether the command is one of several, a digit key for each head.
bool ofAHead(const Command& command) {
  const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
  return isDigit(command.id.back()) && isDigit(command.chordText.back());
}

/// Every command with a key, by group; the keys of the heads are one row.
std::vector<Group> groupsOf(const std::vector<Command>& all) {
  std::vector<Group> groups{gestures()};
  std::set<std::string> heads;
  for (const Command& command : all) {
    if (command.chordText.empty()) continue;
    Row row{command.chordText, command.label};
    if (ofAHead(command)) {
      const std::string keys = command.chordText.substr(0, command.chordText.size() - 1);
      if (!heads.insert(keys).second) continue;
      const std::string verb = command.label.substr(0, command.label.rfind(" H"));
      row = {keys + "0 … 9", verb == command.label ? "Show that head" : verb + " that head"};
    }
    auto at = std::find_if(groups.begin(), groups.end(),
                           [&command](const Group& group) { return group.name == command.group; });
    if (at == groups.end()) at = groups.insert(groups.end(), Group{command.group, {}});
    at->rows.push_back(std::move(row));
  }
  return groups;
}

/// Scrolls the region that is being drawn.
void scrollByKeys(Ui& ui, float page, float row) {
  float by = 0;
  if (ui.take(kKeyDown)) by += row;
  if (ui.take(kKeyUp)) by -= row;
  if (ui.take(kKeyPageDown)) by += page;
  if (ui.take(kKeyPageUp)) by -= page;
  if (ui.take(kKeyHome)) by -= ImGui::GetScrollY();
  if (ui.take(kKeyEnd)) by += ImGui::GetScrollMaxY();
  if (by == 0) return;
  ImGui::SetScrollY(std::clamp(ImGui::GetScrollY() + by, 0.0f, ImGui::GetScrollMaxY()));
  ui.stayAwake(0.05);
}

/// Returns the y below.
float drawGroup(Ui& ui, const Group& group, float x, float y, float width) {
  sectionHead(ui, x, y + ui.u(16), group.name);
  y += ui.u(24);
  const float keys = ui.u(124);
  const float leading = ui.u(16);
  for (const Row& row : group.rows) {
    const std::vector<std::string> lines = wrapped(ui, Role::micro, width - keys - ui.u(8), row.words);
    float baseline = y + ui.u(15);
    textIn(ui, Role::labelStrong, {x, y, x + keys, y + ui.u(22)}, Align::left, ui.c.t1, row.keys);
    for (const std::string& line : lines) {
      text(ui, Role::micro, x + keys + ui.u(8), baseline, ui.c.t2, line);
      baseline += leading;
    }
    y += ui.u(22) + leading * static_cast<float>(lines.size() - 1);
  }
  return y + ui.u(12);
}

float heightOf(const Ui& ui, const Group& group, float width) {
  float height = ui.u(36);
  for (const Row& row : group.rows) {
    const auto lines = wrapped(ui, Role::micro, width - ui.u(132), row.words).size();
    height += ui.u(22) + ui.u(16) * static_cast<float>(lines - 1);
  }
  return height;
}

}  // namespace

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

  const std::vector<Group> groups = groupsOf(commands(p));
  const float pad = ui.u(20);
  const float width = std::min(ui.u(900), p.layout.window.width() - ui.u(40));
  const float column = std::floor((width - 2 * pad - ui.u(10) - ui.u(24)) / 2);
  // The first groups at the left, as many as make half of it.
  std::vector<float> heights;
  float whole = 0;
  for (const Group& group : groups) {
    heights.push_back(heightOf(ui, group, column));
    whole += heights.back();
  }
  std::size_t left = 0;
  float leftHeight = 0;
  while (left < groups.size() && leftHeight + heights[left] / 2 < whole / 2) leftHeight += heights[left++];
  const float content = std::max(leftHeight, whole - leftHeight);
  const float head = ui.u(52);
  const float height = std::min(head + content + pad, p.layout.window.height() - ui.u(40));
  const Popup popup(ui, "keys",
                    Box::at(std::round((p.layout.window.width() - width) / 2),
                            std::round((p.layout.window.height() - height) / 2), width, height));
  if (!popup) return;
  const ImVec2 at = ImGui::GetWindowPos();
  text(ui, Role::title, at.x + pad, at.y + ui.u(34), ui.c.t1, "Keys");
  textIn(ui, Role::micro, {at.x + pad + ui.u(60), at.y + ui.u(20), at.x + width - ui.u(130), at.y + ui.u(40)},
         Align::left, ui.c.t2, "All other commands are found by their names with Ctrl K");
  const float closeWidth = ui.u(92);
  if (button(ui, "keys/close",
             Box::at(at.x + width - closeWidth - ui.u(16), at.y + ui.u(14), closeWidth, ui.u(28)), "Close",
             "Esc")) {
    ui.closePopup();
  }
  const Box list{at.x + ui.u(1), at.y + head, at.x + width - ui.u(1), at.y + height - ui.u(6)};
  const Region region(ui, "keys list", list, ui.c.s1, ui.region, true);
  scrollByKeys(ui, list.height() - ui.u(44), ui.u(22));
  float ys[2] = {region.top(), region.top()};
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const std::size_t side = i < left ? 0 : 1;
    const float x = at.x + pad + static_cast<float>(side) * (column + ui.u(24));
    ys[side] = drawGroup(ui, groups[i], x, ys[side], column);
  }
  region.contentEnds(std::max(ys[0], ys[1]));
}

}  // namespace headlight
