#pragma once
#include <string_view>

#include "core/experiment/import_plan.h"

namespace headlight {

/// What a tensor's name says of it.
struct ImportName {
  ImportRole role = ImportRole::none;
  bool scores = false;             ///< of maps: scores rather than weights
  bool paddingMask = false;        ///< of a mask: one entry a key
  bool tokensBeforeHeads = false;  ///< its writer keeps tokens before heads (TransformerLens)
  bool exact = false;              ///< the whole last part of the name, not a word of it
  std::string_view group;          ///< what stands before that part: "blocks.0.attn."
};
/// `name` as in its file, or the file's own where it holds one tensor.
ImportName readImportName(std::string_view name);

}  // namespace headlight
