#pragma once
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/experiment/experiment.h"

namespace headlight {

/// A scenario code is an experiment as one line of text, to be pasted into a message or a sheet:
///   headlight:1:BODY.SUM
/// BODY is the experiment's JSON without defaults, as a zlib stream in base 64 of the alphabet for addresses
/// (RFC 4648, 5) without padding; SUM is the first eight digits of the SHA-256 of what stands before its dot.
inline constexpr std::string_view kScenarioCodePrefix = "headlight:";
inline constexpr int kScenarioCodeVersion = 1;

/// Whether the text begins as a code does, of whatever version; white space before it is passed over.
bool isScenarioCode(std::string_view text);

/// The code that restores exactly this experiment, its view included. Errors (invalid): it reads a file
/// (which is named), or is too large for a code.
Result<std::string> scenarioCode(const Experiment& experiment);

/// Back to the experiment. White space inside of the code is passed over. Errors (invalid): no code, of
/// another version, cut off, mistyped, or it holds no experiment.
Result<Experiment> fromScenarioCode(std::string_view code);

}  // namespace headlight
