#include "core/attention/kernels/weight_sums.h"

#include <cmath>
#include <limits>

// clang-format off
#include "core/attention/kernels/targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/attention/kernels/weight_sums.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/contrib/math/math-inl.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace headlight::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

constexpr std::int64_t kMostLanes = 16;
using Lanes = hn::CappedTag<float, kMostLanes>;
using Vector = hn::Vec<Lanes>;
constexpr std::int64_t kLanes = static_cast<std::int64_t>(hn::MaxLanes(Lanes()));
// A lane sums 32 floats, the rest is summed in double.
constexpr std::int64_t kBlock = 32 * kLanes;

double sumLanes(Vector values) {
  HWY_ALIGN float lanes[kMostLanes];
  hn::Store(values, Lanes(), lanes);
  double sum = 0;
  for (std::int64_t i = 0; i < kLanes; ++i) sum += static_cast<double>(lanes[i]);
  return sum;
}

/// w ln w.
HWY_INLINE Vector product(Vector weights) {
  const Lanes d;
  const Vector zero = hn::Zero(d);
  const auto positive = hn::Gt(weights, zero);
  // Where the logarithm is not asked for it is that of 1. A weight below 0 has none, and a NaN stays.
  const Vector logarithm = hn::Log(d, hn::IfThenElse(positive, weights, hn::Set(d, 1.0f)));
  const Vector nan = hn::Set(d, std::numeric_limits<float>::quiet_NaN());
  const Vector none = hn::IfThenElse(hn::Eq(weights, zero), zero, nan);
  return hn::IfThenElse(positive, hn::Mul(weights, logarithm), none);
}

void weightSumsKernel(const float* weights, std::int64_t count, WeightSums& out) {
  const Lanes d;
  Vector largest = hn::Set(d, weights[0]);
  bool anyNan = false;
  for (std::int64_t begin = 0; begin < count; begin += kBlock) {
    const std::int64_t end = HWY_MIN(begin + kBlock, count);
    Vector sum = hn::Zero(d);
    Vector products = hn::Zero(d);
    std::int64_t j = begin;
    for (; j + kLanes <= end; j += kLanes) {
      const Vector w = hn::LoadU(d, weights + j);
      sum = hn::Add(sum, w);
      products = hn::Add(products, product(w));
      largest = hn::Max(largest, w);
    }
    if (j < end) {
      HWY_ALIGN float lanes[kMostLanes] = {};
      HWY_ALIGN float most[kMostLanes];
      for (std::int64_t i = 0; i < kLanes; ++i) {
        lanes[i] = j + i < end ? weights[j + i] : 0.0f;
        most[i] = j + i < end ? weights[j + i] : weights[0];
      }
      sum = hn::Add(sum, hn::Load(d, lanes));
      products = hn::Add(products, product(hn::Load(d, lanes)));
      largest = hn::Max(largest, hn::Load(d, most));
    }
    const double part = sumLanes(sum);
    anyNan = anyNan || std::isnan(part);
    out.sum += part;
    out.products += sumLanes(products);
  }
  HWY_ALIGN float most[kMostLanes];
  hn::Store(largest, d, most);
  out.largest = most[0];
  for (std::int64_t i = 1; i < kLanes; ++i) {
    if (most[i] > out.largest) out.largest = most[i];
  }
  // The vector maximum passes over NaN on some machines.
  if (anyNan) out.largest = std::numeric_limits<float>::quiet_NaN();
}

}  // namespace
}  // namespace headlight::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace headlight {

HWY_EXPORT(weightSumsKernel);

WeightSums weightSums(const float* weights, std::int64_t count) {
  WeightSums sums;
  if (count > 0) HWY_DYNAMIC_DISPATCH(weightSumsKernel)(weights, count, sums);
  return sums;
}

}  // namespace headlight
#endif
