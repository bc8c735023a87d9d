#include "core/base/random.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>

namespace headlight {
namespace {

/// Every bit of h reaches every bit of the answer; one-to-one (xor-shift and odd multiplier, as in
/// SplitMix64).
std::uint64_t stir(std::uint64_t h) {
  h ^= h >> 27;
  h *= 0x3c79ac492ba7b653u;
  h ^= h >> 33;
  h *= 0x1c69b3f74ac4ae35u;
  h ^= h >> 27;
  return h;
}

/// Takes one more coordinate into the state; not symmetric, so that (a, b) and (b, a) part ways.
std::uint64_t absorb(std::uint64_t state, std::uint64_t word) {
  return stir(std::rotl(state, 25) + stir(word + 0x9e3779b97f4a7c15u));
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
  if (m > 1.4142135623730951) {
    m *= 0.5;
    ++exponent;
  }
  const double s = (m - 1.0) / (m + 1.0);
  const double square = s * s;
  double sum = 0.0;
  for (int k = 25; k >= 1; k -= 2) sum = sum * square + 1.0 / k;
  return exponent * 0.69314718055994530942 + 2.0 * s * sum;
}

// The inverse of the normal distribution as three quotients of polynomials, interpolated at Chebyshev nodes
// in 45-digit arithmetic; relative error below 2e-12. With q = 1/2 − p and r = √(−ln p): z/q in terms of
// 0.425² − q² up to |q| = 0.425, z in terms of r − 2 and of r − 4 in the tail.
constexpr std::array<double, 7> kMiddleTop{3.3871328727945857, 108.70106478286004, 1230.998093776146,
                                           5936.17577550013,   11683.869330548598, 7414.521993739166,
                                           681.530146872161};
constexpr std::array<double, 7> kMiddleBottom{1.0,
                                              35.0976104951027,
                                              446.853018649135,
                                              2529.585431679801,
                                              6294.92552537596,
                                              5880.657905805361,
                                              1312.9288672564328};
constexpr std::array<double, 6> kNearTop{2.089849982971267, 4.075731726424916,   2.832359385404857,
                                         0.886120167005702, 0.12455970226608823, 0.006175787724198594};
constexpr std::array<double, 5> kNearBottom{1.0, 1.169986828650433, 0.47837169371643995, 0.07942544629342818,
                                            0.004365590190007231};
constexpr std::array<double, 6> kFarTop{5.177341220537732,   4.647920745510816,    1.560532264380631,
                                        0.24163296900201398, 0.016849900827178466, 0.00040485467872302864};
constexpr std::array<double, 5> kFarBottom{1.0, 0.6093640260703874, 0.128578690020371, 0.010772037808997818,
                                           0.00028625744750792486};

/// The z ≥ 0 above which a normal number lies with probability p in (0, 1/2).
double upperQuantile(double p) {
  constexpr double kMiddle = 0.425;
  const double q = 0.5 - p;
  if (q <= kMiddle) {
    const double t = 0.180625 - q * q;
    return q * polynomial(kMiddleTop, t) / polynomial(kMiddleBottom, t);
  }
  const double r = std::sqrt(-naturalLog(p));
  if (r < 3.0) return polynomial(kNearTop, r - 2.0) / polynomial(kNearBottom, r - 2.0);
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
