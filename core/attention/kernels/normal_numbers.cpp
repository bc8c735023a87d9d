#include "core/attention/kernels/normal_numbers.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

#include "core/base/normal_tables.h"
#include "core/base/random_mix.h"

// clang-format off
#include "core/attention/kernels/targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/attention/kernels/normal_numbers.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on

// The steps of normalFromBits in the same order, none fused: every lane has the bits that it gives.
HWY_BEFORE_NAMESPACE();
namespace headlight::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_HAVE_FLOAT64

/// c[First] + x · (c[First + 1] + x · (…)).
template <std::size_t First = 0, std::size_t N, class D, class V>
HWY_INLINE V polynomialOf(D d, const std::array<double, N>& c, V x) {
  const V own = hn::Set(d, c[First]);
  if constexpr (First + 1 == N) {
    return own;
  } else {
    return hn::Add(hn::Mul(polynomialOf<First + 1>(d, c, x), x), own);
  }
}

/// ln x of normal doubles > 0.
template <class D, class V>
HWY_INLINE V naturalLogOf(D d, V x) {
  const hn::RebindToUnsigned<D> du;
  const auto bits = hn::BitCast(du, x);
  // 2^52 + n as a double holds the whole number n < 2^52 in its low bits.
  const auto whole = hn::Or(hn::ShiftRight<52>(bits), hn::Set(du, 0x4330000000000000u));
  V exponent = hn::Sub(hn::BitCast(d, whole), hn::Set(d, 0x1p52 + 1023));
  const auto fraction = hn::And(bits, hn::Set(du, 0x000fffffffffffffu));
  V m = hn::BitCast(d, hn::Or(fraction, hn::Set(du, 0x3ff0000000000000u)));
  const V one = hn::Set(d, 1.0);
  const auto high = hn::Gt(m, hn::Set(d, kSquareRootOfTwo));
  m = hn::IfThenElse(high, hn::Mul(m, hn::Set(d, 0.5)), m);
  exponent = hn::IfThenElse(high, hn::Add(exponent, one), exponent);
  const V s = hn::Div(hn::Sub(m, one), hn::Add(m, one));
  const V square = hn::Mul(s, s);
  const V sum = polynomialOf(d, kArtanh, square);
  return hn::Add(hn::Mul(exponent, hn::Set(d, kLnTwo)), hn::Mul(hn::Mul(hn::Set(d, 2.0), s), sum));
}

constexpr std::uint64_t kSign = 0x8000000000000000u;
constexpr std::size_t kChunk = 512;
constexpr std::size_t kMostLanes = 64;  // what lies in the tail is written by whole vectors

/// The numbers of the tail, of probabilities p at places `at`.
void tailNumbers(const double* p, const std::uint64_t* at, std::size_t count, const std::uint64_t* bits,
                 double* numbers) {
  const hn::ScalableTag<double> d;
  const std::size_t lanes = hn::Lanes(d);
  HWY_ALIGN std::array<double, kMostLanes> r;
  HWY_ALIGN std::array<double, kMostLanes> z;
  for (std::size_t first = 0; first < count; first += lanes) {
    const auto root = hn::Sqrt(hn::Neg(naturalLogOf(d, hn::LoadU(d, p + first))));
    const auto x = hn::Sub(root, hn::Set(d, 2.0));
    hn::Store(root, d, r.data());
    hn::Store(hn::Div(polynomialOf(d, kNearTop, x), polynomialOf(d, kNearBottom, x)), d, z.data());
    const std::size_t taken = std::min(lanes, count - first);
    for (std::size_t lane = 0; lane < taken; ++lane) {
      const std::uint64_t place = at[first + lane];
      const std::uint64_t sign = bits[place] & kSign;
      numbers[place] = std::bit_cast<double>(std::bit_cast<std::uint64_t>(z[lane]) ^ sign);
      if (r[lane] >= kNormalNear) numbers[place] = normalFromBits(bits[place]);
    }
  }
}

void normalNumbersKernel(const std::uint64_t* bits, std::int64_t count, double* numbers) {
  const hn::ScalableTag<double> d;
  const hn::RebindToUnsigned<decltype(d)> du;
  const std::size_t lanes = hn::Lanes(d);
  HWY_ALIGN std::array<double, kChunk + kMostLanes> tail;
  HWY_ALIGN std::array<std::uint64_t, kChunk + kMostLanes> places;
  const auto total = static_cast<std::size_t>(count);
  for (std::size_t begin = 0; begin < total; begin += kChunk) {
    const std::size_t length = std::min(kChunk, total - begin);
    const std::uint64_t* from = bits + begin;
    double* to = numbers + begin;
    std::size_t inTail = 0;
    std::size_t n = 0;
    for (; n + lanes <= length; n += lanes) {
      const auto all = hn::LoadU(du, from + n);
      const auto k = hn::And(hn::ShiftRight<11>(all), hn::Set(du, 0x000fffffffffffffu));
      const auto whole =
          hn::Sub(hn::BitCast(d, hn::Or(k, hn::Set(du, 0x4330000000000000u))), hn::Set(d, 0x1p52));
      const auto p = hn::Mul(hn::Add(whole, hn::Set(d, 0.5)), hn::Set(d, 0x1p-53));
      const auto q = hn::Sub(hn::Set(d, 0.5), p);
      const auto t = hn::Sub(hn::Set(d, 0.180625), hn::Mul(q, q));
      const auto z = hn::Div(hn::Mul(q, polynomialOf(d, kMiddleTop, t)), polynomialOf(d, kMiddleBottom, t));
      const auto sign = hn::And(all, hn::Set(du, kSign));
      hn::StoreU(hn::BitCast(d, hn::Xor(hn::BitCast(du, z), sign)), d, to + n);
      const auto outside = hn::Gt(q, hn::Set(d, kNormalMiddle));
      hn::CompressStore(hn::Iota(du, n), hn::RebindMask(du, outside), du, places.data() + inTail);
      inTail += hn::CompressStore(p, outside, d, tail.data() + inTail);
    }
    for (; n < length; ++n) to[n] = normalFromBits(from[n]);
    // What the last vector takes beyond them are numbers too.
    for (std::size_t lane = 0; lane < lanes; ++lane) tail[inTail + lane] = 0.01;
    tailNumbers(tail.data(), places.data(), inTail, from, to);
  }
}

#else

void normalNumbersKernel(const std::uint64_t* bits, std::int64_t count, double* numbers) {
  for (std::int64_t n = 0; n < count; ++n) numbers[n] = normalFromBits(bits[n]);
}

#endif

#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL

template <class D, class V>
HWY_INLINE V stirOf(D d, V h) {
  h = hn::Xor(h, hn::ShiftRight<27>(h));
  h = hn::Mul(h, hn::Set(d, kStirFirst));
  h = hn::Xor(h, hn::ShiftRight<33>(h));
  h = hn::Mul(h, hn::Set(d, kStirSecond));
  return hn::Xor(h, hn::ShiftRight<27>(h));
}

void addressBits(const RandomAddress& from, std::uint64_t first, std::size_t count, std::uint64_t* bits) {
  const hn::ScalableTag<std::uint64_t> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto turned = hn::Set(d, std::rotl(from.state(), kStateTurn));
  const auto offset = hn::Set(d, kCoordinateOffset);
  // Whole vectors: there is room behind the last number.
  for (std::size_t n = 0; n < count; n += lanes) {
    const auto coordinate = hn::Iota(d, first + n);
    const auto state = stirOf(d, hn::Add(turned, stirOf(d, hn::Add(coordinate, offset))));
    hn::StoreU(stirOf(d, state), d, bits + n);
  }
}

#else

void addressBits(const RandomAddress& from, std::uint64_t first, std::size_t count, std::uint64_t* bits) {
  for (std::size_t n = 0; n < count; ++n) bits[n] = from.then(first + n).bits();
}

#endif

void scaledFloatsKernel(const double* numbers, std::int64_t count, double scale, float* out) {
  std::int64_t n = 0;
#if HWY_HAVE_FLOAT64
  const hn::ScalableTag<double> d;
  const hn::Rebind<float, decltype(d)> df;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  const auto factor = hn::Set(d, scale);
  for (; n + lanes <= count; n += lanes)
    hn::StoreU(hn::DemoteTo(df, hn::Mul(hn::LoadU(d, numbers + n), factor)), df, out + n);
#endif
  for (; n < count; ++n) out[n] = static_cast<float>(numbers[n] * scale);
}

void normalNumbersAtKernel(const RandomAddress& from, std::uint64_t first, std::int64_t count,
                           double* numbers) {
  constexpr std::size_t kTogether = 512;
  constexpr std::size_t kBehind = 64;
  std::array<std::uint64_t, kTogether + kBehind> bits;
  const auto total = static_cast<std::size_t>(count);
  for (std::size_t begin = 0; begin < total; begin += kTogether) {
    const std::size_t length = std::min(kTogether, total - begin);
    addressBits(from, first + begin, length, bits.data());
    normalNumbersKernel(bits.data(), static_cast<std::int64_t>(length), numbers + begin);
  }
}

}  // namespace
}  // namespace headlight::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace headlight {

HWY_EXPORT(normalNumbersKernel);
HWY_EXPORT(normalNumbersAtKernel);
HWY_EXPORT(scaledFloatsKernel);

void normalNumbers(const std::uint64_t* bits, std::int64_t count, double* numbers) {
  HWY_DYNAMIC_DISPATCH(normalNumbersKernel)(bits, count, numbers);
}

void normalNumbersAt(const RandomAddress& from, std::uint64_t first, std::int64_t count, double* numbers) {
  HWY_DYNAMIC_DISPATCH(normalNumbersAtKernel)(from, first, count, numbers);
}

void scaledFloats(const double* numbers, std::int64_t count, double scale, float* out) {
  HWY_DYNAMIC_DISPATCH(scaledFloatsKernel)(numbers, count, scale, out);
}

}  // namespace headlight
#endif
