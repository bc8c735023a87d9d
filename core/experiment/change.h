#pragma once
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/value.h"

namespace headlight {

/// Changes one path of a complete tree (encodeTree) as `--set` does, without asking whether the document is
/// valid. Error (usage): the path is unknown, with the nearest.
Status changeTree(Value& tree, std::string_view path, const Value& value);

}  // namespace headlight
