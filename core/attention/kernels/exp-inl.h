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

/// max(x, −104.5), NaN kept. Its e^x rounds to 0, and this 0 times the finite exponent is 0.
template <class D, class V>
HWY_INLINE V clampExponent(D d, V x) {
  namespace hn = hwy::HWY_NAMESPACE;
  const V lowest = hn::Set(d, -104.5f);
  return hn::IfThenElse(hn::Lt(x, lowest), lowest, x);
}

/// e[i] = e^{x[i]} for −104.5 ≤ x ≤ 0, at most 1 ulp off down to the smallest subnormal; e^0 = 1, e^{NaN} =
/// NaN.
///
/// Reduction x = n ln 2 + r, |r| ≤ ln 2 ÷ 2, with ln 2 in two parts (Cody and Waite 1980); e^r is 1 + r + r²
/// p(r), p of degree 4 fitted to the least largest relative error (6 % of half an ulp). Each lane is computed
/// alike, so the bits of a result do not depend on the lane or the number of lanes. Several vectors go side
/// by side because one alone waits for itself.
template <int kCount, class D, class V>
HWY_INLINE void expClamped(D d, const V (&x)[kCount], V (&e)[kCount]) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::RebindToSigned<D> di;
  // 1.5 · 2^23 + 64 + 127: adding it leaves the nearest whole number n in the low bits, plus 64 and the bias
  // of an exponent.
  const V magic = hn::Set(d, 12583103.0f);
  V shifted[kCount];
  V r[kCount];
  const auto each = [](const auto& step) HWY_ATTR {
    HWY_UNROLL(8)
    for (int i = 0; i < kCount; ++i) step(i);
  };
  each([&](int i) HWY_ATTR { shifted[i] = hn::MulAdd(x[i], hn::Set(d, 1.44269504f), magic); });
  each([&](int i) HWY_ATTR { e[i] = hn::Sub(shifted[i], magic); });
  each([&](int i) HWY_ATTR { r[i] = hn::NegMulAdd(e[i], hn::Set(d, 0.693145751953125f), x[i]); });
  each([&](int i) HWY_ATTR { r[i] = hn::NegMulAdd(e[i], hn::Set(d, 1.42860677e-6f), r[i]); });
  each([&](int i)
           HWY_ATTR { e[i] = hn::MulAdd(r[i], hn::Set(d, 0.00138145848f), hn::Set(d, 0.00836872403f)); });
  each([&](int i) HWY_ATTR { e[i] = hn::MulAdd(e[i], r[i], hn::Set(d, 0.041668389f)); });
  each([&](int i) HWY_ATTR { e[i] = hn::MulAdd(e[i], r[i], hn::Set(d, 0.166665211f)); });
  each([&](int i) HWY_ATTR { e[i] = hn::MulAdd(e[i], r[i], hn::Set(d, 0.49999994f)); });
  each([&](int i) HWY_ATTR { e[i] = hn::MulAdd(hn::Mul(r[i], r[i]), e[i], r[i]); });
  each([&](int i) HWY_ATTR { e[i] = hn::Add(e[i], hn::Set(d, 1.0f)); });
  // × 2^(n + 64), exact; then × 2^−64, which rounds results below 2^−126 once. A NaN in e stays one.
  each([&](int i) HWY_ATTR {
    e[i] = hn::Mul(e[i], hn::BitCast(d, hn::ShiftLeft<23>(hn::BitCast(di, shifted[i]))));
  });
  each([&](int i) HWY_ATTR { e[i] = hn::Mul(e[i], hn::Set(d, 5.421010862427522e-20f)); });
}

/// e^x for x ≤ 0, −∞ included.
template <class D, class V>
HWY_INLINE V expNonPositive(D d, V x) {
  const V clamped[1] = {clampExponent(d, x)};
  V e[1];
  expClamped<1>(d, clamped, e);
  return e[0];
}

}  // namespace headlight::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
