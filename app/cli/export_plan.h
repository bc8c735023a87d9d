#pragma once
#include <optional>
#include <string>
#include <vector>

#include "app/cli/options.h"
#include "core/figure/figure.h"
#include "core/figure/sidecar.h"
#include "core/figure/typed_marks.h"

namespace headlight {

/// What the command line says about the figures of every input.
struct ExportRequest {
  FigureSpec look;                   ///< all but layout, format, stage, heads and what stands at tokens
  std::vector<std::string> layouts;  ///< at least one
  std::vector<FigureFormat> formats;
  std::vector<SidecarKind> sidecars;
  std::vector<Stage> stages;  ///< empty: the view's
  std::vector<int> heads;     ///< empty: the view's
  bool allHeads = false;
  std::vector<int> batches;  ///< empty: the view's
  bool allBatches = false;
  bool twoFiles = false;  ///< the inputs are the two operands of layout difference
  // Places, by index or token text: what they mean depends on the experiment (export_places.h).
  std::optional<std::string> query;
  std::vector<std::string> highlights;
  std::vector<std::string> brackets;
  std::optional<CropSpans> crop;

  std::optional<std::string> output;  ///< one file, or "-"
  std::string folder;                 ///< of default names
  bool caption = false;
  bool shared = false;  ///< one range over all inputs

  bool has(std::string_view layout) const;
};

/// A figure that is drawn once and written in every format.
struct PlannedFigure {
  FigureSpec spec;   ///< its format is set when it is written
  std::string base;  ///< path without its ending; "-" for stdout
  struct File {
    FigureFormat format;
    std::string path;
  };
  std::vector<File> files;
};

/// The figures of one element of a batch, which `view` says, or of an experiment that is none: for each
/// layout a figure per stage and, in layouts of one map, per head; a row has a plot a head. Names without
/// `output` are STEM[-bB][-STAGE][-HEAD].EXT in the folder, with -bB where elements are asked for or the view
/// shows another than the first; then -row or -lines with the number of a query that was given, or -minus-X
/// in layout difference. `headCount` is what "all" stands for. Error (usage): layout difference has no second
/// operand.
Result<std::vector<PlannedFigure>> planFigures(const ExportRequest& request, const ViewSpec& view,
                                               const std::string& stem, int headCount);
/// What is written beside a figure: BASE.EXT, or BASE-PANEL.EXT of one of several panels.
std::string sidecarPath(const PlannedFigure& figure, SidecarKind kind, const std::string& panel);

}  // namespace headlight
