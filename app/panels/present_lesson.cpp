#include <algorithm>
#include <cmath>

#include "app/panels/lesson_layout.h"
#include "app/panels/lesson_parts.h"
#include "app/panels/present.h"
#include "app/session/lesson_desk.h"
#include "app/widgets/draw.h"
#include "app/widgets/icons.h"
#include "core/base/number.h"

namespace headlight {
namespace {

/// px at 720 lines that the panels leave free at their left.
constexpr float kPanelMargin = 42;

/// What a step says when nobody asks it anything.
std::string_view verbOf(LessonStep::Kind kind) {
  switch (kind) {
    case LessonStep::Kind::predict:
      return "Predict";
    case LessonStep::Kind::attempt:
      return "Try";
    case LessonStep::Kind::explain:
      return "Explain";
    case LessonStep::Kind::see:
      break;
  }
  return "See";
}

bool asks(const LessonStep& step) {
  return !step.ask.text.empty();
}

/// How many presses a step takes after its first: the answer, then what there is to see of it.
int pagesAfter(const Panel& p, const LessonStep& step) {
  const bool answers = asks(step) || !step.reveal.empty();
  const bool shows = !step.panels.empty() || hasLessonPlane(p);
  return (answers ? 1 : 0) + (asks(step) && shows ? 1 : 0);
}

/// Lines of words and markup; returns the y below.
float lines(Ui& ui, Role role, const Box& box, float y, float leading, ImU32 colour,
            const std::string& words) {
  for (std::size_t from = 0; from <= words.size();) {
    const std::size_t end = std::min(words.find('\n', from), words.size());
    if (end == from) y += std::round(leading / 2);
    for (const std::string& line : mathLines(ui, role, box.width(), words.substr(from, end - from))) {
      math(ui, role, box.x0, centredBaseline(ui, role, y, y + leading), colour, line);
      y += leading;
    }
    from = end + 1;
  }
  return y;
}

class PresentLesson {
 public:
  PresentLesson(Panel& p, const PresentLayout& layout)
      : p_(p), ui_(p.ui), layout_(layout), desk_(p.session.lessons()), now_(p.state.part<Presentation>()) {}

  void draw() {
    const Box page{v(64), v(96), layout_.window.x1 - v(64), v(676)};
    header();
    if (desk_.atEnd()) return end(page);
    measured_ = desk_.measured(desk_.at());
    const LessonStep& step = desk_.step();
    if (asks(step)) return now_.page > 1 ? shown(page, page.y0) : question(page);
    const bool beside = !step.panels.empty() || hasLessonPlane(p_) || mapIsSeen();
    if (!beside) return words(page);
    const float split = std::round(page.x0 + page.width() * 0.4f);
    const Box column{page.x0, page.y0, split - v(28), page.y1};
    float y = say(column, page.y0);
    if (now_.page > 0) y = reveal(column, y + v(18));
    shown({split, page.y0, page.x1, page.y1}, page.y0);
    // Beside the plane, which needs the height.
    if (hasLessonPlane(p_) && !step.panels.empty())
      drawLessonPanels(p_, desk_, {column.x0 - v(kPanelMargin), y, column.x1, column.y1});
  }

 private:
  float v(float px) const { return atLines(p_, px); }

  void header() {
    const Box line{v(64), v(24), layout_.window.x1 - v(64), v(60)};
    const Lesson& lesson = desk_.lesson();
    std::string place;
    if (!desk_.atEnd())
      place = std::string(verbOf(desk_.step().kind)) + ", step " + std::to_string(desk_.at() + 1) + " of " +
              std::to_string(lesson.steps.size());
    const float right = textWidth(ui_, Role::body, place);
    numText(ui_, line.x1, centredBaseline(ui_, Role::body, line.y0, line.y1), ui_.c.t2, place, Role::body);
    const Box words{line.x0, line.y0, line.x1 - right - v(30), line.y1};
    if (mathWidth(ui_, Role::title, lesson.title) <= words.width()) {
      math(ui_, Role::title, words.x0, centredBaseline(ui_, Role::title, words.y0, words.y1), ui_.c.t1,
           lesson.title);
    } else {
      textIn(ui_, Role::title, words, Align::left, ui_.c.t1, lesson.title);
    }
    horizontal(line.x0, line.x1, v(70), ui_.c.edge, v(1));
  }

  void end(const Box& page) {
    lines(ui_, Role::titleLarge, page, page.y0 + v(60), v(38), ui_.c.t1, desk_.lesson().goal);
  }

  std::string saidWords() const { return measured_ ? measured_->say : ""; }

  float say(const Box& box, float y) { return lines(ui_, Role::stage, box, y, v(30), ui_.c.t1, saidWords()); }

  /// A step that shows nothing else.
  void words(const Box& page) {
    const float y = lines(ui_, Role::titleLarge, page, page.y0 + v(40), v(42), ui_.c.t1, saidWords());
    if (now_.page > 0) reveal(page, y + v(32));
  }

  float reveal(const Box& box, float y) {
    if (!measured_) return y;
    const std::string words = measured_->reveal;
    if (words.empty()) return y;
    const float top = y;
    y = lines(ui_, Role::stage, {box.x0 + v(20), y, box.x1, box.y1}, y, v(30), ui_.c.t1, words);
    fill({box.x0, top, box.x0 + v(4), y}, ui_.c.acc);
    return y;
  }

  bool isRight(std::size_t option) const { return now_.page > 0 && measured_ && measured_->right == option; }

  /// `apart` px more between its parts than they need; the words end at `right`, where the hands begin.
  QuestionLayout laidOut(const Box& page, float right, float apart) const {
    QuestionStyle style;
    style.ask = Role::titleLarge;
    style.askLeading = v(38);
    style.option = [this](std::size_t n) { return isRight(n) ? Role::stageStrong : Role::stage; };
    style.optionLeading = v(28);
    style.optionLeft = v(56);
    style.optionRight = page.x1 - right + v(20);
    style.optionPad = v(16);
    style.beforeOptions = v(10) + apart;
    style.afterOption = v(4) + apart;
    return layOutQuestion(ui_, desk_.step().ask, style, page);
  }

  void question(const Box& page) {
    const LessonStep& step = desk_.step();
    const std::size_t count = step.ask.options.size();
    // The place of the hands is kept, so that nothing moves when they are counted.
    const float right = count == 0 ? page.x1 : std::round(page.x0 + page.width() * 0.66f);
    // What the answer will need is left free; the rest is shared out.
    const auto height = [&](float width, const std::string& words) {
      return v(30) * static_cast<float>(mathLines(ui_, Role::stage, width, words).size());
    };
    const float needed = height(page.width(), saidWords()) +
                         height(page.width() - v(20), measured_ ? measured_->reveal : "") +
                         laidOut(page, right, 0).bottom - page.y0 + v(count == 0 ? 162 : 30);
    const float spare = std::max(0.0f, page.height() - needed) / static_cast<float>(count + 4);
    const float apart = std::min(std::round(spare), v(22));
    float y = say(page, page.y0 + apart) + v(10) + apart;
    const QuestionLayout layout = laidOut({page.x0, y, page.x1, page.y1}, right, apart);
    drawWords(ui_, layout.ask, ui_.c.t1);
    for (std::size_t i = 0; i < count; ++i) option(i, layout.options[i], right);
    y = layout.bottom;
    if (count == 0) y = number(page, y);
    if (now_.page > 0) reveal(page, y + v(14));
  }

  /// Letter, words, hands beside them; after the reveal what is right is marked.
  void option(std::size_t i, const QuestionLayout::Option& laid, float right) {
    const bool marked = isRight(i);
    const Box& row = laid.box;
    if (marked) {
      fill({row.x0 - v(12), row.y0, row.x1 + v(12), row.y1}, isDark(ui_.theme) ? ui_.c.s3 : ui_.c.accbg,
           v(6));
      fill({row.x0 - v(12), row.y0, row.x0 - v(8), row.y1}, ui_.c.acc);
    }
    const float first = laid.words.top + laid.words.leading / 2;
    const ImVec2 centre{row.x0 + v(18), first};
    canvas()->AddCircleFilled(centre, v(15), marked ? ui_.c.acc : ui_.c.s3, 32);
    textIn(ui_, Role::microStrong, {centre.x - v(15), first - v(15), centre.x + v(15), first + v(15)},
           Align::centre, marked ? ui_.c.accfg : ui_.c.t1,
           std::string(1, static_cast<char>('A' + static_cast<int>(i))));
    drawWords(ui_, laid.words, ui_.c.t1);
    if (marked && !laid.words.lines.empty()) {
      const float end = laid.words.x + mathWidth(ui_, laid.words.role, laid.words.lines.front());
      icon(ui_, Icon::check, std::min(end + v(24), right - v(8)), first, ui_.c.t1);
    }
    if (now_.hands.shown() && i < Hands::kAnswers)
      drawHand(p_, i, {right, first - v(18), row.x1, first + v(18)});
  }

  /// A question for a number: the measured one, once it is revealed.
  float number(const Box& page, float y) {
    if (now_.page > 0 && measured_ && measured_->number) {
      text(ui_, Role::poster, page.x0 - v(3), y + v(56), ui_.c.t1, fixed(*measured_->number, 3));
      y += v(72);
    }
    if (!now_.hands.shown()) return y;
    return drawHands(p_, {page.x0, y, page.x0 + page.width() * 0.7f, y + handsHeight(p_)});
  }

  /// A strip of thousands of queries by a few keys would be a line.
  bool mapIsSeen() const {
    constexpr std::int64_t kLongest = 12;
    const auto field = shownField(p_, p_.session.view().stage, shownHead(p_));
    return field && std::max(field->rows, field->cols) <= kLongest * std::min(field->rows, field->cols);
  }

  /// What the step measures, else the map of its experiment.
  void shown(const Box& box, float y) {
    // Both have a margin of their own at the top.
    Box room{box.x0, y - v(24), box.x1, box.y1};
    if (hasLessonPlane(p_)) return drawLessonPlane(p_, room);
    if (!desk_.step().panels.empty()) return drawLessonPanels(p_, desk_, room);
    room.y0 = y;
    PresentLayout at = layout_;
    at.map = {room.x0, room.y0, room.x1, room.y1};
    drawPresentMap(p_, at);
  }

  Panel& p_;
  Ui& ui_;
  const PresentLayout& layout_;
  LessonDesk& desk_;
  Presentation& now_;
  std::shared_ptr<const MeasuredStep> measured_;
};

}  // namespace

const LessonDesk* presentedLesson(const Panel& p) {
  const LessonDesk* desk = p.session.lessonsIfAny();
  return p.state.part<Presentation>().lesson && desk != nullptr && desk->isOpen() ? desk : nullptr;
}

void presentLessonStep(Panel& p, int by) {
  Presentation& now = p.state.part<Presentation>();
  LessonDesk& desk = p.session.lessons();
  const std::size_t at = desk.at();
  if (by > 0) {
    if (desk.atEnd()) return presentDeckStep(p, by);
    if (now.page < pagesAfter(p, desk.step())) {
      ++now.page;
      return;
    }
    p.session.goToLessonStep(at + 1);
    now.page = 0;
  } else if (now.page > 0) {
    --now.page;
  } else if (at > 0) {
    p.session.goToLessonStep(at - 1);
    now.page = pagesAfter(p, desk.step());
  } else {
    presentDeckStep(p, by);
  }
}

void enterLesson(Panel& p, int entering) {
  Presentation& now = p.state.part<Presentation>();
  const LessonDesk& desk = p.session.lessons();
  now.page = 0;
  if (entering > 0 || (entering == 0 && desk.atEnd())) p.session.goToLessonStep(0);
  if (entering >= 0) return;
  p.session.goToLessonStep(desk.lesson().steps.size() - 1);
  now.page = pagesAfter(p, desk.step());
}

void drawPresentLesson(Panel& p, const PresentLayout& layout) {
  PresentLesson(p, layout).draw();
}

}  // namespace headlight
