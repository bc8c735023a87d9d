#include "core/lesson/sheet.h"

#include <algorithm>
#include <cmath>

#include "core/base/number.h"
#include "core/base/words.h"
#include "core/experiment/json.h"
#include "core/experiment/parameters.h"
#include "core/lesson/lesson_parts.h"

namespace headlight {
namespace {

constexpr std::size_t kMostAnswers = 256;

Error misfit(std::string what) {
  return Error{ErrorCode::invalid, std::move(what), "", ""};
}

LessonAnswer readAnswer(const Value& value, const Place& place, Report& report) {
  LessonAnswer answer;
  if (!value.isObject()) {
    report.error(place.path, "found " + foundText(value) + ", accepted is an answer: an object");
    return answer;
  }
  LessonParts parts(report);
  parts.text(value, "step", place, answer.step, true);
  if (const Value* option = value.find("option")) {
    const KeySpec key{"option", KeyType::integer, 0, false, 0, 7, {}, ""};
    if (report.add(checkKey(*option, key, place.member("option").path))) {
      answer.option = static_cast<std::size_t>(option->integer());
    }
  }
  if (const Value* number = value.find("number")) {
    if (number->isNumber()) {
      answer.number = number->number();
    } else {
      report.error(place.member("number").path, "found " + foundText(*number) + ", accepted is a number");
    }
  }
  if (const Value* set = value.find("set")) answer.changes = parts.changes(*set, place.member("set"));
  parts.unknown(value, {"step", "option", "number", "set"}, place);
  return answer;
}

std::string changesText(const std::vector<Member>& changes) {
  std::vector<std::string> all;
  all.reserve(changes.size());
  for (const auto& [path, value] : changes) all.push_back(path + "=" + value.json());
  return all.empty() ? "nothing changed" : listText(all);
}

}  // namespace

const LessonAnswer* AnswerSheet::find(std::string_view step) const {
  const auto found =
      std::find_if(answers.begin(), answers.end(), [&](const LessonAnswer& a) { return a.step == step; });
  return found == answers.end() ? nullptr : &*found;
}

bool AnswerSheet::answer(LessonAnswer given, bool locks) {
  const auto found = std::find_if(answers.begin(), answers.end(),
                                  [&](const LessonAnswer& a) { return a.step == given.step; });
  if (found == answers.end()) {
    answers.push_back(std::move(given));
    return true;
  }
  if (locks) return false;
  *found = std::move(given);
  return true;
}

std::string sheetText(const AnswerSheet& sheet) {
  std::string text = "{\n  \"type\": " + Value(kSheetType).json() + ",\n  \"version\": 1,\n";
  text +=
      "  \"lesson\": " + Value(sheet.lesson).json() + ",\n  \"name\": " + Value(sheet.name).json() + ",\n";
  text += "  \"answers\": [";
  for (std::size_t n = 0; n < sheet.answers.size(); ++n) {
    const LessonAnswer& answer = sheet.answers[n];
    Value row{Object{}};
    row.set("step", answer.step);
    if (answer.option) row.set("option", static_cast<std::int64_t>(*answer.option));
    if (answer.number) row.set("number", *answer.number);
    if (!answer.changes.empty()) row.set("set", Object(answer.changes));
    text += (n == 0 ? "\n    " : ",\n    ") + row.json();
  }
  text += sheet.answers.empty() ? "],\n" : "\n  ],\n";
  List done;
  for (const std::string& step : sheet.done) done.push_back(step);
  return text + "  \"done\": " + Value(done).json() + "\n}\n";
}

Result<AnswerSheet> readSheet(std::string_view text) {
  const auto root = parseJson(text);
  if (!root) return root.error();
  if (!root->isObject())
    return misfit("found " + foundText(*root) + ", accepted is an answer sheet: an object");
  Report report;
  LessonParts parts(report);
  AnswerSheet sheet;
  const Place top{"", ""};
  const Value* type = root->find("type");
  if (!type || !type->isString() || type->string() != kSheetType) {
    report.error("type", "found " + (type ? foundText(*type) : std::string("no type")) + ", accepted is " +
                             quoted(kSheetType));
  }
  const Value* version = root->find("version");
  if (!version || !version->isInteger() || version->integer() != kSheetVersion) {
    report.error("version",
                 "found " + (version ? foundText(*version) : std::string("no version")) + ", accepted is 1");
  }
  parts.text(*root, "lesson", top, sheet.lesson, true);
  parts.text(*root, "name", top, sheet.name, false);
  const Value* answers = root->find("answers");
  if (!answers || !answers->isList() || answers->list().size() > kMostAnswers) {
    report.error("answers", "found " + (answers ? foundText(*answers) : std::string("none")) +
                                ", accepted is a list of at most 256 answers");
  } else {
    for (std::size_t n = 0; n < answers->list().size(); ++n) {
      LessonAnswer answer = readAnswer(answers->list()[n], top.member("answers").item(n), report);
      if (sheet.find(answer.step)) {
        report.error("answers[" + std::to_string(n) + "]",
                     "found a second answer to step " + quoted(answer.step));
      }
      sheet.answers.push_back(std::move(answer));
    }
  }
  if (const Value* done = root->find("done"); done && done->isList()) {
    for (const Value& step : done->list()) {
      if (step.isString()) sheet.done.push_back(step.string());
    }
  }
  parts.unknown(*root, {"type", "version", "lesson", "name", "answers", "done"}, top);
  if (!report.errors.empty()) return report.errors.front();
  return sheet;
}

Result<std::vector<Experiment>> stepStarts(const Lesson& lesson) {
  std::vector<Experiment> starts;
  Experiment at = lesson.start;
  for (const LessonStep& step : lesson.steps) {
    if (!step.set.empty()) {
      auto changed = set(at, step.set);
      if (!changed) return changed.error().inside("step " + quoted(step.id));
      at = std::move(*changed);
    }
    starts.push_back(at);
  }
  return starts;
}

Result<GradedStep> gradeAnswer(const LessonStep& step, const LessonAnswer& answer, Bench& bench,
                               const Experiment& learner) {
  GradedStep graded{step.id, step.kind, true, false, "", ""};
  if (step.kind == LessonStep::Kind::attempt) {
    const auto made = set(learner, answer.changes);
    if (!made) return made.error();
    graded.given = changesText(answer.changes);
    graded.right = true;
    for (const Check& check : step.check) {
      const auto result = evaluateCheck(bench, check, &*made);
      if (!result) return result.error();
      graded.right = graded.right && result->holds;
      graded.expected += (graded.expected.empty() ? "" : "; ") + checkText(check, *result);
    }
    return graded;
  }
  if (!step.ask.options.empty()) {
    if (!answer.option || *answer.option >= step.ask.options.size()) {
      return misfit("found no option from 0 to " + std::to_string(step.ask.options.size() - 1));
    }
    const auto right = rightOption(step.ask, bench, &learner);
    if (!right) return right.error();
    graded.right = *right == *answer.option;
    graded.given = step.ask.options[*answer.option].text;
    graded.expected = step.ask.options[*right].text;
    return graded;
  }
  if (!answer.number) return misfit("found no number");
  auto measured = bench.number(step.ask.measure, &learner);
  if (!measured) return measured.error();
  const double reach = step.ask.relative ? step.ask.tolerance * std::abs(*measured) : step.ask.tolerance;
  graded.right = std::abs(*measured - *answer.number) <= reach;
  graded.given = measuredText(*answer.number);
  graded.expected = measuredText(*measured);
  return graded;
}

Result<Grade> gradeSheet(const Lesson& lesson, const AnswerSheet& sheet, Bench& bench) {
  if (sheet.lesson != lesson.id) {
    return misfit("found answers to lesson " + quoted(sheet.lesson) + ", accepted are those to " +
                  quoted(lesson.id));
  }
  for (const LessonAnswer& answer : sheet.answers) {
    const bool known = std::any_of(lesson.steps.begin(), lesson.steps.end(), [&](const LessonStep& s) {
      return s.id == answer.step && s.kind != LessonStep::Kind::see;
    });
    if (!known)
      return misfit("found an answer to step " + quoted(answer.step) + ", which the lesson does not ask");
  }
  const auto starts = stepStarts(lesson);
  if (!starts) return starts.error();
  Grade grade;
  for (std::size_t n = 0; n < lesson.steps.size(); ++n) {
    const LessonStep& step = lesson.steps[n];
    if (step.kind == LessonStep::Kind::see) continue;
    ++grade.asked;
    const LessonAnswer* answer = sheet.find(step.id);
    if (!answer) {
      grade.steps.push_back({step.id, step.kind, false, false, "", ""});
      continue;
    }
    auto graded = gradeAnswer(step, *answer, bench, (*starts)[n]);
    if (!graded) return graded.error().inside("step " + quoted(step.id));
    grade.right += graded->right ? 1 : 0;
    grade.steps.push_back(std::move(*graded));
  }
  return grade;
}

}  // namespace headlight
