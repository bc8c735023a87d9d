#include "core/lesson/lesson_file.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/base/number.h"
#include "core/experiment/json.h"
#include "core/experiment/parameters.h"
#include "core/experiment/report.h"
#include "core/experiment/schema.h"
#include "core/lesson/lesson_parts.h"

namespace headlight {
namespace {

constexpr std::size_t kMostSteps = 64;

class Reader {
 public:
  explicit Reader(Report& report) : report_(report), parts_(report) {}

  Lesson read(const Value& root, const std::string& id) {
    Lesson lesson;
    lesson.id = id;
    const Place top{"", ""};
    if (!root.isObject()) {
      report_.error("", "found " + foundText(root) + ", accepted is an object");
      return lesson;
    }
    readHeader(root, top);
    parts_.text(root, "title", top, lesson.title, true);
    parts_.text(root, "goal", top, lesson.goal, true);
    parts_.text(root, "notes", top, lesson.notes, false);
    if (const Value* minutes = root.find("minutes")) {
      const KeySpec key{"minutes", KeyType::integer, 10, false, 1, 240, {}, ""};
      if (report_.add(checkKey(*minutes, key, "minutes")))
        lesson.minutes = static_cast<int>(minutes->integer());
    }
    readStart(root, lesson);
    readControls(root, lesson);
    if (const Value* measures = root.find("measures"))
      lesson.measures = parts_.measures(*measures, top.member("measures"));
    parts_.useNames(lesson.measures);
    readSteps(root, lesson);
    parts_.unknown(
        root,
        {"type", "version", "title", "goal", "minutes", "notes", "start", "controls", "measures", "steps"},
        top);
    return lesson;
  }

 private:
  void readHeader(const Value& root, const Place& top) {
    const Value* type = root.find("type");
    if (!type || !type->isString() || type->string() != kLessonType) {
      report_.error("type", "found " + (type ? foundText(*type) : std::string("no type")) + ", accepted is " +
                                quoted(kLessonType));
    }
    const Value* version = root.find("version");
    if (!version || !version->isInteger()) {
      report_.error("version", "found " + (version ? foundText(*version) : std::string("no version")) +
                                   ", accepted is 1");
    } else if (version->integer() != kLessonVersion) {
      report_.error("version",
                    "found version " + std::to_string(version->integer()) + ", this program reads version 1",
                    "Use a newer Headlight");
    }
    (void)top;
  }

  void readStart(const Value& root, Lesson& lesson) {
    const Value* start = root.find("start");
    if (!start) {
      report_.error("start", "found no experiment, accepted is one as in a file of its own");
      return;
    }
    Value whole = *start;
    if (whole.isObject()) {
      if (!whole.find("type")) whole.set("type", kExperimentType);
      if (!whole.find("version")) whole.set("version", kExperimentVersion);
    }
    for (const Error& problem : problems(whole)) report_.errors.push_back(placed(problem, "start"));
    auto decoded = decode(whole);
    if (!decoded) return;
    lesson.start = std::move(decoded->experiment);
    for (const std::string& warning : decoded->warnings) report_.warnings.push_back("start: " + warning);
  }

  static Error placed(Error error, const std::string& inside) {
    error.where = error.where.empty() ? inside : inside + "." + error.where;
    return error;
  }

  void readControls(const Value& root, Lesson& lesson) {
    const Value* list = root.find("controls");
    if (!list) return;
    if (!list->isList()) {
      report_.error("controls", "found " + foundText(*list) + ", accepted is a list of parameter ids");
      return;
    }
    for (std::size_t n = 0; n < list->list().size(); ++n) {
      const Value& id = list->list()[n];
      const std::string path = "controls[" + std::to_string(n) + "]";
      if (!id.isString() || !parameter(id.string())) {
        std::vector<std::string> ids;
        for (const ParameterInfo& row : parameters()) ids.emplace_back(row.id);
        report_.error(path, "found " + foundText(id) + ", accepted is the id of a parameter",
                      id.isString() ? didYouMean(id.string(), ids) : "");
        continue;
      }
      lesson.controls.push_back(id.string());
    }
  }

  void readSteps(const Value& root, Lesson& lesson) {
    const Value* list = root.find("steps");
    if (!list || !list->isList() || list->list().empty() || list->list().size() > kMostSteps) {
      report_.error("steps", "found " + (list ? foundText(*list) : std::string("no steps")) +
                                 ", accepted is a list of 1 to 64 steps");
      return;
    }
    std::set<std::string> ids;
    for (std::size_t n = 0; n < list->list().size(); ++n) {
      LessonStep step = readStep(list->list()[n], Place{"steps[" + std::to_string(n) + "]", ""});
      if (!step.id.empty() && !ids.insert(step.id).second) {
        report_.error("steps[" + std::to_string(n) + "].id",
                      "found " + quoted(step.id) + ", which an earlier step has");
      }
      lesson.steps.push_back(std::move(step));
    }
  }

  LessonStep readStep(const Value& value, const Place& place) {
    LessonStep step;
    if (!value.isObject()) {
      report_.error(place.path, "found " + foundText(value) + ", accepted is a step");
      return step;
    }
    // Whatever is wrong in a step names it, as a teacher knows it.
    const std::size_t before = report_.errors.size();
    parts_.text(value, "id", place, step.id, true);
    const KeySpec kinds{"kind", KeyType::word, "see", false, 0, 0, {"predict", "try", "see", "explain"}, ""};
    const Value* kind = value.find("kind");
    if (!kind) {
      report_.error(place.member("kind").path,
                    "found no kind, accepted is \"predict\", \"try\", \"see\" or \"explain\"");
    } else if (report_.add(checkKey(*kind, kinds, place.member("kind").path))) {
      for (const LessonStep::Kind each : {LessonStep::Kind::predict, LessonStep::Kind::attempt,
                                          LessonStep::Kind::see, LessonStep::Kind::explain}) {
        if (kind->string() == kindWord(each)) step.kind = each;
      }
    }
    parts_.text(value, "say", place, step.say, true);
    parts_.text(value, "reveal", place, step.reveal, false);
    if (const Value* set = value.find("set")) step.set = parts_.changes(*set, place.member("set"));
    if (const Value* ask = value.find("ask")) step.ask = parts_.question(*ask, place.member("ask"));
    if (const Value* check = value.find("check")) step.check = parts_.checks(*check, place.member("check"));
    step.right = patches(value, "right", place);
    step.wrong = patches(value, "wrong", place);
    if (const Value* panels = value.find("panels"))
      step.panels = parts_.panels(*panels, place.member("panels"));
    demand(step, value, place);
    parts_.unknown(value, {"id", "kind", "say", "reveal", "set", "ask", "check", "right", "wrong", "panels"},
                   place);
    for (std::size_t n = before; n < report_.errors.size(); ++n) {
      if (!step.id.empty()) report_.errors[n].where += " (step " + quoted(step.id) + ")";
    }
    return step;
  }

  std::vector<std::vector<Member>> patches(const Value& value, std::string_view key, const Place& place) {
    std::vector<std::vector<Member>> all;
    const Value* list = value.find(key);
    if (!list) return all;
    if (!list->isList()) {
      report_.error(place.member(key).path, "found " + foundText(*list) + ", accepted is a list of changes");
      return all;
    }
    for (std::size_t n = 0; n < list->list().size(); ++n) {
      all.push_back(parts_.changes(list->list()[n], place.member(key).item(n)));
    }
    return all;
  }

  // What a step of its kind must have.
  void demand(const LessonStep& step, const Value& value, const Place& place) {
    const bool asks = step.kind == LessonStep::Kind::predict || step.kind == LessonStep::Kind::explain;
    if (asks && !value.find("ask"))
      report_.error(place.path, "a step of this kind asks something, found no \"ask\"");
    if (!asks && value.find("ask")) report_.error(place.member("ask").path, "only predict and explain ask");
    if (step.kind == LessonStep::Kind::attempt) {
      for (const char* key : {"check", "right", "wrong"}) {
        const Value* list = value.find(key);
        if (!list || (list->isList() && list->list().empty())) {
          report_.error(place.path, "a try needs " + quoted(key) + ", found none");
        }
      }
    } else if (value.find("check")) {
      report_.error(place.member("check").path, "only a try is checked");
    }
  }

  Report& report_;
  LessonParts parts_;
};

}  // namespace

std::vector<Error> lessonProblems(std::string_view text, const std::string& id) {
  const auto root = parseJson(text);
  if (!root) return {root.error()};
  Report report;
  Reader(report).read(*root, id);
  return report.errors;
}

Result<DecodedLesson> readLesson(std::string_view text, const std::string& id) {
  const auto root = parseJson(text);
  if (!root) return root.error();
  Report report;
  DecodedLesson decoded{Reader(report).read(*root, id), {}};
  if (!report.errors.empty()) return report.errors.front();
  decoded.warnings = std::move(report.warnings);
  return decoded;
}

}  // namespace headlight
