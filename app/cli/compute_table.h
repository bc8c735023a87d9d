#pragma once
#include <string>

#include "app/cli/stage_arrays.h"
#include "core/experiment/evaluate.h"

namespace headlight {

/// The tensors as text: token labels beside the rows and above the columns, aligned, masked cells as a dot.
/// Of large tensors the first rows and columns, which is said.
std::string tableText(const Evaluation& evaluation, const std::vector<StageArray>& arrays);

}  // namespace headlight
