#include "core/lesson/handout.h"

#include <algorithm>
#include <exception>
#include <new>

#include "core/base/words.h"
#include "core/figure/layouts.h"
#include "core/figure/text_layout.h"
#include "core/lesson/handout_parts.h"
#include "core/lesson/sheet.h"
#include "core/lesson/step_figures.h"
#include "core/lesson/step_words.h"

namespace headlight {
namespace {

constexpr double kBox = 3.6;           // mm, of a box to tick
constexpr double kOptionIndent = 7;    // mm
constexpr double kOptionGap = 1.6;     // mm
constexpr double kFigureGap = 6;       // mm between figures
constexpr double kUnderFigure = 4;     // mm
constexpr double kTallestFigure = 92;  // mm
constexpr double kLowestFigure = 58;   // mm
constexpr double kPlot = 70;           // mm, of a plot over its width
constexpr double kWritingRoom = 30;    // mm that a page keeps to write on
constexpr double kLeastWriting = 20;   // mm, where it is full

/// The steps of a lesson, a page each, and the sheet of answers.
class Handout {
 public:
  Handout(const Lesson& lesson, Bench& bench, const HandoutOptions& options, const PaperSize& paper)
      : lesson_(lesson),
        bench_(bench),
        options_(options),
        writer_(paper, lesson.title, footOf(lesson), true) {}

  Result<PaperPages> made() {
    auto starts = stepStarts(lesson_);
    if (!starts) return starts.error();
    for (std::size_t n = 0; n < lesson_.steps.size(); ++n) {
      if (Status status = step(n, (*starts)[n]); !status)
        return status.error().inside("step " + quoted(lesson_.steps[n].id));
      if (bench_.cancel().requested()) return Error{ErrorCode::cancelled, "interrupted", "", ""};
    }
    if (options_.answers) {
      if (Status status = answers(*starts); !status) return status.error();
    }
    PaperPages pages = writer_.finish();
    pages.title = lesson_.title;
    pages.description = "Handout of the lesson " + quoted(lesson_.title) + ": " +
                        countText(static_cast<std::int64_t>(lesson_.steps.size()), "step", "steps") +
                        ", a page each" + (options_.answers ? ", and the answers" : "");
    return pages;
  }

 private:
  Status step(std::size_t n, const Experiment& learner) {
    const LessonStep& step = lesson_.steps[n];
    auto sheet = stepSheet(lesson_, step, learner, bench_);
    if (!sheet) return sheet.error();
    const auto say = filled(step.say, bench_, &learner);
    if (!say) return say.error();
    std::string shown;  // of a step that asks nothing, there is nothing to hide
    if (step.kind == LessonStep::Kind::see && !step.reveal.empty()) {
      auto reveal = filled(step.reveal, bench_, &learner);
      if (!reveal) return reveal.error();
      shown = std::move(*reveal);
    }

    writer_.beginPage();
    if (n == 0) drawLessonHead(writer_, lesson_, "Handout");
    writer_.paragraph("Step " + std::to_string(n + 1) + " of " + std::to_string(lesson_.steps.size()) + ": " +
                          std::string(kindWord(step.kind)),
                      paperHeading());
    writer_.skip(1.5);
    writer_.paragraph(*say, paperBody());
    writer_.skip(4);

    const bool asks = step.kind != LessonStep::Kind::see;
    double writing = asks ? kWritingRoom : kLeastWriting;
    const auto needed = [&] {
      return tablesHeight(sheet->tables, writer_.width()) + remarksHeight(*sheet) + questionHeight(step) +
             (shown.empty() ? 0 : writer_.heightOf(shown, paperBody()) + 3) + writing;
    };
    const bool isPlot = sheet->figures.empty() && sheet->plots.size() == 1 && !sheet->tables.empty();
    if (isPlot) {
      drawPlotBeside(writer_, sheet->plots.front(), sheet->tables, kPlot);
      sheet->plots.clear();
    }
    // What a page does not hold is left out from the end; the figure shows it all the same.
    const std::size_t drawn = sheet->figures.size() + sheet->plots.size();
    const std::size_t rows = (drawn + 1) / 2 + (sheet->plane ? 1 : 0);
    const auto down = static_cast<double>(rows);
    const double lowest = kLowestFigure * down;
    if (writer_.room() - needed() < lowest) writing = kLeastWriting;
    while (sheet->tables.size() > 1 && writer_.room() - needed() < lowest) sheet->tables.pop_back();
    if (sheet->plane) plane(*sheet->plane, std::min(kTallestFigure, writer_.room() - needed()));
    if (Status status = figures(*sheet, std::min(kTallestFigure * down, writer_.room() - needed())); !status)
      return status;
    drawTables(writer_, sheet->tables);
    for (const std::string& remark : sheet->remarks) writer_.paragraph(remark, paperSmall());
    if (!sheet->remarks.empty()) writer_.skip(3);
    if (!shown.empty()) {
      writer_.paragraph(shown, paperBody());
      writer_.skip(3);
    }
    question(step);
    writer_.paragraph(asks ? "Your answer, and why:" : "What do you notice?", paperSmall());
    writer_.writingLines(writer_.bottom());
    return {};
  }

  double remarksHeight(const StepSheet& sheet) const {
    double height = 0;
    for (const std::string& remark : sheet.remarks) height += writer_.heightOf(remark, paperSmall());
    return height > 0 ? height + 3 : 0;
  }

  static std::string task(const LessonStep& step) {
    if (step.kind == LessonStep::Kind::attempt)
      return "What do you change, and to what? What do you expect to see?";
    return step.ask.text;
  }

  double questionHeight(const LessonStep& step) const {
    double height = writer_.heightOf(task(step), paperStrong()) + 2;
    for (const LessonOption& option : step.ask.options)
      height += writer_.heightOf(option.text, paperBody(), kOptionIndent) + kOptionGap;
    return height + (step.ask.options.empty() ? 0 : 2);
  }

  void question(const LessonStep& step) {
    if (step.kind == LessonStep::Kind::see) return;
    writer_.paragraph(task(step), paperStrong());
    writer_.skip(2);
    for (const LessonOption& option : step.ask.options) {
      box(writer_.left(), writer_.y() + (paperBody().lineMm() - kBox) / 2);
      writer_.paragraph(option.text, paperBody(), kOptionIndent);
      writer_.skip(kOptionGap);
    }
    if (!step.ask.options.empty()) writer_.skip(2);
  }

  void box(double x, double y) {
    const Segment sides[] = {{{x, y}, {x + kBox, y}},
                             {{x + kBox, y}, {x + kBox, y + kBox}},
                             {{x + kBox, y + kBox}, {x, y + kBox}},
                             {{x, y + kBox}, {x, y}}};
    writer_.page().lines(sides, 0.3, paperSmall().colour);
  }

  void plane(const PaperPlane& plane, double height) {
    Drawing drawing = drawPlane(plane, writer_.width(), height);
    const double taken = drawing.height;
    writer_.place(std::move(drawing), planeWords(plane), writer_.left(), writer_.y());
    writer_.skip(taken + kUnderFigure);
  }

  /// The figures and plots beside each other, two in a row, within that height.
  Status figures(const StepSheet& sheet, double height) {
    const std::size_t count = sheet.figures.size() + sheet.plots.size();
    if (count == 0) return {};
    const std::size_t across = count > 1 ? 2 : 1;
    const std::size_t down = (count + across - 1) / across;
    const double width =
        (writer_.width() - kFigureGap * static_cast<double>(across - 1)) / static_cast<double>(across);
    const double each = (height - kUnderFigure * static_cast<double>(down)) / static_cast<double>(down);
    double tallest = 0;
    std::size_t placed = 0;
    const auto place = [&](Drawing drawing, const std::string& words) {
      if (placed % across == 0 && placed > 0) {
        writer_.skip(tallest + kUnderFigure);
        tallest = 0;
      }
      tallest = std::max(tallest, drawing.height);
      const double x = writer_.left() + static_cast<double>(placed % across) * (width + kFigureGap);
      writer_.place(std::move(drawing), words, x, writer_.y());
      ++placed;
    };
    for (const StepFigure& figure : sheet.figures) {
      auto drawn = drawnFigure(figure, width, each);
      // What is printed as numbers can be read without its figure.
      if (!drawn && drawn.error().code != ErrorCode::cancelled && !sheet.tables.empty()) continue;
      if (!drawn) return drawn.error();
      place(std::move(drawn->drawing), drawn->altText);
    }
    for (const PaperPlot& plot : sheet.plots)
      place(drawPlot(plot, width, std::min(each, kPlot)), plotWords(plot));
    if (placed > 0) writer_.skip(tallest + kUnderFigure);
    return {};
  }

  Result<DrawnFigure> drawnFigure(const StepFigure& figure, double width, double height) {
    FigureSpec spec = figure.spec;
    spec.widthMm = width;
    spec.heightMm = height;
    auto drawn = drawFigure(*figure.evaluation, spec, bench_.pool(), bench_.cancel());
    if (drawn || drawn.error().code == ErrorCode::cancelled) return drawn;
    // Where there is no room for all of it, the map and its labels.
    spec.showNotes = false;
    spec.showTitle = false;
    return drawFigure(*figure.evaluation, spec, bench_.pool(), bench_.cancel());
  }

  Status answers(const std::vector<Experiment>& starts) {
    writer_.setNamed(false);
    writer_.beginPage();
    writer_.paragraph("Answers", paperTitle());
    writer_.skip(1);
    writer_.paragraph(
        "Every number here was measured when this sheet was made, by the same program that the "
        "lesson runs in.",
        paperSmall());
    writer_.skip(3);
    for (std::size_t n = 0; n < lesson_.steps.size(); ++n) {
      const LessonStep& step = lesson_.steps[n];
      if (step.kind == LessonStep::Kind::see) continue;
      const auto answer = stepAnswer(lesson_, step, starts[n], bench_);
      if (!answer) return answer.error().inside("step " + quoted(step.id));
      double height = 2 * paperHeading().lineMm() + writer_.heightOf(answer->right, paperBody());
      height += writer_.heightOf(answer->reveal, paperBody());
      writer_.need(std::min(height, 60.0));
      PaperStyle heading = paperStrong();
      heading.tag = "H2";
      writer_.paragraph("Step " + std::to_string(n + 1) + ": " +
                            (step.ask.text.empty() ? std::string(kindWord(step.kind)) : step.ask.text),
                        heading);
      writer_.skip(0.6);
      labelled(writer_, "Right:", answer->right, paperBody());
      for (const std::string& measured : answer->measured)
        labelled(writer_, "Measured:", measured, paperSmall());
      if (!answer->reveal.empty()) {
        writer_.skip(0.8);
        writer_.paragraph(answer->reveal, paperBody());
      }
      writer_.skip(4);
    }
    return {};
  }

  const Lesson& lesson_;
  Bench& bench_;
  const HandoutOptions& options_;
  PaperWriter writer_;
};

/// What the drawing libraries throw, as an Error.
template <class Work>
auto guarded(const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::failed, "the pages do not fit in memory", "", ""};
  } catch (const std::exception& e) {
    return Error{ErrorCode::failed, std::string("the pages were not drawn: ") + e.what(), "", ""};
  }
}

Result<std::string> asPdf(const Result<PaperPages>& pages) {
  if (!pages) return pages.error();
  return guarded([&] { return pagesPdf(*pages); });
}

}  // namespace

Result<PaperPages> handoutPages(const Lesson& lesson, Bench& bench, const HandoutOptions& options) {
  const auto paper = paperOf(options);
  if (!paper) return paper.error();
  return guarded([&] { return Handout(lesson, bench, options, *paper).made(); });
}

Result<std::string> handoutPdf(const Lesson& lesson, Bench& bench, const HandoutOptions& options) {
  return asPdf(handoutPages(lesson, bench, options));
}

Result<std::string> lecturerPdf(const Lesson& lesson, Bench& bench, const HandoutOptions& options) {
  return guarded([&] { return asPdf(lecturerPages(lesson, bench, options)); });
}

}  // namespace headlight
