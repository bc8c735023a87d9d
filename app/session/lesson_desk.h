#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/session/home_queue.h"
#include "app/session/worker.h"
#include "core/lesson/sheet.h"

namespace headlight {

/// A row of the list of lessons and scenes.
struct LessonEntry {
  std::string id;
  std::string title;
  std::string goal;
  int minutes = 0;
  bool scene = false;
  std::size_t steps = 0;
};

/// A lesson that was read and what of it is known: everything but the measuring, which comes later.
struct OpenedLesson {
  Lesson lesson;
  std::string folder;              ///< where its relative tensor files are sought
  std::string path;                ///< of a teacher's file, else empty
  std::string key;                 ///< names its progress
  std::vector<Experiment> starts;  ///< the experiment as each step begins
  AnswerSheet sheet;               ///< as it was left
};
/// On a worker: a lesson of the program by its id, else a file, with the progress that `stateFolder` keeps.
/// All that is wrong in a file, measured too, is one error that names the steps.
Result<OpenedLesson> readOpenedLesson(const std::string& name, bool file, const std::string& stateFolder,
                                      ThreadPool& pool, const Cancel& cancel);

/// What of a step was measured. A part that is not there yet is empty.
struct MeasuredStep {
  std::string say;
  std::string reveal;
  struct Option {
    std::vector<CheckResult> checks;  ///< of its `when`
    bool right = false;
  };
  std::vector<Option> options;
  std::optional<std::size_t> right;
  std::optional<double> number;  ///< of a question for one
  std::string fault;             ///< why it could not be measured
};
/// What the panels of a step show.
struct MeasuredPanel {
  std::vector<PanelRow> rows;
  std::vector<PanelMap> maps;
  std::string fault;
};
struct MeasuredPanels {
  std::uint64_t number = 0;  ///< no two have the same
  std::vector<MeasuredPanel> panels;
};
/// What a try's checks found in the learner's experiment.
struct Verdict {
  std::uint64_t revision = 0;  ///< of the experiment
  bool passed = false;
  std::vector<CheckResult> checks;
  std::string fault;
};

/// The lessons, the one that is open, what the learner answered in it, and what is measured for it on a
/// thread of its own. It changes no document: that is the session's part (session_lessons.cpp).
class LessonDesk {
 public:
  LessonDesk(int threads, std::string stateFolder, const std::shared_ptr<HomeQueue>& home);
  ~LessonDesk();
  LessonDesk(const LessonDesk&) = delete;
  LessonDesk& operator=(const LessonDesk&) = delete;

  // --- all there are
  /// Null while they are being read; asking reads them.
  const std::vector<LessonEntry>* entries();
  /// Steps of a lesson of the program that were seen to their end.
  std::size_t stepsDone(const std::string& id) const;

  // --- the open one
  bool isOpen() const { return opened_ != nullptr; }
  /// Counts the lessons that were opened.
  std::uint64_t number() const { return number_; }
  const OpenedLesson& opened() const { return *opened_; }
  const std::shared_ptr<OpenedLesson>& held() const { return opened_; }
  const Lesson& lesson() const { return opened_->lesson; }
  /// "Lesson 5 of 12", "Scene", "Lesson".
  std::string placeWords() const;
  /// The step that is shown; as many as there are steps: the end.
  std::size_t at() const { return at_; }
  bool atEnd() const { return at_ >= lesson().steps.size(); }
  const LessonStep& step() const { return lesson().steps[at_]; }
  const AnswerSheet& sheet() const { return opened_->sheet; }
  bool isDone(std::size_t step) const;
  /// Nothing keeps the learner from the next step.
  bool mayGoOn() const;
  /// Where a lesson goes on: the first step that is not done, 0 when all are.
  std::size_t firstOpenStep() const;

  void begin(std::shared_ptr<OpenedLesson> lesson);
  void end();
  void goTo(std::size_t step);
  /// Locks the answer to the shown step. False when it was answered before, or does not ask.
  bool answer(std::optional<std::size_t> option, std::optional<double> number);
  void setName(const std::string& name);
  /// Forgets all answers.
  void startOver();

  // --- measured; null while not ready, asking starts it
  std::shared_ptr<const MeasuredStep> measured(std::size_t step);
  std::shared_ptr<const MeasuredPanels> panels();
  /// Of a try, of the newest experiment that was looked at.
  const std::shared_ptr<const Verdict>& verdict() const { return verdict_; }
  /// How many questions were answered as measured, and how many there are; nothing while not all is measured.
  std::optional<std::pair<int, int>> score();

  /// Once a frame: the learner's experiment as it is now.
  void frame(const Experiment& learner, std::uint64_t revision);
  bool idle() const { return worker_.idle(); }

 private:
  struct Tools;
  void look();
  void save();
  void markDone(const std::string& id);
  std::string sheetPath(const std::string& key) const;

  std::string folder_;
  bool entriesAsked_ = false;
  std::optional<std::vector<LessonEntry>> entries_;
  std::map<std::string, std::size_t> done_;  ///< by key

  std::uint64_t number_ = 0;
  std::shared_ptr<OpenedLesson> opened_;
  std::shared_ptr<Tools> tools_;  ///< of the open lesson's jobs
  std::size_t at_ = 0;
  std::map<std::size_t, std::shared_ptr<const MeasuredStep>> measured_;
  std::map<std::size_t, std::shared_ptr<const MeasuredPanels>> panels_;
  std::uint64_t panelsMade_ = 0;
  std::shared_ptr<const Verdict> verdict_;
  Experiment learner_;
  std::uint64_t revision_ = 0;
  std::optional<std::uint64_t> lookedAt_;  ///< revision that was measured last
  Worker worker_;                          ///< ends first: its jobs touch what is above
};

/// "5 ± 10 %", "less than 2": what a check asks for.
std::string wantedText(const Check& check, const CheckResult& result);

}  // namespace headlight
