#include <algorithm>
#include <cmath>

#include "app/panels/commands.h"
#include "app/panels/lesson_menu.h"
#include "app/panels/lesson_parts.h"
#include "app/panels/lesson_tab.h"
#include "app/widgets/controls.h"
#include "app/widgets/imgui_compat.h"
#include "app/widgets/keys.h"

namespace headlight {
namespace {

std::string_view kindLabel(LessonStep::Kind kind) {
  switch (kind) {
    case LessonStep::Kind::predict:
      return "Predict";
    case LessonStep::Kind::attempt:
      return "Try";
    case LessonStep::Kind::see:
      return "See";
    case LessonStep::Kind::explain:
      break;
  }
  return "Explain";
}

/// The text before its numbers are there.
std::string unmeasured(const std::string& text) {
  std::string out;
  bool inside = false;
  for (const char c : text) {
    if (c == '{') out += "…";
    if (c == '{' || c == '}') {
      inside = c == '{';
    } else if (!inside) {
      out += c;
    }
  }
  return out;
}

class LessonCard {
 public:
  LessonCard(Panel& p, LessonDesk& desk) : p_(p), ui_(p.ui), desk_(desk), room_(lessonRoom(p, desk)) {}

  void draw() {
    const Box& card = p_.layout.rail;
    const float foot = card.y1 - ui_.u(desk_.atEnd() ? 64 : 92);
    x_ = card.x0 + ui_.u(24);
    width_ = card.width() - ui_.u(49);
    {
      const Region region(ui_, "lesson", {card.x0, card.y0, card.x1, foot}, ui_.c.s1, kOrderRail, true);
      y_ = region.top();
      title();
      steps();
      if (desk_.atEnd()) {
        y_ = drawLessonEnd(p_, desk_, x_, y_, width_);
      } else {
        content();
        if (lessonControlsInCard(p_) && desk_.step().panels.empty() && !asksStill(desk_)) {
          y_ = drawLessonControlsInCard(
              p_, desk_, {x_ - ui_.u(16), card.y0, x_ + width_ + ui_.u(17), card.y1}, y_ + ui_.u(8));
        }
      }
      region.contentEnds(y_ + ui_.u(8));
    }
    {
      const Region region(ui_, "lesson buttons", {card.x0, foot, card.x1, card.y1}, ui_.c.s1, kOrderRail,
                          false);
      if (!desk_.atEnd()) explore({x_ - ui_.u(12), foot + ui_.u(4), x_ + width_, foot + ui_.u(32)});
      buttons({x_, card.y1 - ui_.u(48), x_ + width_, card.y1 - ui_.u(16)});
    }
    vertical(card.x1 - ui_.u(1), card.y0, card.y1, ui_.c.line, ui_.u(1));
    keys();
    // Not sooner: what is drawn belongs to the step that is left.
    if (!then_.empty()) runCommand(p_, then_);
    if (goTo_) p_.session.goToLessonStep(*goTo_);
  }

 private:
  void title() {
    const float right = x_ + width_ - ui_.u(58);
    const Box menu = Box::at(right + ui_.u(4), y_ + ui_.u(17), ui_.u(28), ui_.u(28));
    const Box cross = menu.moved(ui_.u(30), 0);
    y_ = mathParagraph(ui_, Role::lesson, x_, y_ + ui_.u(38), right - x_, ui_.u(28), ui_.c.t1,
                       desk_.lesson().title);
    then_ = drawLessonMenu(p_, menu);
    if (iconButton(ui_, "lesson.leave", cross, Icon::cross,
                   p_.session.deck().empty() ? "Leave the lesson: what you had open comes back"
                                             : "Leave the lesson: another file of the deck is shown"))
      then_ = "lesson.leave";
    y_ += ui_.u(2);
  }

  /// A bar for each step; those that were reached lead there.
  void steps() {
    const std::size_t count = desk_.lesson().steps.size();
    const float gap = ui_.u(count > 12 ? 2 : 6);
    const float each = (width_ - gap * static_cast<float>(count - 1)) / static_cast<float>(count);
    const bool pressable = each >= ui_.u(24);
    for (std::size_t n = 0; n < count; ++n) {
      const float left = std::round(x_ + (each + gap) * static_cast<float>(n));
      const Box box{left, y_ - ui_.u(6), std::round(left + each), y_ + ui_.u(24)};
      step(n, box, pressable);
    }
    y_ += ui_.u(24);
  }

  void step(std::size_t n, const Box& box, bool mayPress) {
    const bool here = n == desk_.at();
    const bool done = desk_.isDone(n);
    const LessonStep::Kind kind = desk_.lesson().steps[n].kind;
    const std::string id = "lesson.step." + std::to_string(n);
    bool hovered = false;
    if (mayPress) {
      const Press press = headlight::pressable(ui_, id, box, reached(n) && !here);
      hovered = press.hovered;
      focusRing(ui_, id, box, ui_.u(3));
      ui_.tip(id, box, press.hovered,
              "Step " + std::to_string(n + 1) + ", " + std::string(kindLabel(kind)) + (done ? ", done" : ""));
      if (press.pressed) goTo_ = n;
    }
    fill({box.x0, box.y0 + ui_.u(6), box.x1, box.y0 + ui_.u(9)}, here || done ? ui_.c.acc : ui_.c.s3);
    if (!mayPress) return;
    const float baseline = box.y0 + ui_.u(24);
    const Role role = here ? Role::microStrong : Role::micro;
    const ImU32 colour = here || hovered ? ui_.c.t1 : ui_.c.t2;
    const float wide = textWidth(ui_, role, kindLabel(kind));
    const float tick = ui_.u(14);
    const bool words = wide + (done && !here ? tick : 0) <= box.width();
    float at = box.x0;
    if (words) at = text(ui_, role, box.x0, baseline, colour, kindLabel(kind)) + ui_.u(4);
    if (done && at + ui_.u(10) <= box.x1 + ui_.u(1))
      icon(ui_, Icon::check, at + ui_.u(5), baseline - ui_.u(4), ui_.c.acc);
  }

  bool reached(std::size_t n) const {
    return desk_.isDone(n) || n <= std::max(desk_.firstOpenStep(), desk_.at());
  }

  void content() {
    const LessonStep& step = desk_.step();
    const auto found = desk_.measured(desk_.at());
    if (!found) ui_.stayAwake(0.05);
    const float leading = ui_.u(19);
    y_ = mathParagraph(ui_, Role::body, x_, y_ + ui_.u(22), width_, leading, ui_.c.t2,
                       found ? found->say : unmeasured(step.say)) -
         leading;
    if (found && !found->fault.empty()) fault(found->fault);
    if (step.kind == LessonStep::Kind::attempt) {
      y_ = drawLessonChecks(p_, desk_, x_, y_ + ui_.u(20), width_);
    } else if (step.kind != LessonStep::Kind::see) {
      y_ = drawLessonQuestion(p_, desk_, x_, y_, width_);
    }
    const bool revealed = step.kind == LessonStep::Kind::see || desk_.isDone(desk_.at());
    if (!revealed || !found || found->reveal.empty()) return;
    if (step.kind == LessonStep::Kind::attempt && !room_.revealed) room_.revealed = ui_.seconds;
    const float share = revealShare(p_, room_);
    y_ += ui_.u(30);
    text(ui_, Role::strong, x_, y_, withAlpha(ui_.c.t1, share), "What happened");
    y_ = mathParagraph(ui_, Role::body, x_, y_ + ui_.u(22), width_, leading, withAlpha(ui_.c.t1, share),
                       found->reveal) -
         leading;
  }

  void fault(const std::string& words) {
    y_ += ui_.u(22);
    icon(ui_, Icon::warning, x_ + ui_.u(7), y_ - ui_.u(4), ui_.c.warn);
    y_ = paragraph(ui_, Role::body, x_ + ui_.u(20), y_, width_ - ui_.u(20), ui_.u(19), ui_.c.t1,
                   "Not measured: " + words + ".") -
         ui_.u(19);
  }

  void explore(const Box& row) {
    constexpr std::string_view kWords = "Open in Explore";
    const Box box{row.x0, row.y0, row.x0 + buttonWidth(ui_, kWords), row.y1};
    const std::string why = whyNotExplore(desk_);
    if (button(ui_, "lesson.explore", box, kWords, {}, ButtonKind::quiet, why.empty(), why))
      then_ = "lesson.explore";
  }

  void buttons(const Box& row) {
    const Box back{row.x0, row.y0, row.x0 + ui_.u(84), row.y1};
    const Box next{back.x1 + ui_.u(12), row.y0, row.x1, row.y1};
    if (button(ui_, "lesson.back", back, "Back", {}, ButtonKind::plain, desk_.at() > 0,
               "this is the first step"))
      then_ = "lesson.back";
    if (desk_.atEnd()) {
      if (button(ui_, "lesson.leave/end", next, endWords(), {}, ButtonKind::primary)) then_ = "lesson.leave";
      return;
    }
    if (asksStill(desk_)) {
      const bool predict = desk_.step().kind == LessonStep::Kind::predict;
      const bool options = !desk_.step().ask.options.empty();
      if (button(ui_, "lesson.lock", next, predict ? "Lock my prediction" : "Lock my answer", {},
                 ButtonKind::primary, mayLockLessonAnswer(p_),
                 options ? "choose one first: keys 1 to 9" : "type a number first"))
        lockLessonAnswer(p_);
      return;
    }
    const bool open = desk_.step().kind == LessonStep::Kind::attempt && !desk_.isDone(desk_.at());
    if (button(ui_, "lesson.next", next, open ? "Go on without it" : nextWords(), {},
               open ? ButtonKind::plain : ButtonKind::primary))
      then_ = "lesson.next";
  }

  std::string_view endWords() const {
    const auto files = static_cast<int>(p_.session.deck().size());
    if (files == 0) return "Back to the lessons";
    return p_.session.deckAt() + 1 < files ? "Next file" : "The file before";
  }

  std::string_view nextWords() const {
    const std::size_t next = desk_.at() + 1;
    if (next >= desk_.lesson().steps.size()) return "Finish";
    switch (desk_.lesson().steps[next].kind) {
      case LessonStep::Kind::predict:
        return "Next question";
      case LessonStep::Kind::attempt:
        return "Try it";
      case LessonStep::Kind::see:
        return "See it";
      case LessonStep::Kind::explain:
        break;
    }
    return "Explain it in one sentence";
  }

  /// Digits choose, Enter does what the primary button does.
  void keys() {
    if (compat::typing() || !ui_.open.empty() || ui_.fieldOpens() || desk_.atEnd()) return;
    if (!asksStill(desk_)) return;
    const auto& options = desk_.step().ask.options;
    for (int n = 0; n < static_cast<int>(options.size()); ++n) {
      if (ui_.take(kKey0 + n + 1) || ui_.take(kKeyKeypad0 + n + 1)) room_.chosen = n;
    }
    if (mayLockLessonAnswer(p_) && (ui_.take(kKeyEnter) || ui_.take(kKeyKeypadEnter))) lockLessonAnswer(p_);
  }

  Panel& p_;
  Ui& ui_;
  LessonDesk& desk_;
  LessonRoom& room_;
  float x_ = 0;
  float width_ = 0;
  float y_ = 0;
  std::string then_;  ///< command of the button that was pressed
  std::optional<std::size_t> goTo_;
};

}  // namespace

void drawLessonCard(Panel& p) {
  if (LessonDesk* desk = openLessonDesk(p)) LessonCard(p, *desk).draw();
}

}  // namespace headlight
