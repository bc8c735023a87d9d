#include "core/attention/kernels/softcap_row.h"

// clang-format off
#include "core/attention/kernels/targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/attention/kernels/softcap_row.cpp"
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

/// With y = s ÷ cap and z = y²: where |y| < 5/8, s (1 + z p(z)), p fitted to the least largest relative error
/// (7 % of half an ulp), so that small scores keep their bits; else ±(cap − cap · 2t ÷ (1 + t)), t =
/// e^{−2|y|}.
HWY_INLINE Vector capped(Vector score, Vector cap) {
  const Lanes d;
  const Vector y = hn::Abs(hn::Div(score, cap));
  const Vector z = hn::Mul(y, y);
  Vector p = hn::Set(d, -0.00570498696f);
  p = hn::MulAdd(p, z, hn::Set(d, 0.0206390872f));
  p = hn::MulAdd(p, z, hn::Set(d, -0.0537397151f));
  p = hn::MulAdd(p, z, hn::Set(d, 0.133314422f));
  p = hn::MulAdd(p, z, hn::Set(d, -0.333332819f));
  const Vector small = hn::MulAdd(score, hn::Mul(z, p), score);
  const Vector one = hn::Set(d, 1.0f);
  const Vector t = expNonPositive(d, hn::Mul(y, hn::Set(d, -2.0f)));
  const Vector large = hn::NegMulAdd(cap, hn::Div(hn::Add(t, t), hn::Add(one, t)), cap);
  return hn::CopySign(hn::IfThenElse(hn::Lt(y, hn::Set(d, 0.625f)), small, large), score);
}

void softcapRowKernel(float* scores, std::int64_t count, float cap) {
  const Lanes d;
  const Vector most = hn::Set(d, cap);
  std::int64_t j = 0;
  for (; j + kLanes <= count; j += kLanes) hn::StoreU(capped(hn::LoadU(d, scores + j), most), d, scores + j);
  if (j == count) return;
  HWY_ALIGN float lanes[kMostLanes];
  for (std::int64_t i = 0; i < kLanes; ++i) lanes[i] = j + i < count ? scores[j + i] : 0.0f;
  hn::Store(capped(hn::Load(d, lanes), most), d, lanes);
  for (std::int64_t i = 0; j + i < count; ++i) scores[j + i] = lanes[i];
}

}  // namespace
}  // namespace headlight::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace headlight {

HWY_EXPORT(softcapRowKernel);

void softcapRow(float* scores, std::int64_t count, float cap) {
  HWY_DYNAMIC_DISPATCH(softcapRowKernel)(scores, count, cap);
}

}  // namespace headlight
#endif
