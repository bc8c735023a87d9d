#include <algorithm>
#include <cmath>
#include <string_view>

#include "app/panels/commands.h"
#include "app/panels/dialogs.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"

namespace headlight {
namespace {

constexpr std::string_view kGroups[] = {"File", "Edit", "View", "Go", "Heads", "Lesson", "Help"};
constexpr float kRow = 24;
constexpr float kWidest = 236;

bool inMenu(const Command& command) {
  const bool isHead = command.id.rfind("head.", 0) == 0 && command.id != "head.mean";
  return !isHead;
}

/// A line of the menu: a group's name, or one of its commands.
struct Line {
  std::string_view group;
  const Command* command = nullptr;
  bool begins = false;  ///< a group that is not the first of its column
};

/// The groups one after the other, in columns of at most `most` lines; a group that does not fit beneath the
/// one before begins a column.
std::vector<std::vector<Line>> columnsOf(const std::vector<Command>& all, std::size_t most) {
  std::vector<std::vector<Line>> columns(1);
  for (const std::string_view group : kGroups) {
    std::vector<Line> lines{{group, nullptr, false}};
    for (const Command& command : all) {
      if (command.group == group && inMenu(command)) lines.push_back({group, &command, false});
    }
    if (lines.size() == 1) continue;
    const bool fits = columns.back().size() + lines.size() <= most;
    if (!columns.back().empty() && !fits) columns.emplace_back();
    lines.front().begins = !columns.back().empty();
    for (const Line& line : lines) {
      if (columns.back().size() == most) columns.emplace_back();
      columns.back().push_back(line);
    }
  }
  return columns;
}

/// As many lines as the columns need when the groups are shared out among as few as the window is wide for.
std::vector<std::vector<Line>> placed(const std::vector<Command>& all, std::size_t room, std::size_t across) {
  std::vector<std::vector<Line>> best = columnsOf(all, room);
  // The lowest that needs no more columns.
  const std::size_t allowed = std::max(across, best.size());
  for (std::size_t most = room; most > 1; --most) {
    std::vector<std::vector<Line>> columns = columnsOf(all, most);
    if (columns.size() > allowed) break;
    best = std::move(columns);
  }
  return best;
}

}  // namespace

void openMenu(Panel& p) {
  p.ui.openPopup("menu");
}

void drawMenu(Panel& p) {
  Ui& ui = p.ui;
  if (!ui.popupIs("menu")) return;
  const std::vector<Command> all = commands(p);
  const float pad = ui.u(8);
  const float rowHeight = ui.u(kRow);
  const float top = p.layout.top.y1 + ui.u(2);
  const float tallest = p.layout.window.y1 - top - ui.u(12);
  const auto room = static_cast<std::size_t>(std::max(4.0f, std::floor((tallest - 2 * pad) / rowHeight)));
  constexpr std::size_t kAcross = 3;
  const auto columns = placed(all, room, kAcross);
  const auto count = static_cast<float>(columns.size());
  const float share = (p.layout.window.width() - ui.u(16) - pad) / count - pad;
  const float width = std::floor(std::min(share, ui.u(kWidest)));
  std::size_t longest = 0;
  for (const auto& column : columns) longest = std::max(longest, column.size());
  const Popup popup(
      ui, "menu",
      Box::at(pad, top, count * (width + pad) + pad, static_cast<float>(longest) * rowHeight + 2 * pad));
  if (!popup) return;
  const ImVec2 at = ImGui::GetWindowPos();
  float x = at.x + pad;
  for (const auto& column : columns) {
    float y = at.y + pad;
    for (const Line& line : column) {
      const Box row = Box::at(x, y, width, rowHeight);
      y += rowHeight;
      if (line.command == nullptr) {
        if (line.begins) horizontal(row.x0 + pad, row.x1 - pad, row.y0 + ui.u(2), ui.c.line, ui.u(1));
        sectionHead(ui, row.x0 + ui.u(26), row.y0 + ui.u(18), line.group);
        continue;
      }
      const Command& command = *line.command;
      if (listRow(ui, "menu/" + command.id, row, command.label, command.chordText, false, command.enabled)) {
        ui.closePopup();
        command.run(p);
      }
      if (!command.enabled)
        ui.tip("menu/" + command.id, row, ImGui::IsMouseHoveringRect(row.min(), row.max()),
               whyDisabled(p, command));
    }
    x += width + pad;
  }
}

}  // namespace headlight
