// e^x for vectors, included once a target between HWY_BEFORE_NAMESPACE and HWY_AFTER_NAMESPACE of a kernel.
#if defined(HEADLIGHT_EXP_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef HEADLIGHT_EXP_INL_H
#undef HEADLIGHT_EXP_INL_H
#else
#define HEADLIGHT_EXP_INL_H
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace headlight::HWY_NAMESPACE {

/// e^x for x ≤ 0, at most 1 ulp off down to the smallest subnormal; e^0 = 1, e^{−∞} = 0, e^{NaN} = NaN.
///
/// Reduction x = n ln 2 + r, |r| ≤ ln 2 ÷ 2, with ln 2 in two parts (Cody and Waite 1980); e^r is 1 + r + r²
/// p(r), p of degree 4 fitted to the least largest relative error (6 % of half an ulp). Each lane is computed
/// alike, so the bits of a result do not depend on the lane or the number of lanes.
template <class D, class V>
HWY_INLINE V expNonPositive(D d, V x) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::RebindToSigned<D> di;
  // e^−104 rounds to 0. A comparison, not a maximum: a NaN has to stay.
  const V lowest = hn::Set(d, -150.0f);
  x = hn::IfThenElse(hn::Lt(x, lowest), lowest, x);
  // 1.5 · 2^23: adding it leaves the nearest whole number in the low bits.
  const V magic = hn::Set(d, 12582912.0f);
  const V shifted = hn::Add(hn::Mul(x, hn::Set(d, 1.44269504f)), magic);
  const V n = hn::Sub(shifted, magic);
  V r = hn::NegMulAdd(n, hn::Set(d, 0.693145751953125f), x);
  r = hn::NegMulAdd(n, hn::Set(d, 1.42860677e-6f), r);
  V p = hn::Set(d, 0.00138145848f);
  p = hn::MulAdd(p, r, hn::Set(d, 0.00836872403f));
  p = hn::MulAdd(p, r, hn::Set(d, 0.041668389f));
  p = hn::MulAdd(p, r, hn::Set(d, 0.166665211f));
  p = hn::MulAdd(p, r, hn::Set(d, 0.49999994f));
  const V e = hn::Add(hn::MulAdd(hn::Mul(r, r), p, r), hn::Set(d, 1.0f));
  // × 2^n in two exact halves, so that results below 2^−126 are rounded once.
  const auto whole = hn::Sub(hn::BitCast(di, shifted), hn::BitCast(di, magic));
  const auto half = hn::ShiftRight<1>(whole);
  const auto bias = hn::Set(di, 127);
  const V first = hn::BitCast(d, hn::ShiftLeft<23>(hn::Add(half, bias)));
  const V second = hn::BitCast(d, hn::ShiftLeft<23>(hn::Add(hn::Sub(whole, half), bias)));
  return hn::Mul(hn::Mul(e, first), second);
}

}  // namespace headlight::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
