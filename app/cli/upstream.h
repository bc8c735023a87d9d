#pragma once
#include <string>
#include <vector>

#include "core/experiment/inputs.h"

namespace headlight {

/// ∂L/∂output of the evaluated element from "FILE[:tensor]", relative to the current folder: [Tq, d_model],
/// or [Tq, H·d_v] where there is no output; with the batch's axis in front where there is a batch. Errors:
/// (unreadable, invalid) of the file; (invalid) another shape, naming both. What is not finite is told in
/// `warnings`.
Result<Caused<Matrix>> readUpstream(const std::string& address, const Prepared& prepared,
                                    std::vector<std::string>& warnings);

}  // namespace headlight
