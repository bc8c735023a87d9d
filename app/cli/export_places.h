#pragma once
#include "app/cli/export_plan.h"
#include "core/experiment/evaluate.h"

namespace headlight {

// What --query, --highlight, --bracket and --crop mean in one experiment (typed_marks.h).

/// Fills the spec's query, highlights, brackets and crop. Errors (usage): as typed_marks.h.
Status placeMarks(const ExportRequest& request, const Evaluation& evaluation, FigureSpec& spec);

/// Whether the options can be read at all, without an experiment.
Status checkMarks(const ExportRequest& request);

}  // namespace headlight
