#include "app/session/lesson_desk.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "app/desktop/folders.h"
#include "core/base/hash.h"
#include "core/base/number.h"
#include "core/experiment/parameters.h"
#include "core/files/read_file.h"
#include "core/lesson/lesson_file.h"

namespace headlight {
namespace {

constexpr std::size_t kLargestSheet = std::size_t{1} << 22;
constexpr std::uint64_t kLargestLesson = std::uint64_t{1} << 22;
constexpr std::size_t kNamedFaults = 6;

std::string pathOf(const std::string& folder, const std::string& key) {
  return folder + "/lessons/" + key + ".answers.json";
}

AnswerSheet keptSheet(const std::string& folder, const std::string& key) {
  if (const auto text = readOwnFile(pathOf(folder, key), kLargestSheet)) {
    if (auto sheet = readSheet(*text)) return std::move(*sheet);
  }
  return {};
}

bool hasStep(const Lesson& lesson, const std::string& id) {
  return std::any_of(lesson.steps.begin(), lesson.steps.end(),
                     [&](const LessonStep& step) { return step.id == id; });
}

/// What the lesson does not ask any more goes.
void fit(AnswerSheet& sheet, const Lesson& lesson) {
  sheet.lesson = lesson.id;
  std::erase_if(sheet.answers, [&](const LessonAnswer& answer) {
    const auto step = std::find_if(lesson.steps.begin(), lesson.steps.end(),
                                   [&](const LessonStep& each) { return each.id == answer.step; });
    if (step == lesson.steps.end() || step->kind == LessonStep::Kind::see) return true;
    return answer.option && *answer.option >= step->ask.options.size();
  });
  std::erase_if(sheet.done, [&](const std::string& id) { return !hasStep(lesson, id); });
}

/// All of them in one, each with its step.
Error joined(const std::vector<Error>& errors) {
  Error all = errors.front();
  all.what.clear();
  all.where.clear();
  all.hint.clear();
  for (std::size_t n = 0; n < std::min(errors.size(), kNamedFaults); ++n) {
    if (n > 0) all.what += " · ";
    all.what += (errors[n].where.empty() ? "" : errors[n].where + ": ") + errors[n].what;
    if (all.hint.empty()) all.hint = errors[n].hint;
  }
  if (errors.size() > kNamedFaults) {
    all.what += " · and " + std::to_string(errors.size() - kNamedFaults) + " more";
  }
  return all;
}

Result<Lesson> lessonOf(const std::string& path) {
  const auto text = readFile(path, kLargestLesson);
  if (!text) return text.error();
  std::string stem = std::filesystem::path(path).filename().string();
  stem = stem.substr(0, stem.find('.'));
  if (const auto problems = lessonProblems(*text, stem); !problems.empty()) return joined(problems);
  auto read = readLesson(*text, stem);
  if (!read) return read.error();
  return std::move(read->lesson);
}

}  // namespace

Result<OpenedLesson> readOpenedLesson(const std::string& name, bool file, const std::string& stateFolder,
                                      ThreadPool& pool, const Cancel& cancel) {
  OpenedLesson opened;
  if (file) {
    auto lesson = lessonOf(name);
    if (!lesson) return lesson.error();
    opened.lesson = std::move(*lesson);
    opened.path = name;
    opened.folder = std::filesystem::path(name).parent_path().string();
    opened.key = "file-" + std::to_string(KeyHash().add(std::string_view(name)).key());
    Bench bench = opened.lesson.bench(opened.folder, pool, cancel);
    if (const auto faults = lessonFaults(opened.lesson, bench); !faults.empty()) return joined(faults);
  } else {
    auto read = openLesson(name);
    if (!read) return read.error();
    opened.lesson = std::move(read->lesson);
    opened.key = opened.lesson.id;
  }
  auto starts = stepStarts(opened.lesson);
  if (!starts) return starts.error();
  opened.starts = std::move(*starts);
  opened.sheet = keptSheet(stateFolder, opened.key);
  fit(opened.sheet, opened.lesson);
  return opened;
}

/// What the jobs of one opened lesson share, made on the worker: it works with that thread's pool.
struct LessonDesk::Tools {
  Cancel cancel = Cancel::make();
  std::unique_ptr<Bench> bench;

  Bench& of(const OpenedLesson& opened, ThreadPool& pool) {
    if (!bench)
      bench =
          std::make_unique<Bench>(opened.lesson.start, opened.folder, opened.lesson.measures, pool, cancel);
    return *bench;
  }
};

LessonDesk::LessonDesk(int threads, std::string stateFolder, const std::shared_ptr<HomeQueue>& home)
    : folder_(std::move(stateFolder)), worker_(threads, home) {}

LessonDesk::~LessonDesk() {
  if (tools_) tools_->cancel.request();
}

std::string LessonDesk::sheetPath(const std::string& key) const {
  return pathOf(folder_, key);
}

const std::vector<LessonEntry>* LessonDesk::entries() {
  if (entries_) return &*entries_;
  if (entriesAsked_) return nullptr;
  entriesAsked_ = true;
  worker_.append([this, folder = folder_](ThreadPool&, const Cancel&) -> Worker::Home {
    std::vector<LessonEntry> all;
    std::map<std::string, std::size_t> done;
    for (const auto* files : {&lessonFiles(), &sceneFiles()}) {
      for (const LessonFile& file : *files) {
        const auto read = readLesson(file.text, file.id);
        if (!read) continue;
        const Lesson& lesson = read->lesson;
        all.push_back({file.id, lesson.title, lesson.goal, lesson.minutes, files == &sceneFiles(),
                       lesson.steps.size()});
        AnswerSheet sheet = keptSheet(folder, file.id);
        fit(sheet, lesson);
        done[file.id] = sheet.done.size();
      }
    }
    return [this, all = std::move(all), done = std::move(done)]() mutable {
      entries_ = std::move(all);
      for (const auto& [id, count] : done) done_.emplace(id, count);
    };
  });
  return nullptr;
}

std::size_t LessonDesk::stepsDone(const std::string& id) const {
  const auto found = done_.find(id);
  return found == done_.end() ? 0 : found->second;
}

std::string LessonDesk::placeWords() const {
  const auto& files = lessonFiles();
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const LessonFile& file) { return file.id == opened_->key; });
  if (found != files.end()) {
    return "Lesson " + std::to_string(found - files.begin() + 1) + " of " + std::to_string(files.size());
  }
  const auto& scenes = sceneFiles();
  const bool scene = std::any_of(scenes.begin(), scenes.end(),
                                 [&](const LessonFile& file) { return file.id == opened_->key; });
  return scene ? "Scene" : "Lesson from a file";
}

bool LessonDesk::isDone(std::size_t step) const {
  if (step >= lesson().steps.size()) return false;
  const auto& done = sheet().done;
  return std::find(done.begin(), done.end(), lesson().steps[step].id) != done.end();
}

bool LessonDesk::mayGoOn() const {
  return !atEnd() && (step().kind == LessonStep::Kind::see || isDone(at_));
}

std::size_t LessonDesk::firstOpenStep() const {
  for (std::size_t n = 0; n < lesson().steps.size(); ++n) {
    if (!isDone(n)) return n;
  }
  return 0;
}

void LessonDesk::begin(std::shared_ptr<OpenedLesson> lesson) {
  end();
  ++number_;
  opened_ = std::move(lesson);
  tools_ = std::make_shared<Tools>();
  done_[opened_->key] = sheet().done.size();
  at_ = firstOpenStep();
}

void LessonDesk::end() {
  if (tools_) tools_->cancel.request();
  tools_.reset();
  opened_.reset();
  measured_.clear();
  panels_.clear();
  verdict_.reset();
  lookedAt_.reset();
  at_ = 0;
}

void LessonDesk::goTo(std::size_t step) {
  at_ = std::min(step, lesson().steps.size());
  verdict_.reset();
  lookedAt_.reset();
  if (!atEnd() && this->step().kind == LessonStep::Kind::see) markDone(this->step().id);
}

void LessonDesk::markDone(const std::string& id) {
  auto& done = opened_->sheet.done;
  if (std::find(done.begin(), done.end(), id) != done.end()) return;
  done.push_back(id);
  done_[opened_->key] = done.size();
  save();
}

void LessonDesk::save() {
  worker_.append([path = sheetPath(opened_->key), text = sheetText(sheet())](ThreadPool&,
                                                                             const Cancel&) -> Worker::Home {
    const Status ignored = writeOwnFile(path, text);  // the lesson goes on all the same
    static_cast<void>(ignored);
    return nullptr;
  });
}

bool LessonDesk::answer(std::optional<std::size_t> option, std::optional<double> number) {
  if (!isOpen() || atEnd()) return false;
  const LessonStep& asks = step();
  const bool chosen = option && *option < asks.ask.options.size();
  const bool typed = number && asks.ask.options.empty() && !asks.ask.measure.empty();
  if (chosen == typed) return false;
  if (!opened_->sheet.answer({asks.id, option, number, {}}, true)) return false;
  markDone(asks.id);
  return true;
}

void LessonDesk::setName(const std::string& name) {
  if (!isOpen() || sheet().name == name) return;
  opened_->sheet.name = name;
  save();
}

void LessonDesk::startOver() {
  if (!isOpen()) return;
  opened_->sheet.answers.clear();
  opened_->sheet.done.clear();
  done_[opened_->key] = 0;
  save();
  goTo(0);
}

std::shared_ptr<const MeasuredStep> LessonDesk::measured(std::size_t step) {
  if (!isOpen() || step >= lesson().steps.size()) return nullptr;
  if (const auto known = measured_.find(step); known != measured_.end()) return known->second;
  measured_[step] = nullptr;
  const auto job = [this, step, opened = opened_, tools = tools_](ThreadPool& pool,
                                                                  const Cancel&) -> Worker::Home {
    if (tools->cancel.requested()) return nullptr;
    Bench& bench = tools->of(*opened, pool);
    const LessonStep& what = opened->lesson.steps[step];
    MeasuredStep made;
    const auto words = [&](const std::string& text) {
      const auto full = filled(text, bench, &opened->starts[step]);
      if (!full && made.fault.empty()) made.fault = full.error().what;
      return full ? *full : text;
    };
    made.say = words(what.say);
    made.reveal = words(what.reveal);
    for (const LessonOption& option : what.ask.options) {
      MeasuredStep::Option found;
      found.right = true;
      for (const Check& check : option.when) {
        const auto result = evaluateCheck(bench, check, &opened->starts[step]);
        if (!result) made.fault = result.error().what;
        found.right = found.right && result && result->holds;
        found.checks.push_back(result ? *result : CheckResult{});
      }
      if (found.right) made.right = made.options.size();
      made.options.push_back(std::move(found));
    }
    if (!what.ask.measure.empty()) {
      const auto number = bench.number(what.ask.measure, &opened->starts[step]);
      if (number) {
        made.number = *number;
      } else {
        made.fault = number.error().what;
      }
    }
    return [this, step, tools, made = std::make_shared<const MeasuredStep>(std::move(made))] {
      if (tools == tools_) measured_[step] = made;
    };
  };
  worker_.append(job);
  return nullptr;
}

std::shared_ptr<const MeasuredPanels> LessonDesk::panels() {
  if (!isOpen() || atEnd() || step().panels.empty()) return nullptr;
  const auto found = panels_.find(at_);
  return found == panels_.end() ? nullptr : found->second;
}

std::optional<std::pair<int, int>> LessonDesk::score() {
  int right = 0;
  int asked = 0;
  bool known = true;
  for (std::size_t n = 0; n < lesson().steps.size(); ++n) {
    const LessonStep& each = lesson().steps[n];
    if (each.kind == LessonStep::Kind::see) continue;
    ++asked;
    const LessonAnswer* answer = sheet().find(each.id);
    if (each.kind == LessonStep::Kind::attempt) {
      right += isDone(n) ? 1 : 0;
      continue;
    }
    const auto found = measured(n);
    if (!found) {
      known = false;
    } else if (answer && answer->option) {
      right += found->right == answer->option ? 1 : 0;
    } else if (answer && answer->number && found->number) {
      const double reach =
          each.ask.relative ? each.ask.tolerance * std::abs(*found->number) : each.ask.tolerance;
      right += std::abs(*answer->number - *found->number) <= reach ? 1 : 0;
    }
  }
  if (!known) return std::nullopt;
  return std::pair(right, asked);
}

void LessonDesk::frame(const Experiment& learner, std::uint64_t revision) {
  if (!isOpen() || atEnd()) return;
  const bool tries = step().kind == LessonStep::Kind::attempt;
  if (!tries && step().panels.empty()) return;
  const bool ofLearner =
      tries || std::any_of(step().panels.begin(), step().panels.end(), [](const LessonPanel& panel) {
        return std::any_of(panel.variants.begin(), panel.variants.end(),
                           [](const LessonPanel::Variant& variant) { return variant.now; });
      });
  if (ofLearner ? lookedAt_ == revision : lookedAt_ || panels_.count(at_) > 0) return;
  lookedAt_ = revision;
  learner_ = learner;
  look();
}

void LessonDesk::look() {
  const auto job = [this, at = at_, learner = learner_, revision = *lookedAt_, opened = opened_,
                    tools = tools_](ThreadPool& pool, const Cancel& cancel) -> Worker::Home {
    if (tools->cancel.requested()) return nullptr;
    Bench& bench = tools->of(*opened, pool);
    const LessonStep& what = opened->lesson.steps[at];
    Verdict verdict{revision, !what.check.empty(), {}, ""};
    for (const Check& check : what.check) {
      if (cancel.requested()) return nullptr;
      const auto result = evaluateCheck(bench, check, &learner);
      if (!result) verdict.fault = result.error().what;
      verdict.passed = verdict.passed && result && result->holds;
      verdict.checks.push_back(result ? *result : CheckResult{});
    }
    MeasuredPanels panels;
    for (const LessonPanel& panel : what.panels) {
      if (cancel.requested()) return nullptr;
      MeasuredPanel made;
      if (panel.ofStage()) {
        auto maps = panelMaps(panel, bench, &learner);
        if (maps) made.maps = std::move(*maps);
        if (!maps) made.fault = maps.error().what;
      } else {
        auto rows = panelRows(panel, bench);
        if (rows) made.rows = std::move(*rows);
        if (!rows) made.fault = rows.error().what;
      }
      panels.panels.push_back(std::move(made));
    }
    const bool tries = what.kind == LessonStep::Kind::attempt;
    std::vector<Member> changes;
    if (tries && verdict.passed) changes = changesBetween(opened->starts[at], learner);
    return [this, at, tools, tries, verdict = std::move(verdict), panels = std::move(panels),
            changes = std::move(changes)]() mutable {
      if (tools != tools_) return;
      if (!panels.panels.empty()) {
        panels.number = ++panelsMade_;
        panels_[at] = std::make_shared<const MeasuredPanels>(std::move(panels));
      }
      if (!tries || at != at_) return;
      const std::string id = lesson().steps[at].id;
      if (verdict.passed) {
        opened_->sheet.answer({id, std::nullopt, std::nullopt, std::move(changes)}, false);
        if (isDone(at)) save();
        markDone(id);
      }
      verdict_ = std::make_shared<const Verdict>(std::move(verdict));
    };
  };
  worker_.replace(job);
}

std::string wantedText(const Check& check, const CheckResult& result) {
  std::string wanted = measuredText(result.wanted);
  switch (check.op) {
    case Check::Op::less:
      return "< " + wanted;
    case Check::Op::more:
      return "> " + wanted;
    case Check::Op::nan:
      return "NaN";
    case Check::Op::within:
      break;
  }
  return wanted;
}

}  // namespace headlight
