#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/panels/panel_state.h"

namespace headlight {

// The tensors whose cells are set by hand: what they hold now and how their cells are called.

/// The name that `edits` gives the stage: input, memory, q, k or v; empty where it is a result.
std::string_view editedStage(Stage stage);
/// Why the stage's cells cannot be set, or nothing: "A result: …".
std::string whyNotEdited(const Panel& p, Stage stage);
/// [rows, columns] of w_q … w_o in the newest numbers; [1, columns] of b_q … b_o. Nothing where there is
/// none.
std::optional<std::pair<std::int64_t, std::int64_t>> weightShape(const Panel& p, std::string_view name);
/// The cell of a tensor as `edits` names it, in the newest numbers.
std::optional<float> tensorValue(const Panel& p, std::string_view stage, const std::vector<std::int64_t>& at);
/// "X 3 “it”, 12", "Q H2 3 “it”, 0", "W_Q 3, 14".
std::string cellName(const Panel& p, std::string_view stage, const std::vector<std::int64_t>& at);

}  // namespace headlight
