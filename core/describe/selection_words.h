#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "core/experiment/evaluate.h"
#include "core/picture/range.h"

namespace headlight {

/// A row and a column of a stage.
struct SelectedCell {
  std::int64_t row = 0;
  std::int64_t col = 0;
};

/// What is selected, a line each: the stage with its head and shape, how it is made, the masks, where the
/// weights of the head go, the cell with its row, where the numbers come from, warnings. `cell` may lie
/// outside the stage: then nothing is said of it. Reads the rows of the head, of large maps some of them.
std::string describeSelection(const Evaluation& evaluation, Stage stage, int head,
                              const std::optional<SelectedCell>& cell);

/// "Colours span 0 to 0.771: 0 to shared maximum."
std::string rangeSentence(const Range& range);

}  // namespace headlight
