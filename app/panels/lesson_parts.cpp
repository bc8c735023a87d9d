#include "app/panels/lesson_parts.h"

#include <algorithm>
#include <cmath>

#include "app/panels/stage_views.h"
#include "core/base/number.h"

namespace headlight {
namespace {

constexpr double kReveal = 0.24;
/// Smaller is the rounding of float32.
constexpr double kRounding = 1e-5;
/// A check for more than that asks whether there is anything.
constexpr double kSomething = 0.02;

/// A key of the lesson's experiment: “rain”, or its place.
std::string keyWords(const Lesson& lesson, double place) {
  const TokenSpec& keys = lesson.start.memory ? *lesson.start.memory : lesson.start.tokens;
  const auto at = static_cast<std::size_t>(std::max(place, 0.0));
  if (keys.kind == TokenSpec::Kind::list && at < keys.list.size()) {
    const std::string words = "“" + keys.list[at] + "”";
    const bool once = std::count(keys.list.begin(), keys.list.end(), keys.list[at]) == 1;
    return once ? words : words + ", key " + wholeNumber(static_cast<std::int64_t>(at));
  }
  return "key " + wholeNumber(static_cast<std::int64_t>(at));
}

double keyOr(const Kinded& call, std::string_view key, double fallback) {
  const Value* value = call.find(key);
  return value != nullptr && value->isNumber() ? value->number() : fallback;
}

Stage stageOf(const Kinded& call) {
  const Value* value = call.find("stage");
  return value != nullptr && value->isString() ? stageById(value->string()).value_or(Stage::weights)
                                               : Stage::weights;
}

/// Of measures whose label alone would leave open what is meant; else empty.
std::string pointedWords(const Lesson& lesson, const Kinded& call) {
  const Stage stage = stageOf(call);
  if (call.kind == "cell" && stage == Stage::weights)
    return "weight on " + keyWords(lesson, keyOr(call, "column", 0));
  if (call.kind == "strongest_column" && stage == Stage::weights) return "key with the largest weight";
  if (call.kind == "strongest_column" && stage == Stage::valueWeighted)
    return "key with the largest weight × ‖v‖";
  if (call.kind == "offset_weight" && keyOr(call, "offset", -1) == -1)
    return "mean weight on the token before";
  return "";
}

std::string quantityWords(const Lesson& lesson, const Measure& measure, int depth) {
  if (measure.kind == Measure::Kind::quantity) {
    if (std::string words = pointedWords(lesson, measure.call); !words.empty()) return words;
    const QuantityInfo* info = quantity(measure.call.kind);
    return info == nullptr ? "" : std::string(info->spec.label);
  }
  const Measure* first = findMeasure(lesson.measures, measure.first);
  if (first == nullptr || depth > 3) return "";
  const std::string words = quantityWords(lesson, *first, depth + 1);
  return (measure.kind == Measure::Kind::ratio ? "ratio: " : "difference: ") + words;
}

const Measure* measureOf(const Lesson& lesson, const Check& check) {
  return check.measure.empty() ? &check.inlined : findMeasure(lesson.measures, check.measure);
}

/// The measured number is the place of a key.
bool findsKey(const Lesson& lesson, const Check& check) {
  const Measure* measure = measureOf(lesson, check);
  return measure != nullptr && measure->kind == Measure::Kind::quantity && check.op == Check::Op::within &&
         measure->call.kind == "strongest_column";
}

}  // namespace

const LessonDesk* openLessonDesk(const Panel& p) {
  const LessonDesk* desk = p.session.lessonsIfAny();
  return desk != nullptr && desk->isOpen() ? desk : nullptr;
}

LessonDesk* openLessonDesk(Panel& p) {
  return openLessonDesk(static_cast<const Panel&>(p)) == nullptr ? nullptr : &p.session.lessons();
}

LessonRoom& lessonRoom(Panel& p, const LessonDesk& desk) {
  LessonRoom& room = p.state.part<LessonRoom>();
  if (room.ofNumber == desk.number() && room.ofStep == desk.at()) return room;
  if (room.ofNumber != desk.number()) {
    room.name = desk.sheet().name;
    // Of a map that is a thread, or has one row, the row says more.
    constexpr std::int64_t kThread = 16;
    const Experiment& start = desk.lesson().start;
    const bool thread =
        start.memory && start.memory->count > 0 && start.tokens.count >= kThread * start.memory->count;
    const bool single = start.memory && (start.tokens.count == 1 || start.tokens.list.size() == 1);
    p.state.part<StageViewState>().chosen = thread || single ? StageView::row : StageView::map;
  }
  room.ofNumber = desk.number();
  room.ofStep = desk.at();
  room.chosen = -1;
  room.typed.clear();
  room.revealed.reset();
  room.dragged.reset();
  p.state.mapTool.clear();
  if (!desk.atEnd() && desk.isDone(desk.at())) room.revealed = -kReveal;
  return room;
}

float revealShare(Panel& p, const LessonRoom& room) {
  if (!room.revealed || p.ui.reducedMotion) return 1;
  const double share = (p.ui.seconds - *room.revealed) / kReveal;
  if (share >= 1) return 1;
  p.ui.stayAwake(kReveal);
  const double rest = 1 - std::max(share, 0.0);
  return static_cast<float>(1 - rest * rest);
}

bool asksStill(const LessonDesk& desk) {
  if (desk.atEnd()) return false;
  const LessonStep& step = desk.step();
  const bool asks = step.kind == LessonStep::Kind::predict || step.kind == LessonStep::Kind::explain;
  return asks && desk.sheet().find(step.id) == nullptr;
}

bool mayLockLessonAnswer(const Panel& p) {
  const LessonDesk* desk = openLessonDesk(p);
  if (desk == nullptr || !asksStill(*desk)) return false;
  const LessonRoom& room = p.state.part<LessonRoom>();
  if (room.ofNumber != desk->number() || room.ofStep != desk->at()) return false;
  if (!desk->step().ask.options.empty()) return room.chosen >= 0;
  const auto number = parseNumber(room.typed);
  return number && std::isfinite(*number);
}

void lockLessonAnswer(Panel& p) {
  if (!mayLockLessonAnswer(p)) return;
  LessonDesk& desk = p.session.lessons();
  LessonRoom& room = lessonRoom(p, desk);
  const bool options = !desk.step().ask.options.empty();
  const bool locked = options ? desk.answer(static_cast<std::size_t>(room.chosen), std::nullopt)
                              : desk.answer(std::nullopt, parseNumber(room.typed));
  if (locked) room.revealed = p.ui.seconds;
}

std::string whyNotNext(const LessonDesk& desk) {
  if (desk.atEnd()) return "this is the end of the lesson";
  return asksStill(desk) ? "the question comes first" : "";
}

std::string whyNotExplore(const LessonDesk& desk) {
  return asksStill(desk) ? "the question comes first" : "";
}

void nextLessonStep(Panel& p) {
  LessonDesk* desk = openLessonDesk(p);
  if (desk == nullptr || !whyNotNext(*desk).empty()) return;
  p.session.goToLessonStep(desk->at() + 1);
}

void previousLessonStep(Panel& p) {
  LessonDesk* desk = openLessonDesk(p);
  if (desk == nullptr || desk->at() == 0) return;
  p.session.goToLessonStep(desk->at() - 1);
}

std::vector<std::string> mathLines(const Ui& ui, Role role, float width, std::string_view markup) {
  std::vector<std::string> lines;
  std::string line;
  while (!markup.empty()) {
    const std::size_t end = markup.find(' ');
    const std::string_view word = markup.substr(0, end);
    markup.remove_prefix(end == std::string_view::npos ? markup.size() : end + 1);
    std::string longer = line.empty() ? std::string(word) : line + " " + std::string(word);
    if (!line.empty() && mathWidth(ui, role, longer) > width) {
      lines.push_back(line);
      longer = word;
    }
    line = std::move(longer);
  }
  if (!line.empty()) lines.push_back(line);
  // One long word gives way.
  for (std::string& each : lines) {
    if (mathWidth(ui, role, each) > width) each = shortened(ui, role, each, width);
  }
  return lines;
}

float mathParagraph(Ui& ui, Role role, float x, float baseline, float width, float leading, ImU32 colour,
                    std::string_view markup) {
  while (!markup.empty()) {
    const std::size_t end = std::min(markup.find('\n'), markup.size());
    for (const std::string& line : mathLines(ui, role, width, markup.substr(0, end))) {
      math(ui, role, x, baseline, colour, line);
      baseline += leading;
    }
    markup.remove_prefix(std::min(end + 1, markup.size()));
    if (!markup.empty() && end > 0) baseline += std::round(leading / 2);
  }
  return baseline;
}

std::string measureWords(const Lesson& lesson, const Check& check) {
  const Measure* measure = measureOf(lesson, check);
  return measure == nullptr ? "" : quantityWords(lesson, *measure, 0);
}

std::string measuredInWords(const Lesson& lesson, const Check& check, double value) {
  if (findsKey(lesson, check)) return keyWords(lesson, value);
  // What is not 0 by rounding alone reads as 0.
  if (value != 0 && std::abs(value) < kRounding) return "≈ 0";
  return measuredText(value);
}

std::string wantedInWords(const Lesson& lesson, const Check& check, const CheckResult& result) {
  if (findsKey(lesson, check)) return keyWords(lesson, result.wanted);
  if (check.op == Check::Op::less && result.wanted > 0 && result.wanted <= 10 * kRounding) return "0";
  if (check.op == Check::Op::more && result.wanted > 0 && result.wanted <= kSomething) return "not 0";
  return wantedText(check, result);
}

std::size_t tellingCheck(const MeasuredStep::Option& option) {
  for (std::size_t n = 0; n < option.checks.size(); ++n) {
    if (!option.checks[n].holds) return n;
  }
  return 0;
}

}  // namespace headlight
