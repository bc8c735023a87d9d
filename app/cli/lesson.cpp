#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>

#include "app/cli/exit_codes.h"
#include "app/cli/input_report.h"
#include "app/cli/lesson_handout.h"
#include "app/cli/lesson_run.h"
#include "app/cli/options.h"
#include "app/cli/subcommand.h"
#include "core/base/csv_text.h"
#include "core/base/number.h"
#include "core/base/words.h"
#include "core/files/read_file.h"
#include "core/lesson/lesson_file.h"
#include "core/lesson/sheet.h"

namespace headlight {
namespace {

constexpr std::uint64_t kLargestSheet = std::uint64_t{1} << 22;

Error usage(std::string what, std::string hint = "") {
  return Error{ErrorCode::usage, std::move(what), "lesson", std::move(hint)};
}

std::string folderOf(const std::string& name) {
  const std::size_t slash = name.rfind('/');
  return slash == std::string::npos ? "." : name.substr(0, slash);
}

class LessonCommand : public Subcommand {
 public:
  void declare(CLI::App& app) override {
    app.add_option("ACTION", action_, "list, run, check, grade, handout or notes")->type_name("WORD");
    app.add_option("LESSON", names_,
                   "A lesson's number, the name of a lesson or scene, or a file; for grade, answer sheets")
        ->type_name("NAME…");
    beginGroup(app, "Output");
    addText(app, "-o,--output", output_, "run: where the answer sheet is written; handout, notes: the PDF",
            "F");
    addText(app, "--name", learner_, "run: the name on the answer sheet", "TEXT");
    addText(app, "--lesson", lesson_, "grade: the lesson's file, where it is not one of the program's",
            "FILE");
    app.add_flag("--no-answers", noAnswers_, "handout: without the answers at its end");
    addText(app, "--paper", paper_, "handout, notes: a4 or letter", "WORD");
    app.add_flag("--csv", csv_, "grade: a row a sheet, with a column a step");
    addCommonOptions(app, common_);
  }

  int run(CommandContext& context) override {
    Console console(common_.quiet, common_.noColor);
    pool_ = std::make_unique<ThreadPool>(common_.threads);
    const std::vector<std::string> actions{"list", "run", "check", "grade", "handout", "notes"};
    if (!action_) return refuse(console, usage("found no action, accepted are " + listText(actions)));
    if (*action_ == "list") return list(console);
    if (*action_ == "run") return runOne(console, context.cancel);
    if (*action_ == "check") return check(console, context.cancel);
    if (*action_ == "grade") return grade(console, context.cancel);
    if (*action_ == "handout") return paper(console, context.cancel, LessonPaper::handout);
    if (*action_ == "notes") return paper(console, context.cancel, LessonPaper::notes);
    return refuse(console, unknownWord("lesson", *action_, actions));
  }

 private:
  static int refuse(const Console& console, const Error& error) {
    console.error(error);
    return exitCode(error.code);
  }

  int list(Console& console) {
    if (!names_.empty())
      return refuse(console, usage("found " + headlight::quoted(names_.front()) + ", list takes no names"));
    std::string text;
    for (std::size_t n = 0; n < lessonFiles().size(); ++n) {
      const auto line = listed(lessonFiles()[n], (n < 9 ? " " : "") + std::to_string(n + 1), false);
      if (!line) return refuse(console, line.error());
      text += *line;
    }
    if (!common_.json && !sceneFiles().empty()) text += "\nScenes, by their names\n";
    for (const LessonFile& file : sceneFiles()) {
      const auto line = listed(file, "  ", true);
      if (!line) return refuse(console, line.error());
      text += *line;
    }
    if (const Status status = console.out(text); !status) return refuse(console, status.error());
    return kExitDone;
  }

  // What the list says of one of them; `number` stands before its name.
  Result<std::string> listed(const LessonFile& file, const std::string& number, bool isScene) const {
    const auto read = readLesson(file.text, file.id);
    if (!read) return read.error();
    const Lesson& lesson = read->lesson;
    if (common_.json) {
      Value line{Object{}};
      line.set("id", lesson.id);
      line.set("scene", isScene);
      line.set("title", lesson.title);
      line.set("goal", lesson.goal);
      line.set("minutes", lesson.minutes);
      line.set("steps", static_cast<std::int64_t>(lesson.steps.size()));
      return line.json() + "\n";
    }
    return number + "  " + lesson.id.substr(lesson.id.find('-') + 1) + "\n    " + lesson.title + " (" +
           countText(static_cast<std::int64_t>(lesson.steps.size()), "step", "steps") + ", " +
           std::to_string(lesson.minutes) + " minutes)\n    " + lesson.goal + "\n";
  }

  int runOne(Console& console, const Cancel& cancel) {
    if (names_.size() != 1)
      return refuse(console, usage("run takes one lesson, found " + std::to_string(names_.size())));
    const auto read = openLesson(names_.front());
    if (!read) return refuse(console, read.error());
    if (output_ && *output_ != "-") {
      if (const Status status = checkOutput(*output_, common_.force, false); !status)
        return refuse(console, status.error());
    }
    Bench bench = read->lesson.bench(folderOf(names_.front()), *pool_, cancel);
    AnswerSheet sheet;
    sheet.lesson = read->lesson.id;
    sheet.name = learner_.value_or("");
    const Status status = runLesson(read->lesson, bench, sheet, console, cancel);
    if (!status) return refuse(console, status.error());
    if (output_) {
      const auto saved = saveOutput(*output_, sheetText(sheet), common_.force, console);
      if (!saved) return refuse(console, saved.error());
    }
    return kExitDone;
  }

  int check(Console& console, const Cancel& cancel) {
    if (names_.empty()) return refuse(console, usage("check takes lessons, found none"));
    return forEachInput(
        names_, common_, console, cancel, [&](const std::string& name, InputReport& report) -> Status {
          const auto read = openLesson(name);
          if (!read) return allProblems(name, read.error(), console);
          for (const std::string& warning : read->warnings) warn(report, console, warning);
          Bench bench = read->lesson.bench(folderOf(name), *pool_, cancel);
          std::vector<Error> faults = lessonFaults(read->lesson, bench);
          if (cancel.requested()) return Error{ErrorCode::cancelled, "interrupted", "", ""};
          if (common_.json) report.more.emplace_back("faults", static_cast<std::int64_t>(faults.size()));
          if (faults.empty()) {
            if (common_.json || common_.quiet) return {};
            return console.out(
                printable(name) + ": ok, " +
                countText(static_cast<std::int64_t>(read->lesson.steps.size()), "step", "steps") + ", " +
                countText(static_cast<std::int64_t>(read->lesson.measures.size()), "measure", "measures") +
                "\n");
          }
          // A fault that measuring shows is a difference; the last one is what the caller reports.
          for (std::size_t n = 0; n + 1 < faults.size(); ++n) console.error(faults[n].inside(name));
          Error last = faults.back().inside(name);
          last.code = ErrorCode::different;
          return last;
        });
  }

  int paper(Console& console, const Cancel& cancel, LessonPaper what) {
    if (names_.empty()) return refuse(console, usage(*action_ + " takes lessons, found none"));
    if (output_ && names_.size() > 1)
      return refuse(console, usage("-o takes one PDF, found " + std::to_string(names_.size()) + " lessons"));
    LessonPaperRequest request;
    request.what = what;
    request.output = output_;
    request.options.paper = paper_.value_or(request.options.paper);
    request.options.answers = !noAnswers_;
    request.force = common_.force;
    return forEachInput(names_, common_, console, cancel,
                        [&](const std::string& name, InputReport& report) -> Status {
                          request.name = name;
                          request.folder = folderOf(name);
                          return writeLessonPaper(request, *pool_, cancel, report, console);
                        });
  }

  // Of a file that cannot be read as a lesson, all that is wrong.
  static Status allProblems(const std::string& name, const Error& first, const Console& console) {
    const auto text = readFile(name, kLargestSheet);
    if (!text) return first;
    const std::vector<Error> all = lessonProblems(*text, "");
    for (std::size_t n = 1; n < all.size(); ++n) console.error(all[n].inside(name));
    return first;
  }

  int grade(Console& console, const Cancel& cancel) {
    if (names_.empty()) return refuse(console, usage("grade takes answer sheets, found none"));
    return forEachInput(
        names_, common_, console, cancel, [&](const std::string& name, InputReport& report) -> Status {
          const auto text = readFile(name, kLargestSheet);
          if (!text) return text.error();
          const auto sheet = readSheet(*text);
          if (!sheet) return sheet.error();
          const std::string wanted = lesson_.value_or(sheet->lesson);
          const auto read = openLesson(wanted);
          if (!read) return read.error();
          auto& bench = benches_[wanted];
          if (!bench)
            bench = std::make_unique<Bench>(read->lesson.start, folderOf(wanted), read->lesson.measures,
                                            *pool_, cancel);
          const auto grade = gradeSheet(read->lesson, *sheet, *bench);
          if (!grade) return grade.error();
          if (Status status = tell(name, *sheet, read->lesson, *grade, report, console); !status)
            return status;
          if (grade->right == grade->asked) return {};
          return Error{ErrorCode::different,
                       std::to_string(grade->right) + " of " + std::to_string(grade->asked) + " right", "",
                       ""};
        });
  }

  Status tell(const std::string& name, const AnswerSheet& sheet, const Lesson& lesson, const Grade& grade,
              InputReport& report, Console& console) const {
    if (common_.json) {
      report.more.emplace_back("lesson", lesson.id);
      report.more.emplace_back("name", sheet.name);
      report.more.emplace_back("right", grade.right);
      report.more.emplace_back("asked", grade.asked);
      List steps;
      for (const GradedStep& step : grade.steps) {
        Value row{Object{}};
        row.set("step", step.step);
        row.set("answered", step.answered);
        row.set("right", step.right);
        row.set("given", step.given);
        row.set("expected", step.expected);
        steps.push_back(std::move(row));
      }
      report.more.emplace_back("steps", std::move(steps));
      return {};
    }
    if (csv_) return console.out(csvText(name, sheet, lesson, grade));
    std::string text = printable(name) + ": " + (sheet.name.empty() ? "" : printable(sheet.name) + ", ") +
                       lesson.id + ", " + std::to_string(grade.right) + " of " + std::to_string(grade.asked) +
                       " right\n";
    for (const GradedStep& step : grade.steps) {
      text += "  " + std::string(!step.answered ? "– " : step.right ? "✓ " : "· ") + step.step;
      if (step.answered) text += ": " + printable(step.given);
      if (step.answered && !step.right) text += " (measured: " + step.expected + ")";
      text += "\n";
    }
    return console.out(text);
  }

  // Steps of different lessons have different names, so a header stands wherever the lesson changes.
  std::string csvText(const std::string& name, const AnswerSheet& sheet, const Lesson& lesson,
                      const Grade& grade) const {
    std::vector<std::string> header{"sheet", "name", "lesson", "right", "asked"};
    std::vector<std::string> row{name, sheet.name, lesson.id, std::to_string(grade.right),
                                 std::to_string(grade.asked)};
    for (const GradedStep& step : grade.steps) {
      header.push_back(step.step);
      row.emplace_back(!step.answered ? "" : step.right ? "1" : "0");
    }
    const bool needsHeader = lastLesson_ != lesson.id;
    lastLesson_ = lesson.id;
    return (needsHeader ? csvRow(header) : "") + csvRow(row);
  }

  std::optional<std::string> action_;
  std::vector<std::string> names_;
  std::optional<std::string> output_;
  std::optional<std::string> learner_;
  std::optional<std::string> lesson_;
  std::optional<std::string> paper_;
  bool noAnswers_ = false;
  bool csv_ = false;
  CommonOptions common_;
  std::unique_ptr<ThreadPool> pool_;
  std::map<std::string, std::unique_ptr<Bench>> benches_;
  mutable std::string lastLesson_;
};

}  // namespace

std::unique_ptr<Subcommand> makeLesson() {
  return std::make_unique<LessonCommand>();
}

}  // namespace headlight
