#pragma once
#include <cstddef>

namespace headlight {

/// Memory on cache-line borders. Blocks of middling size that were given back wait for the next request of
/// the same size: while someone drags a slider the same sizes come again and again, and fresh pages would
/// cost more than the numbers in them. At most kMostCached bytes wait.
void* takeBlock(std::size_t bytes);
void giveBlock(void* block, std::size_t bytes) noexcept;

inline constexpr std::size_t kBlockAlignment = 64;
inline constexpr std::size_t kLeastCached = std::size_t{1} << 15;
inline constexpr std::size_t kLargestCached = std::size_t{1} << 24;
inline constexpr std::size_t kMostCached = std::size_t{3} << 24;

}  // namespace headlight
