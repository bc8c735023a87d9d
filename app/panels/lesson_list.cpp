#include <algorithm>
#include <cmath>

#include "app/panels/commands.h"
#include "app/panels/lesson_menu.h"
#include "app/panels/lesson_parts.h"
#include "app/widgets/controls.h"

namespace headlight {
namespace {

class LessonList {
 public:
  explicit LessonList(Panel& p) : p_(p), ui_(p.ui) {}

  void draw() {
    const Box& stage = p_.layout.stage;
    const Region region(ui_, "lessons", stage, ui_.c.s0, kOrderStage, true);
    const float widest = ui_.u(1120);
    const float margin = std::max(ui_.m(32, 56), std::floor((stage.width() - widest) / 2));
    left_ = stage.x0 + margin;
    right_ = stage.x1 - margin;
    y_ = region.top() + ui_.u(20);
    header();
    const auto* entries = p_.session.lessons().entries();
    if (entries == nullptr) {
      text(ui_, Role::body, left_, y_ + ui_.u(20), ui_.c.t2, "Reading the lessons");
      ui_.stayAwake(0.05);
      return;
    }
    group(*entries, "Lessons", "predict, try, see, explain", false);
    group(*entries, "Scenes", "one idea each, live", true);
    region.contentEnds(y_ + ui_.u(24));
  }

 private:
  void header() {
    const float wide = buttonWidth(ui_, "Open a lesson file…");
    const Box open = Box::at(right_ - wide, y_, wide, ui_.u(32));
    const float baseline = y_ + ui_.u(24);
    const float end = text(ui_, Role::lesson, left_, baseline, ui_.c.t1, "Lessons");
    const std::string words =
        "Every answer is measured, none is written down. A prediction is locked before anything is shown.";
    const Box place{end + ui_.u(16), y_, open.x0 - ui_.u(16), y_ + ui_.u(38)};
    if (place.width() > ui_.u(160)) {
      text(ui_, Role::body, place.x0, baseline, ui_.c.t2, shortened(ui_, Role::body, words, place.width()));
    }
    if (button(ui_, "lesson.file", open, "Open a lesson file…")) runCommand(p_, "lesson.file");
    y_ = open.y1 + ui_.u(8);
  }

  void group(const std::vector<LessonEntry>& entries, std::string_view name, std::string_view words,
             bool scenes) {
    std::vector<const LessonEntry*> all;
    for (const LessonEntry& entry : entries) {
      if (entry.scene == scenes) all.push_back(&entry);
    }
    if (all.empty()) return;
    y_ += ui_.u(16);
    sectionHead(ui_, left_, y_ + ui_.u(12), name);
    text(ui_, Role::micro, left_ + textWidth(ui_, Role::labelStrong, name) + ui_.u(12), y_ + ui_.u(12),
         ui_.c.t2, words);
    horizontal(left_, right_, y_ + ui_.u(20), ui_.c.line, ui_.u(1));
    y_ += ui_.u(28);
    const float gap = ui_.u(16);
    const int columns = right_ - left_ >= ui_.u(880) ? 2 : 1;
    const float width =
        std::floor((right_ - left_ - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns));
    const float height = ui_.u(72);
    const auto perColumn =
        (all.size() + static_cast<std::size_t>(columns) - 1) / static_cast<std::size_t>(columns);
    for (std::size_t n = 0; n < all.size(); ++n) {
      const std::size_t before = n / perColumn;
      const auto column = static_cast<float>(before);
      const auto row = static_cast<float>(n % perColumn);
      card(*all[n], scenes ? "" : std::to_string(n + 1),
           Box::at(left_ + column * (width + gap), y_ + row * (height + ui_.u(8)), width, height));
    }
    y_ += static_cast<float>(perColumn) * (height + ui_.u(8));
  }

  void card(const LessonEntry& entry, const std::string& number, const Box& box) {
    const std::string id = "lesson.open." + entry.id;
    // The button of its menu stands beside what opens it.
    const Box menu = Box::at(box.x1 - ui_.u(36), box.y0 + ui_.u(8), ui_.u(28), ui_.u(28));
    const Box opens{box.x0, box.y0, menu.x0 - ui_.u(4), box.y1};
    const Press press = pressable(ui_, id, opens);
    fill(box, press.hovered ? ui_.c.s2 : ui_.c.s1, ui_.u(6));
    frame(box, press.hovered ? ui_.c.edge : ui_.c.line, ui_.u(1), ui_.u(6));
    float x = box.x0 + ui_.u(16);
    if (!number.empty()) {
      numText(ui_, box.x0 + ui_.u(34), box.y0 + ui_.u(25), ui_.c.t2, number, Role::numStrong);
      x = box.x0 + ui_.u(46);
    }
    const float right = opens.x1 - ui_.u(4);
    const std::string progress = progressWords(entry);
    const float progressWidth = textWidth(ui_, Role::micro, progress);
    const bool done = entry.steps > 0 && p_.session.lessons().stepsDone(entry.id) >= entry.steps;
    text(ui_, Role::micro, right - progressWidth, box.y0 + ui_.u(25), done ? ui_.c.t1 : ui_.c.t2, progress);
    float titleEnd = right - progressWidth - ui_.u(12);
    if (done) {
      icon(ui_, Icon::check, right - progressWidth - ui_.u(12), box.y0 + ui_.u(21), ui_.c.t1);
      titleEnd -= ui_.u(16);
    }
    const std::string title = mathWidth(ui_, Role::strong, entry.title) > titleEnd - x
                                  ? shortened(ui_, Role::strong, entry.title, titleEnd - x)
                                  : entry.title;
    math(ui_, Role::strong, x, box.y0 + ui_.u(25), ui_.c.t1, title);
    std::vector<std::string> lines = mathLines(ui_, Role::micro, right - x, entry.goal);
    if (lines.size() > 2) {
      lines.resize(2);
      lines[1] = shortened(ui_, Role::micro, lines[1] + " …", right - x);
    }
    float baseline = box.y0 + ui_.u(44);
    for (const std::string& line : lines) {
      math(ui_, Role::micro, x, baseline, ui_.c.t2, line);
      baseline += ui_.u(15);
    }
    focusRing(ui_, id, opens, ui_.u(6));
    std::string chosen = drawLessonMenu(p_, menu, entry.id);
    if (press.pressed) chosen = id;
    if (!chosen.empty()) runCommand(p_, chosen);
  }

  std::string progressWords(const LessonEntry& entry) {
    const std::size_t done = p_.session.lessons().stepsDone(entry.id);
    std::string minutes = std::to_string(entry.minutes) + " min";
    if (done == 0) return minutes;
    if (done >= entry.steps) return "done";
    return std::to_string(done) + " of " + std::to_string(entry.steps) + " steps · " + minutes;
  }

  Panel& p_;
  Ui& ui_;
  float left_ = 0;
  float right_ = 0;
  float y_ = 0;
};

/// What was answered to a step and what was measured, shortly.
std::string resultWords(LessonDesk& desk, std::size_t n) {
  const LessonStep& step = desk.lesson().steps[n];
  if (step.kind == LessonStep::Kind::attempt) return desk.isDone(n) ? "reached" : "not reached";
  const LessonAnswer* answer = desk.sheet().find(step.id);
  if (answer == nullptr) return "not answered";
  const auto found = desk.measured(n);
  if (!found) return "measuring";
  if (answer->option) return found->right == answer->option ? "as measured" : "measured otherwise";
  if (!answer->number || !found->number) return "answered";
  return measuredText(*answer->number) + ", measured " + measuredText(*found->number);
}

}  // namespace

void drawLessonList(Panel& p) {
  LessonList(p).draw();
}

float drawLessonEnd(Panel& p, LessonDesk& desk, float x, float y, float width) {
  Ui& ui = p.ui;
  LessonRoom& room = lessonRoom(p, desk);
  const auto score = desk.score();
  if (!score) ui.stayAwake(0.05);
  y += ui.u(34);
  text(ui, Role::title, x, y, ui.c.t1,
       score ? std::to_string(score->first) + " of " + std::to_string(score->second) + " as measured"
             : "The end of the lesson");
  y = mathParagraph(ui, Role::body, x, y + ui.u(26), width, ui.u(19), ui.c.t2, desk.lesson().goal);
  y += ui.u(4);
  for (std::size_t n = 0; n < desk.lesson().steps.size(); ++n) {
    const LessonStep& step = desk.lesson().steps[n];
    if (step.kind == LessonStep::Kind::see) continue;
    const std::string words = resultWords(desk, n);
    const bool reached = words == "as measured" || words == "reached";
    const Box row = Box::at(x, y, width, ui.u(24));
    if (reached) icon(ui, Icon::check, row.x0 + ui.u(6), row.centreY(), ui.c.t1);
    const float wide = textWidth(ui, Role::micro, words);
    text(ui, Role::micro, row.x1 - wide, centredBaseline(ui, Role::micro, row.y0, row.y1), ui.c.t2, words);
    const std::string name =
        std::to_string(n + 1) + "  " + (step.ask.text.empty() ? step.say : step.ask.text);
    text(ui, Role::body, row.x0 + ui.u(20), centredBaseline(ui, Role::body, row.y0, row.y1), ui.c.t1,
         shortened(ui, Role::body, name, width - wide - ui.u(32)));
    y = row.y1;
  }
  y += ui.u(20);
  sectionHead(ui, x, y, "Answer sheet");
  y += ui.u(12);
  const float wide = buttonWidth(ui, "Save…");
  const Box save = Box::at(x + width - wide, y, wide, ui.u(30));
  const FieldEvent event =
      lineField(ui, "lesson.name", {x, y, save.x0 - ui.u(8), save.y1}, room.name, "your name");
  if (event.changed || event.done) p.session.lessons().setName(room.name);
  if (button(ui, "lesson.sheet", save, "Save…")) runCommand(p, "lesson.sheet");
  y = save.y1 + ui.u(12);
  const Box again = Box::at(x, y, buttonWidth(ui, "Begin again"), ui.u(28));
  if (button(ui, "lesson.again", again, "Begin again")) runCommand(p, "lesson.again");
  text(ui, Role::micro, again.x1 + ui.u(10), centredBaseline(ui, Role::micro, again.y0, again.y1), ui.c.t2,
       shortened(ui, Role::micro, "forgets these answers", x + width - again.x1 - ui.u(10)));
  return again.y1;
}

}  // namespace headlight
