#pragma once
#include <string>
#include <string_view>

#include "core/experiment/experiment.h"
#include "core/experiment/parameters.h"

namespace headlight {

/// As `set`, for hands on controls: what else must change for the document to stay valid changes along
/// (kv_heads to the nearest divisor of heads, lists of a mask to the new sequence, lists of a normalizer to
/// the heads, a pin that left the map goes), and a mask or normalizer that is newly chosen gets first values.
/// Errors: only what cannot be made valid.
Result<Experiment> edit(const Experiment& experiment, std::string_view path, const Value& value);

/// A value in the name of a change: "24", "causal, window", "auto" for null; empty where it is too long for
/// one.
std::string valueName(const Experiment& experiment, std::string_view path);
/// "d_k 16 → 24": the name of a change in the history, from the parameter's label.
std::string changeName(const Experiment& before, const Experiment& after, std::string_view path);

}  // namespace headlight
