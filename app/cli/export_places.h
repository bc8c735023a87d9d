#pragma once
#include "app/cli/export_plan.h"
#include "core/experiment/evaluate.h"

namespace headlight {

// What --query, --highlight, --bracket and --crop mean in one experiment. A token is named by its index from
// 0, or by its text where that stands there once.

/// Fills the spec's query, highlights, brackets and crop. Errors (usage): a token that is not there, one
/// that is there several times (with their places), a span beyond the axis.
Status placeMarks(const ExportRequest& request, const Evaluation& evaluation, FigureSpec& spec);

/// Whether the options can be read at all, without an experiment.
Status checkMarks(const ExportRequest& request);

/// "a:b,c:d" with open ends. Errors (usage).
Result<std::array<IndexSpan, 2>> readCrop(std::string_view text);

}  // namespace headlight
