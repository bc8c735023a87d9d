#include <algorithm>

#include "core/base/words.h"
#include "core/experiment/scenario_code.h"
#include "core/lesson/handout_parts.h"
#include "core/lesson/sheet.h"
#include "core/lesson/step_figures.h"
#include "core/lesson/step_words.h"

namespace headlight {
namespace {

constexpr std::size_t kLongestCode = 1200;  // characters that are worth their place on paper
constexpr double kIndent = 5;               // mm
constexpr double kPlot = 50;                // mm, of a plot over its width

/// The lecturer's pages: everything that is not on the screen.
class LecturerNotes {
 public:
  LecturerNotes(const Lesson& lesson, Bench& bench, const PaperSize& paper)
      : lesson_(lesson), bench_(bench), writer_(paper, lesson.title, footOf(lesson), false) {}

  Result<PaperPages> made() {
    const auto starts = stepStarts(lesson_);
    if (!starts) return starts.error();
    writer_.beginPage();
    drawLessonHead(writer_, lesson_, "Lecturer's notes");
    if (!lesson_.notes.empty()) {
      writer_.paragraph("Notes", paperHeading());
      writer_.skip(1);
      writer_.paragraph(lesson_.notes, paperBody());
      writer_.skip(5);
    }
    for (std::size_t n = 0; n < lesson_.steps.size(); ++n) {
      if (Status status = step(n, (*starts)[n]); !status)
        return status.error().inside("step " + quoted(lesson_.steps[n].id));
      if (bench_.cancel().requested()) return Error{ErrorCode::cancelled, "interrupted", "", ""};
    }
    code();
    PaperPages pages = writer_.finish();
    pages.title = lesson_.title + ": lecturer's notes";
    pages.description = "Lecturer's notes of the lesson " + quoted(lesson_.title) +
                        ": its questions with their right answers, measured numbers and wrong answers";
    return pages;
  }

 private:
  Status step(std::size_t n, const Experiment& learner) {
    const LessonStep& step = lesson_.steps[n];
    const auto say = filled(step.say, bench_, &learner);
    if (!say) return say.error();
    const auto answer = stepAnswer(lesson_, step, learner, bench_);
    if (!answer) return answer.error();
    const double beginning = paperHeading().lineMm() + writer_.heightOf(*say, paperBody()) + 20;
    writer_.need(std::min(beginning, 80.0));
    writer_.paragraph("Step " + std::to_string(n + 1) + " of " + std::to_string(lesson_.steps.size()) + ": " +
                          std::string(kindWord(step.kind)),
                      paperHeading());
    writer_.skip(0.8);
    writer_.paragraph(*say, paperBody());
    if (!step.ask.text.empty()) {
      writer_.skip(0.8);
      writer_.paragraph(step.ask.text, paperStrong());
    }
    writer_.skip(0.8);
    for (const LessonPanel& panel : step.panels) {
      if (panel.kind != LessonPanel::Kind::plot) labelled(writer_, "Shown:", panel.title, paperBody());
    }
    if (Status status = plots(step); !status) return status;
    labelled(writer_, "Right:", answer->right, paperBody());
    for (const std::string& measured : answer->measured)
      labelled(writer_, "Measured:", measured, paperSmall(), kIndent);
    for (const StepAnswer::Wrong& wrong : answer->wrong) {
      labelled(writer_, "Wrong:", wrong.text, paperBody());
      if (!wrong.why.empty()) labelled(writer_, "Measured:", wrong.why, paperSmall(), kIndent);
    }
    labelled(writer_, step.kind == LessonStep::Kind::see ? "Say:" : "Then say:", answer->reveal, paperBody());
    writer_.skip(5);
    return {};
  }

  /// What the step plots, with its numbers beside it.
  Status plots(const LessonStep& step) {
    for (const LessonPanel& panel : step.panels) {
      if (panel.kind != LessonPanel::Kind::plot) continue;
      const auto rows = panelRows(panel, bench_);
      if (!rows) return rows.error();
      std::vector<PaperTable> tables{panelTable(panel, *rows)};
      tables.front().title = "Measured";
      writer_.skip(1.5);
      drawPlotBeside(writer_, plotOf(panel, *rows), tables, kPlot);
      if (!tables.empty()) drawTables(writer_, tables);
    }
    return {};
  }

  void code() {
    const auto code = scenarioCode(lesson_.start);
    if (!code || code->size() > kLongestCode) return;
    PaperStyle style = paperNumbers();
    style.sizePt = 7;
    writer_.need(paperHeading().lineMm() + writer_.heightOf(*code, style) + 10);
    writer_.paragraph("The lesson's start, to paste", paperHeading());
    writer_.skip(0.8);
    writer_.paragraph("File, Open the scenario code on the clipboard; or headlight compute CODE.",
                      paperSmall());
    writer_.skip(0.8);
    writer_.paragraph(*code, style);
  }

  const Lesson& lesson_;
  Bench& bench_;
  PaperWriter writer_;
};

}  // namespace

Result<PaperPages> lecturerPages(const Lesson& lesson, Bench& bench, const HandoutOptions& options) {
  const auto paper = paperOf(options);
  if (!paper) return paper.error();
  return LecturerNotes(lesson, bench, *paper).made();
}

}  // namespace headlight
