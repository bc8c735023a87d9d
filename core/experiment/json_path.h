#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/value.h"

namespace headlight {

/// "shape" and "d_k" → "shape.d_k"; a name that is no plain word is quoted: shape["d k"].
std::string memberPath(const std::string& path, std::string_view key);
/// "mask" and 0 → "mask[0]".
std::string itemPath(const std::string& path, std::size_t index);

/// The names and indices of a path, in both spellings: "mask[0].align" and "mask.0.align". Whether "0" is a
/// name or an index is said by the value it meets. Error (usage): where the path cannot be read.
Result<std::vector<std::string>> parsePath(std::string_view path);

/// The place in a list that a step names: 0 … size, where size stands behind the last item; −1 for none.
std::ptrdiff_t listIndex(std::string_view step, std::size_t size);

/// The value at the path, or null when there is none.
const Value* valueAt(const Value& root, const std::vector<std::string>& steps);

}  // namespace headlight
