#include <algorithm>
#include <cmath>

#include "app/panels/home.h"
#include "app/session/lesson_desk.h"
#include "app/session/open_file.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"

namespace headlight {
namespace {

constexpr float kRow = 27;
constexpr std::size_t kMostRecent = 6;

/// A row that can be pressed: words at the left, what is known of it at the right.
bool row(Panel& p, const std::string& id, const Box& box, const std::string& words, const std::string& right,
         bool enabled, const std::string& reason, bool markup) {
  Ui& ui = p.ui;
  const Press press = pressable(ui, id, box, enabled);
  if (enabled && (press.hovered || press.held)) fill(box, ui.c.s3, ui.u(3));
  const float pad = ui.u(8);
  const float rightWidth = textWidth(ui, Role::micro, right);
  textIn(ui, Role::micro, {box.x1 - pad - rightWidth, box.y0, box.x1 - pad + 1, box.y1}, Align::left,
         enabled ? ui.c.t2 : ui.c.t3, right);
  const Box place{box.x0 + pad, box.y0, box.x1 - 2 * pad - rightWidth, box.y1};
  const ImU32 colour = enabled ? ui.c.t1 : ui.c.t3;
  if (markup && mathWidth(ui, Role::body, words) <= place.width()) {
    math(ui, Role::body, place.x0, centredBaseline(ui, Role::body, place.y0, place.y1), colour, words);
  } else {
    textIn(ui, Role::body, place, Align::left, colour, words);
  }
  focusRing(ui, id, box, ui.u(3));
  if (!enabled) ui.tip(id, box, press.hovered, reason);
  return press.pressed;
}

}  // namespace

float drawHomeLessons(Panel& p, float x, float y, float width) {
  Ui& ui = p.ui;
  sectionHead(ui, x, y + ui.u(12), "Lessons");
  y += ui.u(22);
  LessonDesk& desk = p.session.lessons();
  const std::vector<LessonEntry>* lessons = desk.entries();
  if (lessons == nullptr) return y;
  int number = 0;
  for (const LessonEntry& lesson : *lessons) {
    if (lesson.scene) continue;
    const Box box = Box::at(x - ui.u(8), y, width + ui.u(16), ui.u(kRow));
    const std::size_t done = std::min(desk.stepsDone(lesson.id), lesson.steps);
    const std::string words = std::to_string(++number) + "  " + lesson.title;
    std::string right = std::to_string(lesson.minutes) + " min";
    if (done > 0) right = std::to_string(done) + " of " + std::to_string(lesson.steps);
    if (lesson.steps > 0 && done == lesson.steps) right = "done";
    if (row(p, "home/lesson." + lesson.id, box, words, right, true, "", true)) openHomeLesson(p, lesson.id);
    if (done > 0 && done < lesson.steps) {
      // How far it has come, under its words.
      const float share = static_cast<float>(done) / static_cast<float>(lesson.steps);
      fill({x, box.y1 - ui.u(3), x + width, box.y1 - ui.u(1)}, ui.c.s3);
      fill({x, box.y1 - ui.u(3), x + std::round(width * share), box.y1 - ui.u(1)}, ui.c.t2);
    }
    y = box.y1;
  }
  return y;
}

float drawHomeRecent(Panel& p, float x, float y, float width) {
  Ui& ui = p.ui;
  const std::vector<std::string> recent = p.session.settings().recentFiles;
  if (recent.empty()) return y;
  sectionHead(ui, x, y + ui.u(12), "Recent files");
  y += ui.u(22);
  for (std::size_t i = 0; i < std::min(recent.size(), kMostRecent); ++i) {
    const std::string& path = recent[i];
    const bool missing = p.session.recentMissing(path);
    const Box box = Box::at(x - ui.u(8), y, width + ui.u(16), ui.u(kRow));
    const std::string where =
        missing ? "missing" : shortened(ui, Role::micro, fileNameOf(folderOf(path)), width * 0.4f);
    const std::string command = "recent." + std::to_string(i);
    if (row(p, "home/" + command, box, fileNameOf(path), where, !missing,
            "it is not at " + path + " any more", false))
      runCommand(p, command);
    y = box.y1;
  }
  return y;
}

}  // namespace headlight
