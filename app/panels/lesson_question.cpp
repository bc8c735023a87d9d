#include <algorithm>
#include <cmath>

#include "app/panels/lesson_layout.h"
#include "app/panels/lesson_parts.h"
#include "app/widgets/controls.h"
#include "core/base/number.h"

namespace headlight {
namespace {

class Question {
 public:
  Question(Panel& p, LessonDesk& desk, float x, float y, float width)
      : p_(p),
        ui_(p.ui),
        desk_(desk),
        room_(lessonRoom(p, desk)),
        step_(desk.step()),
        given_(desk.sheet().find(step_.id)),
        found_(desk.measured(desk.at())),
        x_(x),
        y_(y),
        width_(width) {}

  float draw() {
    const QuestionLayout layout =
        layOutQuestion(ui_, step_.ask, style(), {x_, y_ + ui_.u(15), x_ + width_, y_ + ui_.u(15)});
    drawWords(ui_, layout.ask, ui_.c.t1);
    y_ = layout.bottom;
    if (step_.ask.options.empty()) number();
    for (std::size_t n = 0; n < layout.options.size(); ++n) option(n, layout.options[n]);
    if (given_ != nullptr && found_) compared();
    return y_;
  }

 private:
  struct Tag {
    std::string words;
    Icon mark;
    Role role;
  };

  bool isOwn(std::size_t n) const {
    return given_ != nullptr ? given_->option == n : room_.chosen == static_cast<int>(n);
  }
  bool isMeasured(std::size_t n) const { return given_ != nullptr && found_ && found_->right == n; }

  /// What is said of an option once the answer is locked.
  std::vector<Tag> tagsOf(std::size_t n) const {
    std::vector<Tag> tags;
    if (isMeasured(n)) tags.push_back({"measured", Icon::check, Role::microStrong});
    if (given_ != nullptr && isOwn(n))
      tags.push_back({step_.kind == LessonStep::Kind::predict ? "your prediction" : "your answer", Icon::lock,
                      Role::micro});
    return tags;
  }

  QuestionStyle style() const {
    QuestionStyle style;
    style.ask = Role::title;
    style.askLeading = ui_.u(22);
    style.option = [this](std::size_t n) { return isOwn(n) || isMeasured(n) ? Role::strong : Role::body; };
    style.optionLeading = ui_.u(19);
    style.optionLeft = ui_.u(38);
    style.optionRight = ui_.u(12);
    style.optionPad = ui_.u(19);
    style.beforeOptions = ui_.u(11);
    style.afterOption = ui_.u(8);
    style.tags = [this](std::size_t n) {
      float width = 0;
      for (const Tag& tag : tagsOf(n)) width += tagWidth(tag) + ui_.u(10);
      return width;
    };
    return style;
  }

  float tagWidth(const Tag& tag) const { return textWidth(ui_, tag.role, tag.words) + ui_.u(22); }

  void drawTag(const Tag& tag, float right, float middle, float share) {
    const ImU32 colour = withAlpha(tag.mark == Icon::lock ? ui_.c.t2 : ui_.c.t1, share);
    icon(ui_, tag.mark, right - ui_.u(7), middle, colour);
    text(ui_, tag.role, right - tagWidth(tag), centredBaseline(ui_, tag.role, middle, middle), colour,
         tag.words);
  }

  void option(std::size_t n, const QuestionLayout::Option& laid) {
    const bool locked = given_ != nullptr;
    const bool own = isOwn(n);
    const Box& box = laid.box;
    const std::string id = "lesson.option." + std::to_string(n);
    bool hovered = false;
    if (!locked) {
      const Press press = pressable(ui_, id, box);
      hovered = press.hovered;
      if (press.pressed) room_.chosen = static_cast<int>(n);
    }
    const float share = revealShare(p_, room_);
    fill(box, own ? ui_.c.accbg : hovered ? ui_.c.s2 : ui_.c.s1, ui_.u(6));
    frame(box, own ? ui_.c.acc : hovered ? ui_.c.edge : ui_.c.line, ui_.u(own ? 2 : 1), ui_.u(6));
    const float middle = std::round(laid.words.top + laid.words.leading / 2);
    radio({x_ + ui_.u(20), middle}, own);
    drawWords(ui_, laid.words, ui_.c.t1);
    float right = box.x1 - ui_.u(12);
    const float tagMiddle = laid.tagsBelow ? laid.words.bottom() + laid.words.leading / 2 : middle;
    const std::vector<Tag> tags = tagsOf(n);
    for (auto tag = tags.rbegin(); tag != tags.rend(); ++tag) {
      drawTag(*tag, right, tagMiddle, tag->mark == Icon::lock ? 1 : share);
      right -= tagWidth(*tag) + ui_.u(10);
    }
    if (!locked) focusRing(ui_, id, box, ui_.u(6));
  }

  void radio(ImVec2 centre, bool on) {
    const ImU32 colour = on ? ui_.c.acc : ui_.c.edge;
    canvas()->AddCircle(centre, ui_.u(7), colour, 24, std::max(1.0f, ui_.scale * 1.5f));
    if (on) canvas()->AddCircleFilled(centre, ui_.u(4), colour, 20);
  }

  void number() {
    const Box field = Box::at(x_, y_, ui_.u(160), ui_.u(34));
    if (given_ == nullptr) {
      const FieldEvent event = lineField(ui_, "lesson.number", field, room_.typed, "a number");
      if (event.entered) lockLessonAnswer(p_);
    } else {
      frame(field, ui_.c.acc, ui_.u(2), ui_.u(6));
      fill(field.inset(ui_.u(2), ui_.u(2)), ui_.c.accbg, ui_.u(4));
      textIn(ui_, Role::numStrong, field.inset(ui_.u(12), 0), Align::left, ui_.c.t1,
             measuredText(given_->number.value_or(0)));
      drawTag({"your prediction", Icon::lock, Role::micro}, field.x1 + ui_.u(130), field.centreY(), 1);
    }
    y_ = field.y1 + ui_.u(8);
  }

  /// What was predicted beside what was measured, of the number that speaks about the answer.
  void compared() {
    std::string said;
    std::string measured;
    std::string of;
    if (given_->number && found_->number) {
      said = measuredText(*given_->number);
      measured = measuredText(*found_->number);
      Check check;
      check.measure = step_.ask.measure;
      of = measureWords(desk_.lesson(), check);
    } else if (given_->option && *given_->option < found_->options.size()) {
      const auto& option = found_->options[*given_->option];
      const auto& checks = step_.ask.options[*given_->option].when;
      if (option.checks.empty()) return;
      const std::size_t n = tellingCheck(option);
      said = wantedInWords(desk_.lesson(), checks[n], option.checks[n]);
      measured = measuredInWords(desk_.lesson(), checks[n], option.checks[n].measured);
      of = measureWords(desk_.lesson(), checks[n]);
      const Measure* measure = findMeasure(desk_.lesson().measures, checks[n].measure);
      if (measure != nullptr && measure->kind == Measure::Kind::ratio) {
        said = "× " + said;
        measured = "× " + measured;
      }
    } else {
      return;
    }
    const float share = revealShare(p_, room_);
    const Box box = Box::at(x_, y_ + ui_.u(14), width_, ui_.u(92));
    fill(box, ui_.c.s2, ui_.u(6));
    const float pad = ui_.u(16);
    const float half = std::round(box.width() / 2);
    vertical(box.x0 + half, box.y0 + ui_.u(12), box.y0 + ui_.u(62), ui_.c.line, ui_.u(1));
    const bool predict = step_.kind == LessonStep::Kind::predict;
    text(ui_, Role::body, box.x0 + pad, box.y0 + ui_.u(22), ui_.c.t2, predict ? "You predicted" : "You said");
    text(ui_, Role::body, box.x0 + half + pad, box.y0 + ui_.u(22), ui_.c.t2, "Measured");
    const float room = half - 2 * pad + ui_.u(8);
    text(ui_, Role::hero, box.x0 + pad, box.y0 + ui_.u(55), ui_.c.t2, shortened(ui_, Role::hero, said, room));
    text(ui_, Role::hero, box.x0 + half + pad, box.y0 + ui_.u(55), withAlpha(ui_.c.t1, share),
         shortened(ui_, Role::hero, measured, room));
    textIn(ui_, Role::micro, {box.x0 + pad, box.y0 + ui_.u(66), box.x1 - pad, box.y1 - ui_.u(6)}, Align::left,
           ui_.c.t2, of);
    y_ = box.y1;
  }

  Panel& p_;
  Ui& ui_;
  LessonDesk& desk_;
  LessonRoom& room_;
  const LessonStep& step_;
  const LessonAnswer* given_;
  std::shared_ptr<const MeasuredStep> found_;
  float x_;
  float y_;
  float width_;
};

}  // namespace

float drawLessonQuestion(Panel& p, LessonDesk& desk, float x, float y, float width) {
  return Question(p, desk, x, y, width).draw();
}

float drawLessonChecks(Panel& p, LessonDesk& desk, float x, float y, float width) {
  Ui& ui = p.ui;
  const LessonStep& step = desk.step();
  const auto& verdict = desk.verdict();
  if (!verdict) ui.stayAwake(0.05);
  for (std::size_t n = 0; n < step.check.size(); ++n) {
    const bool known = verdict && n < verdict->checks.size() && verdict->fault.empty();
    const bool holds = known && verdict->checks[n].holds;
    const std::string of = measureWords(desk.lesson(), step.check[n]);
    const float pad = ui.u(14);
    const std::vector<std::string> lines = mathLines(ui, Role::body, width - ui.u(38) - pad, of);
    const float leading = ui.u(19);
    const Box box = Box::at(x, y, width, leading * static_cast<float>(lines.size()) + ui.u(42));
    fill(box, ui.c.s2, ui.u(6));
    const ImVec2 mark{box.x0 + ui.u(20), box.y0 + ui.u(20)};
    if (holds) {
      icon(ui, Icon::check, mark.x, mark.y, ui.c.t1);
    } else {
      canvas()->AddCircle(mark, ui.u(6), ui.c.edge, 24, std::max(1.0f, ui.scale * 1.5f));
    }
    float baseline = box.y0 + ui.u(24);
    for (const std::string& line : lines) {
      math(ui, Role::body, box.x0 + ui.u(38), baseline, ui.c.t1, line);
      baseline += leading;
    }
    baseline += ui.u(2);
    float at = box.x0 + ui.u(38);
    at = text(ui, Role::micro, at, baseline, ui.c.t2, "now") + ui.u(6);
    at = text(ui, Role::numStrong, at, baseline, ui.c.t1,
              known ? measuredInWords(desk.lesson(), step.check[n], verdict->checks[n].measured) : "…") +
         ui.u(14);
    const CheckResult wanted = known ? verdict->checks[n] : CheckResult{false, 0, step.check[n].value};
    text(ui, Role::micro, at, baseline, ui.c.t2,
         "wanted " + wantedInWords(desk.lesson(), step.check[n], wanted));
    y = box.y1 + ui.u(8);
  }
  if (verdict && !verdict->fault.empty()) {
    y = paragraph(ui, Role::micro, x, y + ui.u(12), width, ui.u(15), ui.c.t1,
                  "Not measured: " + verdict->fault + ".") -
        ui.u(8);
  }
  return y;
}

}  // namespace headlight
