#include "core/attention/kernels/all_finite.h"

#include <limits>

// clang-format off
#include "core/attention/kernels/targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/attention/kernels/all_finite.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace headlight::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

bool allFiniteKernel(const float* numbers, std::int64_t count) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  const auto zero = hn::Zero(d);
  // x · 0 is 0 but for ∞ and NaN, which make the sum NaN for good.
  auto sum = zero;
  std::int64_t n = 0;
  for (; n + lanes <= count; n += lanes) sum = hn::MulAdd(hn::LoadU(d, numbers + n), zero, sum);
  bool finite = hn::AllTrue(d, hn::Eq(sum, zero));
  for (; n < count; ++n) finite = finite && numbers[n] * 0 == 0;
  return finite;
}

}  // namespace
}  // namespace headlight::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace headlight {

HWY_EXPORT(allFiniteKernel);

bool allFinite(const float* numbers, std::int64_t count) {
  return HWY_DYNAMIC_DISPATCH(allFiniteKernel)(numbers, count);
}

}  // namespace headlight
#endif
