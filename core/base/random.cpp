#include "core/base/random.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>

#include "core/base/normal_tables.h"
#include "core/base/random_mix.h"

namespace headlight {
namespace {

/// Every bit of h reaches every bit of the answer; one-to-one (xor-shift and odd multiplier, as in
/// SplitMix64).
std::uint64_t stir(std::uint64_t h) {
  h ^= h >> 27;
  h *= kStirFirst;
  h ^= h >> 33;
  h *= kStirSecond;
  h ^= h >> 27;
  return h;
}

/// Takes one more coordinate into the state; not symmetric, so that (a, b) and (b, a) part ways.
std::uint64_t absorb(std::uint64_t state, std::uint64_t word) {
  return stir(std::rotl(state, kStateTurn) + stir(word + kCoordinateOffset));
}

template <std::size_t N>
double polynomial(const std::array<double, N>& c, double x) {
  double sum = c[N - 1];
  for (std::size_t i = N - 1; i-- > 0;) sum = sum * x + c[i];
  return sum;
}

/// Natural logarithm of a normal double > 0: x = m·2^e with m in [1/√2, √2), and the series of artanh,
/// ln m = 2 Σ s^(2k+1)/(2k+1) with s = (m − 1)/(m + 1), |s| < 0.172.
double naturalLog(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  auto exponent = static_cast<int>(bits >> 52) - 1023;
  double m = std::bit_cast<double>((bits & 0x000fffffffffffffu) | 0x3ff0000000000000u);
  if (m > kSquareRootOfTwo) {
    m *= 0.5;
    ++exponent;
  }
  const double s = (m - 1.0) / (m + 1.0);
  const double square = s * s;
  return exponent * kLnTwo + 2.0 * s * polynomial(kArtanh, square);
}

/// The z ≥ 0 above which a normal number lies with probability p in (0, 1/2).
double upperQuantile(double p) {
  const double q = 0.5 - p;
  if (q <= kNormalMiddle) {
    const double t = 0.180625 - q * q;
    return q * polynomial(kMiddleTop, t) / polynomial(kMiddleBottom, t);
  }
  const double r = std::sqrt(-naturalLog(p));
  if (r < kNormalNear) return polynomial(kNearTop, r - 2.0) / polynomial(kNearBottom, r - 2.0);
  return polynomial(kFarTop, r - 4.0) / polynomial(kFarBottom, r - 4.0);
}

}  // namespace

RandomAddress::RandomAddress(std::uint64_t seed) : state_(stir(seed + 0xd1b54a32d192ed03u)) {}

RandomAddress RandomAddress::then(std::uint64_t coordinate) const {
  RandomAddress longer = *this;
  longer.state_ = absorb(state_, coordinate);
  return longer;
}

std::uint64_t RandomAddress::bits() const {
  return stir(state_);
}

std::uint64_t randomBits(std::uint64_t seed, std::array<std::uint64_t, 4> address) {
  RandomAddress at(seed);
  for (const std::uint64_t coordinate : address) at = at.then(coordinate);
  return at.bits();
}

std::uint64_t textAddress(std::string_view utf8) {
  std::uint64_t state = absorb(0x243f6a8885a308d3u, utf8.size());
  for (std::size_t at = 0; at < utf8.size(); at += 8) {
    std::uint64_t word = 0;
    const std::size_t n = std::min<std::size_t>(8, utf8.size() - at);
    for (std::size_t i = 0; i < n; ++i) {
      word |= static_cast<std::uint64_t>(static_cast<unsigned char>(utf8[at + i])) << (8 * i);
    }
    state = absorb(state, word);
  }
  return state;
}

double normalFromBits(std::uint64_t bits) {
  // The top bit is the sign; 52 more choose p = (k + 1/2)·2^-53 in (0, 1/2), which a double holds exactly.
  const std::uint64_t k = (bits >> 11) & 0x000fffffffffffffu;
  const double p = (static_cast<double>(k) + 0.5) * 0x1p-53;
  const double z = upperQuantile(p);
  return (bits >> 63) != 0 ? -z : z;
}

}  // namespace headlight
