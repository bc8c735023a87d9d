#pragma once
#include <string_view>
#include <vector>

#include "core/attention/inputs.h"
#include "core/experiment/experiment.h"
#include "core/experiment/source/source.h"

namespace headlight {

/// The recipe with the cells of `stage` set that the edits name; its key changes with them.
Recipe<Matrix> withEdits(Recipe<Matrix> recipe, const std::vector<CellEdit>& edits, std::string_view stage);
/// As before for a weight and its bias, which is 0 where the source has none.
Recipe<Linear> withEdits(Recipe<Linear> recipe, const std::vector<CellEdit>& edits, std::string_view weight,
                         std::string_view bias);
/// Those of q, k and v, which are set after projection.
std::vector<HeadEdit> headEdits(const std::vector<CellEdit>& edits);

}  // namespace headlight
