#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/experiment/experiment.h"
#include "core/text/tokens.h"

namespace headlight {

/// The tokens that a spec stands for; `path` ("tokens" or "memory") is for errors. Nothing for indices, whose
/// number the source decides. A tokens file is a JSON list of text (.json), or text with a token a line. Of a
/// batch element `batch`, which there must be, with [PAD] at its end up to the length of the longest element.
Result<std::optional<std::vector<Token>>> makeTokens(const TokenSpec& spec, const std::string& folder,
                                                     const std::string& path, int batch = 0);

/// How many elements a batch has; 0 when the spec is none.
int batchesOf(const TokenSpec& spec);
/// Element `batch` of a batch, which there must be; any other spec itself.
const TokenSpec& elementOf(const TokenSpec& spec, int batch);
/// Whether a file must be read to know how many tokens there are.
bool readsTokens(const TokenSpec& spec);

/// `path` as seen from `folder`; absolute ones and those without a folder stay as they are. Where no file is
/// there but one of its name is in `folder` itself, as after moving both, that one.
std::string inFolder(const std::string& folder, const std::string& path);

/// Which tokens are [PAD]; empty when none is.
std::vector<bool> paddedTokens(const std::vector<Token>& tokens);

}  // namespace headlight
