#pragma once
#include <span>
#include <string>
#include <vector>

#include "core/lesson/lesson.h"
#include "core/lesson/paper_table.h"

namespace headlight {

/// Numbers over a parameter as they are plotted on paper.
struct PaperPlot {
  struct Curve {
    std::string label;
    std::vector<double> numbers;  ///< one a value
  };
  std::string title;
  std::string across;  ///< what is varied: "d_k"
  bool logarithmic = false;
  std::vector<double> values;
  std::vector<Curve> curves;
  std::string note;    ///< under the plot
  bool empty = false;  ///< axes to draw into: no curve, and no numbers up the side that would give it away
};

PaperPlot plotOf(const LessonPanel& panel, std::span<const PanelRow> rows);

/// In black: curves differ by marks and dashes and are named where they end. Errors: none; numbers that have
/// no place on the axes are left out, and the plot says so.
Drawing drawPlot(const PaperPlot& plot, double width, double height);
/// For who cannot see it: title, axes and every curve from its first to its last number.
std::string plotWords(const PaperPlot& plot);

/// A plot with tables at its right, as many from the first on as that side holds; those are taken out of
/// `tables`. Goes below it.
void drawPlotBeside(PaperWriter& writer, const PaperPlot& plot, std::vector<PaperTable>& tables,
                    double height);

}  // namespace headlight
