#pragma once
#include <cstdint>

namespace headlight {

// How an address becomes bits: `stir` is h ^ h >> 27, · first, h ^ h >> 33, · second, h ^ h >> 27; a
// coordinate is taken in as stir(rotl(state, turn) + stir(coordinate + offset)).
inline constexpr std::uint64_t kStirFirst = 0x3c79ac492ba7b653u;
inline constexpr std::uint64_t kStirSecond = 0x1c69b3f74ac4ae35u;
inline constexpr std::uint64_t kCoordinateOffset = 0x9e3779b97f4a7c15u;
inline constexpr int kStateTurn = 25;

}  // namespace headlight
