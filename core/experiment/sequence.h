#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/experiment/experiment.h"
#include "core/text/tokens.h"

namespace headlight {

/// The tokens that a spec stands for; `path` ("tokens" or "memory") is for errors. Nothing for indices, whose
/// number the source decides. A tokens file is a JSON list of text (.json), or text with a token a line.
Result<std::optional<std::vector<Token>>> makeTokens(const TokenSpec& spec, const std::string& folder,
                                                     const std::string& path);

/// `path` as seen from `folder`; absolute ones and those without a folder stay as they are.
std::string inFolder(const std::string& folder, const std::string& path);

/// Which tokens are [PAD]; empty when none is.
std::vector<bool> paddedTokens(const std::vector<Token>& tokens);

}  // namespace headlight
