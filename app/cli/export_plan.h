#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/figure/figure.h"

namespace headlight {

/// A figure that is to be written.
struct PlannedFigure {
  FigureSpec spec;
  std::string path;  ///< "-" for stdout
};

/// What the command line says about the figures of every input.
struct ExportRequest {
  FigureSpec look;  ///< all but format, stage and heads
  std::vector<FigureFormat> formats;
  std::vector<Stage> stages;  ///< empty: the view's
  std::vector<int> heads;     ///< empty: the view's
  bool allHeads = false;
  std::vector<int> batches;  ///< empty: the view's
  bool allBatches = false;
  std::optional<std::string> output;  ///< one file, or "-"
  std::string folder;                 ///< of default names
};

/// "png", "svg", "pdf".
std::string_view formatWord(FigureFormat format);
/// The figures of one element of a batch, which `view` says, or of an experiment that is none: a figure per
/// stage and, in layout `single`, per head, in every format. Names without `output` are
/// STEM[-bB][-STAGE][-HEAD].EXT in the folder, with -bB where elements are asked for or the view shows
/// another than the first. `headCount` is what "all" stands for.
std::vector<PlannedFigure> planFigures(const ExportRequest& request, const ViewSpec& view,
                                       const std::string& stem, int headCount);

/// "88mm", "3.5in", "8.8cm", "250pt" → millimetres. Errors (usage).
Result<double> readWidth(std::string_view text);

}  // namespace headlight
