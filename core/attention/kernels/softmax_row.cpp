#include "core/attention/kernels/softmax_row.h"

// clang-format off
#include "core/attention/kernels/targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/attention/kernels/softmax_row.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "core/attention/kernels/exp-inl.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace headlight::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

constexpr std::int64_t kMostLanes = 16;
using Lanes = hn::CappedTag<float, kMostLanes>;
using Vector = hn::Vec<Lanes>;
constexpr std::int64_t kLanes = static_cast<std::int64_t>(hn::MaxLanes(Lanes()));
// A lane sums 64 floats, the rest is summed in double: a long row's weights add up to 1 ± 1e-6.
constexpr std::int64_t kBlock = 64 * kLanes;

/// The last count < kLanes numbers as a vector, the lanes behind them filled.
Vector loadRest(const float* numbers, std::int64_t count, float filler) {
  HWY_ALIGN float lanes[kMostLanes];
  for (std::int64_t i = 0; i < kLanes; ++i) lanes[i] = i < count ? numbers[i] : filler;
  return hn::Load(Lanes(), lanes);
}

void storeRest(Vector values, float* numbers, std::int64_t count) {
  HWY_ALIGN float lanes[kMostLanes];
  hn::Store(values, Lanes(), lanes);
  for (std::int64_t i = 0; i < count; ++i) numbers[i] = lanes[i];
}

double sumLanes(Vector values) {
  HWY_ALIGN float lanes[kMostLanes];
  hn::Store(values, Lanes(), lanes);
  double sum = 0;
  for (std::int64_t i = 0; i < kLanes; ++i) sum += static_cast<double>(lanes[i]);
  return sum;
}

void findExtremes(const float* scores, std::int64_t count, float& maximum, float& minimum) {
  const Lanes d;
  Vector largest = hn::Set(d, scores[0]);
  Vector smallest = largest;
  std::int64_t j = 0;
  for (; j + kLanes <= count; j += kLanes) {
    const Vector s = hn::LoadU(d, scores + j);
    largest = hn::Max(largest, s);
    smallest = hn::Min(smallest, s);
  }
  const Vector rest = loadRest(scores + j, count - j, scores[0]);
  HWY_ALIGN float most[kMostLanes];
  HWY_ALIGN float least[kMostLanes];
  hn::Store(hn::Max(largest, rest), d, most);
  hn::Store(hn::Min(smallest, rest), d, least);
  maximum = most[0];
  minimum = least[0];
  for (std::int64_t i = 1; i < kLanes; ++i) {
    if (most[i] > maximum) maximum = most[i];
    if (least[i] < minimum) minimum = least[i];
  }
}

/// (s − maximum) ÷ τ: the difference first, which is exact where it matters.
HWY_INLINE Vector exponent(Vector scores, Vector maximum, Vector temperature) {
  return hn::Div(hn::Sub(scores, maximum), temperature);
}

HWY_INLINE Vector addWeighted(Vector e, Vector x, Vector sum) {
  // 0 · −∞ counts as 0: the limit of x e^x.
  const Vector zero = hn::Zero(Lanes());
  return hn::Add(sum, hn::IfThenElse(hn::Eq(e, zero), zero, hn::Mul(e, x)));
}

void softmaxRowKernel(const float* scores, std::int64_t count, float temperature, float* exponentials,
                      SoftmaxSums& out) {
  const Lanes d;
  findExtremes(scores, count, out.maximum, out.minimum);
  const Vector maximum = hn::Set(d, out.maximum);
  const Vector tau = hn::Set(d, temperature);
  out.sum = 0;
  out.weighted = 0;
  for (std::int64_t begin = 0; begin < count; begin += kBlock) {
    const std::int64_t end = HWY_MIN(begin + kBlock, count);
    Vector sum = hn::Zero(d);
    Vector weighted = hn::Zero(d);
    std::int64_t j = begin;
    for (; j + kLanes <= end; j += kLanes) {
      const Vector x = exponent(hn::LoadU(d, scores + j), maximum, tau);
      const Vector e = expNonPositive(d, x);
      hn::StoreU(e, d, exponentials + j);
      sum = hn::Add(sum, e);
      weighted = addWeighted(e, x, weighted);
    }
    out.sum += sumLanes(sum);
    out.weighted += sumLanes(weighted);
    if (j == end) continue;
    const Vector x = exponent(loadRest(scores + j, end - j, out.maximum), maximum, tau);
    const Vector e = expNonPositive(d, x);
    storeRest(e, exponentials + j, end - j);
    for (std::int64_t i = j; i < end; ++i) out.sum += static_cast<double>(exponentials[i]);
    const Vector product = addWeighted(e, x, hn::Zero(d));
    HWY_ALIGN float lanes[kMostLanes];
    hn::Store(product, d, lanes);
    for (std::int64_t i = 0; i < end - j; ++i) out.weighted += static_cast<double>(lanes[i]);
  }
}

// Vectors of weights side by side, because one alone waits for itself: as many as the registers hold.
constexpr int kAbreast = kLanes == kMostLanes ? 4 : 2;

template <int kCount, bool kTempered>
HWY_INLINE void weightVectors(const float* scores, Vector maximum, Vector temperature, Vector sum,
                              float* weights) {
  const Lanes d;
  Vector x[kCount];
  Vector e[kCount];
  HWY_UNROLL(8)
  for (int i = 0; i < kCount; ++i) {
    x[i] = hn::Sub(hn::LoadU(d, scores + i * kLanes), maximum);
    if constexpr (kTempered) x[i] = hn::Div(x[i], temperature);
    x[i] = clampExponent(d, x[i]);
  }
  expClamped<kCount>(d, x, e);
  HWY_UNROLL(8)
  for (int i = 0; i < kCount; ++i) hn::StoreU(hn::Div(e[i], sum), d, weights + i * kLanes);
}

template <bool kTempered>
void weightRow(const float* scores, std::int64_t count, float temperature, float maximum, float sum,
               float* weights) {
  const Lanes d;
  const Vector largest = hn::Set(d, maximum);
  const Vector tau = hn::Set(d, temperature);
  const Vector divisor = hn::Set(d, sum);
  std::int64_t j = 0;
  for (; j + kAbreast * kLanes <= count; j += kAbreast * kLanes) {
    weightVectors<kAbreast, kTempered>(scores + j, largest, tau, divisor, weights + j);
  }
  for (; j + kLanes <= count; j += kLanes) {
    weightVectors<1, kTempered>(scores + j, largest, tau, divisor, weights + j);
  }
  if (j == count) return;
  const Vector x = exponent(loadRest(scores + j, count - j, maximum), largest, tau);
  storeRest(hn::Div(expNonPositive(d, x), divisor), weights + j, count - j);
}

void softmaxWeightsKernel(const float* scores, std::int64_t count, float temperature, float maximum,
                          float sum, float* weights) {
  // x ÷ 1 is x.
  if (temperature == 1) {
    weightRow<false>(scores, count, temperature, maximum, sum, weights);
  } else {
    weightRow<true>(scores, count, temperature, maximum, sum, weights);
  }
}

double sumOfQuotientsKernel(const float* numbers, std::int64_t count, float divisor) {
  const Lanes d;
  const Vector by = hn::Set(d, divisor);
  double total = 0;
  for (std::int64_t begin = 0; begin < count; begin += kBlock) {
    const std::int64_t end = HWY_MIN(begin + kBlock, count);
    Vector sum = hn::Zero(d);
    std::int64_t j = begin;
    for (; j + kLanes <= end; j += kLanes) sum = hn::Add(sum, hn::Div(hn::LoadU(d, numbers + j), by));
    total += sumLanes(sum);
    for (; j < end; ++j) total += static_cast<double>(numbers[j] / divisor);
  }
  return total;
}

}  // namespace
}  // namespace headlight::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace headlight {

HWY_EXPORT(softmaxRowKernel);
HWY_EXPORT(softmaxWeightsKernel);
HWY_EXPORT(sumOfQuotientsKernel);

SoftmaxSums softmaxRow(const float* scores, std::int64_t count, float temperature, float* exponentials) {
  SoftmaxSums sums;
  HWY_DYNAMIC_DISPATCH(softmaxRowKernel)(scores, count, temperature, exponentials, sums);
  return sums;
}

void softmaxWeights(const float* scores, std::int64_t count, float temperature, float maximum, float sum,
                    float* weights) {
  HWY_DYNAMIC_DISPATCH(softmaxWeightsKernel)(scores, count, temperature, maximum, sum, weights);
}

double sumOfQuotients(const float* numbers, std::int64_t count, float divisor) {
  return HWY_DYNAMIC_DISPATCH(sumOfQuotientsKernel)(numbers, count, divisor);
}

}  // namespace headlight
#endif
