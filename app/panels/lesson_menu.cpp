#include "app/panels/lesson_menu.h"

#include <algorithm>
#include <cmath>

#include "app/panels/commands.h"
#include "app/panels/lesson_parts.h"
#include "app/widgets/controls.h"

namespace headlight {
namespace {

struct Row {
  std::string command;
  std::string words;
};

std::vector<Row> rowsOf(const std::string& id) {
  if (id.empty()) {
    return {{"lesson.explore", "Open in Explore"},
            {"lesson.handout", "Save the handout…"},
            {"lesson.notes", "Save lecturer's notes…"},
            {"lesson.sheet", "Save the answer sheet…"},
            {"lesson.again", "Begin again"},
            {"lesson.leave", "Leave the lesson"}};
  }
  return {{"lesson.open." + id, "Open"},
          {"lesson.handout." + id, "Save the handout…"},
          {"lesson.notes." + id, "Save lecturer's notes…"}};
}

}  // namespace

std::string drawLessonMenu(Panel& p, const Box& box, const std::string& id) {
  Ui& ui = p.ui;
  const std::string name = id.empty() ? "lesson.menu" : "lesson.menu." + id;
  if (button(ui, name, box, "…", {}, ButtonKind::quiet)) ui.openPopup(name);
  ui.tip(name, box, ui.open.empty() && ImGui::IsMouseHoveringRect(box.min(), box.max()),
         id.empty() ? "Explore, handout, notes and more" : "Handout and lecturer's notes");
  if (!ui.popupIs(name)) return {};
  const std::vector<Row> rows = rowsOf(id);
  const std::vector<Command> all = commands(p);
  const float rowHeight = ui.u(26);
  const float width = ui.u(220);
  const float height = rowHeight * static_cast<float>(rows.size()) + ui.u(8);
  const Popup popup(ui, name, Box::at(box.x1 - width, box.y1 + ui.u(2), width, height));
  if (!popup) return {};
  std::string chosen;
  const float left = ImGui::GetWindowPos().x + ui.u(4);
  float y = ImGui::GetWindowPos().y + ui.u(4);
  for (const Row& row : rows) {
    const auto command =
        std::find_if(all.begin(), all.end(), [&](const Command& each) { return each.id == row.command; });
    const bool enabled = command != all.end() && command->enabled;
    const Box place = Box::at(left, y, width - ui.u(8), rowHeight);
    const std::string item = "lesson.menu/" + row.command;
    if (listRow(ui, item, place, row.words, "", false, enabled)) {
      ui.closePopup();
      chosen = row.command;
    }
    if (!enabled && command != all.end())
      ui.tip(item, place, ImGui::IsMouseHoveringRect(place.min(), place.max()), whyDisabled(p, *command));
    y += rowHeight;
  }
  return chosen;
}

float drawLessonBand(Panel& p, const Box& stage) {
  const LessonDesk* desk = openLessonDesk(p);
  if (desk == nullptr || p.state.tab == "lessons") return 0;
  Ui& ui = p.ui;
  const Box band = Box::at(stage.x0, stage.y0, stage.width(), ui.u(36));
  fill(band, isDark(ui.theme) ? ui.c.s2 : ui.c.accbg);
  horizontal(band.x0, band.x1, band.y1 - ui.u(1), ui.c.line, ui.u(1));
  fill({band.x0, band.y0, band.x0 + ui.u(3), band.y1}, ui.c.acc);
  constexpr std::string_view kBack = "Back to the lesson";
  const float wide = buttonWidth(ui, kBack);
  const Box back = Box::at(band.x1 - ui.u(12) - wide, std::round(band.centreY() - ui.u(13)), wide, ui.u(26));
  const Box room{band.x0 + ui.m(20, 28), band.y0, back.x0 - ui.u(16), band.y1};
  const std::string place = desk->atEnd() ? "the end"
                                          : "step " + std::to_string(desk->at() + 1) + " of " +
                                                std::to_string(desk->lesson().steps.size());
  const float baseline = centredBaseline(ui, Role::body, band.y0, band.y1);
  const std::string& title = desk->lesson().title;
  const float placeTakes = textWidth(ui, Role::body, place) + ui.u(14);
  float x = room.x0;
  if (mathWidth(ui, Role::strong, title) + placeTakes <= room.width()) {
    x = math(ui, Role::strong, x, baseline, ui.c.t1, title) + ui.u(14);
  } else if (placeTakes + ui.u(80) <= room.width()) {
    x = text(ui, Role::strong, x, baseline, ui.c.t1,
             shortened(ui, Role::strong, title, room.width() - placeTakes)) +
        ui.u(14);
  }
  x = text(ui, Role::body, x, baseline, ui.c.t2, shortened(ui, Role::body, place, room.x1 - x)) + ui.u(14);
  constexpr std::string_view kWords = "Changes count in the lesson too.";
  if (x + textWidth(ui, Role::body, kWords) <= room.x1) text(ui, Role::body, x, baseline, ui.c.t2, kWords);
  if (button(ui, "lesson.return", back, kBack)) runCommand(p, "lesson.return");
  return band.height();
}

}  // namespace headlight
