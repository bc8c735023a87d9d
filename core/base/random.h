#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace headlight {

/// Name and version of the generator, written into saved experiments. Any change of a bit needs a new
/// version.
inline constexpr std::string_view kGeneratorName = "headlight-normal-v1";

/// A pure function from an address (seed and up to four coordinates) to 64 random bits: no state, so adding a
/// coordinate changes no other. Integer arithmetic only.
std::uint64_t randomBits(std::uint64_t seed, std::array<std::uint64_t, 4> address);
/// The same, a coordinate at a time, for numbers that share the beginning of their address:
/// RandomAddress(seed).then(a).then(b).then(c).then(d).bits() is randomBits(seed, {a, b, c, d}).
class RandomAddress {
 public:
  explicit RandomAddress(std::uint64_t seed);
  RandomAddress then(std::uint64_t coordinate) const;
  std::uint64_t bits() const;
  /// What the coordinates so far have become.
  std::uint64_t state() const { return state_; }

 private:
  std::uint64_t state_ = 0;
};
/// The address of a text: integer hash of its bytes.
std::uint64_t textAddress(std::string_view utf8);
/// Uniform bits → N(0, 1), by the inverse of the normal distribution function, computed with + − × ÷ and
/// square root alone: the same bits from every compiler.
double normalFromBits(std::uint64_t bits);

}  // namespace headlight
