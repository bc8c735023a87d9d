#include "core/attention/kernels/elementwise_row.h"

// clang-format off
#include "core/attention/kernels/targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/attention/kernels/elementwise_row.cpp"
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

/// Of e = e^{−|y|}, which never overflows: 1 ÷ (1 + e) above 0, e ÷ (1 + e) below.
HWY_INLINE Vector sigmoid(Vector scores, Vector temperature, Vector bias) {
  const Lanes d;
  const Vector one = hn::Set(d, 1.0f);
  const Vector y = hn::Add(hn::Div(scores, temperature), bias);
  const Vector e = expNonPositive(d, hn::Neg(hn::Abs(y)));
  return hn::Div(hn::IfThenElse(hn::Ge(y, hn::Zero(d)), one, e), hn::Add(one, e));
}

template <class Weigh>
HWY_INLINE void eachScore(const float* scores, std::int64_t count, float* weights, const Weigh& weigh) {
  const Lanes d;
  std::int64_t j = 0;
  for (; j + kLanes <= count; j += kLanes) {
    hn::StoreU(weigh(hn::LoadU(d, scores + j)), d, weights + j);
  }
  if (j == count) return;
  HWY_ALIGN float lanes[kMostLanes] = {};
  for (std::int64_t i = 0; i < count - j; ++i) lanes[i] = scores[j + i];
  hn::Store(weigh(hn::Load(d, lanes)), d, lanes);
  for (std::int64_t i = 0; i < count - j; ++i) weights[j + i] = lanes[i];
}

void sigmoidRowKernel(const float* scores, std::int64_t count, float temperature, float bias,
                      float* weights) {
  const Lanes d;
  const Vector tau = hn::Set(d, temperature);
  const Vector b = hn::Set(d, bias);
  eachScore(scores, count, weights, [&](Vector s) HWY_ATTR { return sigmoid(s, tau, b); });
}

void reluRowKernel(const float* scores, std::int64_t count, float temperature, float divisor,
                   float* weights) {
  const Lanes d;
  const Vector tau = hn::Set(d, temperature);
  const Vector by = hn::Set(d, divisor);
  const Vector zero = hn::Zero(d);
  eachScore(scores, count, weights, [&](Vector s) HWY_ATTR {
    const Vector z = hn::Div(s, tau);
    return hn::Div(hn::IfThenElse(hn::Le(z, zero), zero, z), by);
  });
}

}  // namespace
}  // namespace headlight::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace headlight {

HWY_EXPORT(sigmoidRowKernel);
HWY_EXPORT(reluRowKernel);

void sigmoidRow(const float* scores, std::int64_t count, float temperature, float bias, float* weights) {
  HWY_DYNAMIC_DISPATCH(sigmoidRowKernel)(scores, count, temperature, bias, weights);
}

void reluRow(const float* scores, std::int64_t count, float temperature, float divisor, float* weights) {
  HWY_DYNAMIC_DISPATCH(reluRowKernel)(scores, count, temperature, divisor, weights);
}

}  // namespace headlight
#endif
