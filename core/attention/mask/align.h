#pragma once
#include <algorithm>
#include <cstdint>
#include <string>

#include "core/attention/mask/mask.h"

namespace headlight {

/// Furthest offset that a mask may name: the longest sequence.
inline constexpr double kLargestOffset = 1048576;

/// The key "align" of masks that compare the places of queries and keys.
KeySpec alignKey();

/// What is added to a query's index before it is compared with a key's: 0 for "top_left", Tk − Tq for
/// "bottom_right", where the last query stands beside the last key (FlashAttention 2.1 and later).
std::int64_t alignment(const Value& align, const MaskContext& context);

/// The mask's sentence, with how its diagonal stands where that is not "top_left".
std::string withAlignment(const Kinded& entry, std::string sentence);

/// "+ 3" or "− 3", empty for 0.
std::string signedTerm(std::int64_t shift);

}  // namespace headlight
