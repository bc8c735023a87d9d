#pragma once
#include <string>
#include <vector>

#include "app/cli/export_plan.h"
#include "app/cli/outputs.h"
#include "core/figure/layouts.h"

namespace headlight {

/// A drawn figure and what is asked for beside it.
struct SidecarJob {
  const ExportRequest& request;
  const CommonOptions& common;
  const Cancel& cancel;
  const Evaluation& evaluation;
  const PlannedFigure& figure;
  const DrawnFigure& drawn;
};

/// What can be known of the size before anything is drawn. Error (unwritable): more than 4 GiB without -f.
Status checkSidecarSize(const ExportRequest& request, const CommonOptions& common,
                        const PlannedFigure& figure, const Sizes& sizes);
/// Whether they can be written. Errors: (exists) one is there already, (unwritable) as above, (usage) the
/// layout has none.
Status checkSidecars(const SidecarJob& job);
/// Writes the numbers of a figure beside it. Errors: (unwritable), (cancelled).
Status saveSidecars(const SidecarJob& job, std::vector<OutputRecord>& outputs);

/// The caption of a figure.
std::string captionOf(const Evaluation& evaluation, const FigureSpec& spec, const DrawnFigure& drawn);

}  // namespace headlight
