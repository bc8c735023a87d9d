#include <algorithm>
#include <filesystem>

#include "core/base/kinds.h"
#include "core/base/number.h"
#include "core/base/words.h"
#include "core/experiment/parameters.h"
#include "core/files/read_file.h"
#include "core/lesson/lesson_file.h"

namespace headlight {
namespace {

constexpr std::uint64_t kLargestLesson = std::uint64_t{1} << 22;

/// By its whole id, or without the number before it.
bool isNamed(const LessonFile& file, const std::string& name) {
  const std::size_t dash = file.id.find('-');
  return file.id == name || (dash != std::string::npos && file.id.substr(dash + 1) == name);
}

class Faults {
 public:
  Faults(const Lesson& lesson, Bench& bench) : lesson_(lesson), bench_(bench) {}

  std::vector<Error> all() {
    for (const auto& [name, measure] : lesson_.measures) {
      if (const auto number = bench_.number(measure); !number) add(number.error(), "measures." + name);
    }
    Experiment learner = lesson_.start;
    for (const LessonStep& step : lesson_.steps) {
      place_ = "step " + headlight::quoted(step.id);
      if (!step.set.empty()) {
        auto changed = set(learner, step.set);
        if (!changed) {
          add(changed.error(), place_ + ", set");
          continue;
        }
        learner = std::move(*changed);
      }
      checkStep(step, learner);
    }
    return std::move(faults_);
  }

 private:
  void add(const Error& error, const std::string& where) { faults_.push_back(error.inside(where)); }
  void say(std::string what) { faults_.push_back(Error{ErrorCode::different, std::move(what), place_, ""}); }

  void checkText(const std::string& text, const char* key) {
    if (const auto done = filled(text, bench_); !done) add(done.error(), place_ + ", " + key);
  }

  void checkStep(const LessonStep& step, const Experiment& learner) {
    checkText(step.say, "say");
    checkText(step.reveal, "reveal");
    if (!step.ask.options.empty()) {
      if (const auto right = rightOption(step.ask, bench_, &learner); !right)
        add(right.error(), place_ + ", ask");
    } else if (!step.ask.measure.empty()) {
      if (const auto number = bench_.number(step.ask.measure, &learner); !number)
        add(number.error(), place_ + ", ask");
    }
    for (const LessonPanel& panel : step.panels) {
      if (panel.ofStage()) {
        if (const auto maps = panelMaps(panel, bench_, &learner); !maps)
          add(maps.error(), place_ + ", " + headlight::quoted(panel.title));
        continue;
      }
      if (const auto rows = panelRows(panel, bench_); !rows)
        add(rows.error(), place_ + ", " + headlight::quoted(panel.title));
    }
    if (step.kind != LessonStep::Kind::attempt) return;
    if (passes(step, learner, {}, "start") == true) say("the try is passed before anything was done");
    for (std::size_t n = 0; n < step.right.size(); ++n) {
      if (passes(step, learner, step.right[n], "right " + std::to_string(n)) == false) {
        say("right " + std::to_string(n) + " does not pass: " + failing(step, learner, step.right[n]));
      }
    }
    for (std::size_t n = 0; n < step.wrong.size(); ++n) {
      if (passes(step, learner, step.wrong[n], "wrong " + std::to_string(n)) == true) {
        say("wrong " + std::to_string(n) + " passes");
      }
    }
  }

  // Nothing where it could not be measured, which is a fault of its own.
  std::optional<bool> passes(const LessonStep& step, const Experiment& learner,
                             const std::vector<Member>& changes, const std::string& what) {
    const auto changed = set(learner, changes);
    if (!changed) {
      add(changed.error(), place_ + ", " + what);
      return std::nullopt;
    }
    const auto holds = allHold(bench_, step.check, &*changed);
    if (!holds) {
      add(holds.error(), place_ + ", " + what);
      return std::nullopt;
    }
    return *holds;
  }

  std::string failing(const LessonStep& step, const Experiment& learner, const std::vector<Member>& changes) {
    const auto changed = set(learner, changes);
    for (const Check& check : step.check) {
      const auto result = evaluateCheck(bench_, check, &*changed);
      if (result && !result->holds) return headlight::checkText(check, *result);
    }
    return "";
  }

  const Lesson& lesson_;
  Bench& bench_;
  std::string place_;
  std::vector<Error> faults_;
};

}  // namespace

std::vector<Error> lessonFaults(const Lesson& lesson, Bench& bench) {
  return Faults(lesson, bench).all();
}

Result<DecodedLesson> openLesson(const std::string& name) {
  const auto& files = lessonFiles();
  const auto number = parseInteger(name);
  for (std::size_t n = 0; n < files.size(); ++n) {
    const bool isNumber = number && *number == static_cast<std::int64_t>(n) + 1;
    if (isNumber || isNamed(files[n], name)) return readLesson(files[n].text, files[n].id);
  }
  for (const LessonFile& scene : sceneFiles()) {
    if (isNamed(scene, name)) return readLesson(scene.text, scene.id);
  }
  const std::filesystem::path path(name);
  std::error_code none;
  if (path.has_extension() || path.has_parent_path() || std::filesystem::exists(path, none)) {
    const auto text = readFile(name, kLargestLesson);
    if (!text) return text.error();
    std::string stem = path.filename().string();
    stem = stem.substr(0, stem.find('.'));
    auto lesson = readLesson(*text, stem);
    if (!lesson) return lesson.error().inside(name);
    return lesson;
  }
  std::vector<std::string> ids;
  for (const LessonFile& file : files) {
    ids.push_back(file.id);
    if (const std::size_t dash = file.id.find('-'); dash != std::string::npos)
      ids.push_back(file.id.substr(dash + 1));
  }
  return Error{ErrorCode::unreadable,
               "found no lesson " + headlight::quoted(name) + ", accepted are 1 to " +
                   std::to_string(files.size()) + ", a lesson's name or a file",
               "", didYouMean(name, ids)};
}

}  // namespace headlight
