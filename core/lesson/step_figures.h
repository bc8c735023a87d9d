#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/figure/figure_spec.h"
#include "core/lesson/lesson.h"
#include "core/lesson/paper_plane.h"
#include "core/lesson/paper_plot.h"
#include "core/lesson/paper_table.h"

namespace headlight {

/// Matrices of at most so many rows and columns are printed as numbers.
inline constexpr std::int64_t kMostPrinted = 8;

/// A figure of a step: what it shows and of which numbers.
struct StepFigure {
  std::shared_ptr<const Evaluation> evaluation;
  FigureSpec spec;
};

/// What a step has on paper beside its words.
struct StepSheet {
  std::optional<PaperPlane> plane;  ///< instead of the map, where query, keys and values can be drawn
  std::vector<StepFigure> figures;
  std::vector<PaperPlot> plots;      ///< of `see`; before it, of a prediction, empty ones to draw into
  std::vector<PaperTable> tables;    ///< matrices with two decimals, and the tables of `see`
  std::vector<std::string> remarks;  ///< which matrices are too large to be printed
};

/// The maps and matrices that a step asks about, as they are when it begins: the stages that its question,
/// checks and texts measure, with the scores and values that those are made of. What is measured only in a
/// later step is not told before. Errors: the experiment cannot be evaluated.
Result<StepSheet> stepSheet(const Lesson& lesson, const LessonStep& step, const Experiment& learner,
                            Bench& bench);

/// The numbers of a panel of the kinds table and plot.
PaperTable panelTable(const LessonPanel& panel, const std::vector<PanelRow>& rows);
/// A matrix of the evaluation with two decimals; masked weights are "–".
PaperTable matrixTable(const Evaluation& evaluation, Stage stage, int head);

}  // namespace headlight
