#include "core/attention/kernels/sparse_row.h"

#include <cmath>
#include <limits>

// clang-format off
#include "core/attention/kernels/targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/attention/kernels/sparse_row.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace headlight::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

constexpr std::int64_t kMostLanes = 16;
using Lanes = hn::CappedTag<float, kMostLanes>;
using Vector = hn::Vec<Lanes>;
constexpr std::int64_t kLanes = static_cast<std::int64_t>(hn::MaxLanes(Lanes()));
static_assert(kMostLanes <= kSparseSlack);

HWY_INLINE Vector below(Vector scores, const SparseRule& rule) {
  const Lanes d;
  const Vector difference = hn::Sub(scores, hn::Set(d, rule.maximum));
  return hn::Mul(hn::Set(d, rule.factor), hn::Div(difference, hn::Set(d, rule.temperature)));
}

/// The last count < kLanes numbers, the lanes behind them filled.
HWY_INLINE Vector loadRest(const float* numbers, std::int64_t count, float filler) {
  HWY_ALIGN float lanes[kMostLanes];
  for (std::int64_t i = 0; i < kLanes; ++i) lanes[i] = i < count ? numbers[i] : filler;
  return hn::Load(Lanes(), lanes);
}

std::int64_t sparseCandidatesKernel(const float* scores, std::int64_t count, const SparseRule& rule,
                                    float* out) {
  const Lanes d;
  const Vector border = hn::Set(d, -1.0f);
  std::int64_t kept = 0;
  std::int64_t j = 0;
  for (; j + kLanes <= count; j += kLanes) {
    const Vector u = below(hn::LoadU(d, scores + j), rule);
    kept += static_cast<std::int64_t>(hn::CompressStore(u, hn::Gt(u, border), d, out + kept));
  }
  const float none = -std::numeric_limits<float>::infinity();
  const Vector u = below(loadRest(scores + j, count - j, none), rule);
  return kept + static_cast<std::int64_t>(hn::CompressStore(u, hn::Gt(u, border), d, out + kept));
}

std::int64_t keepAboveKernel(float* u, std::int64_t count, float border) {
  const Lanes d;
  const Vector most = hn::Set(d, border);
  std::int64_t kept = 0;
  std::int64_t j = 0;
  // What is written stands before what is read next.
  for (; j + kLanes <= count; j += kLanes) {
    const Vector x = hn::LoadU(d, u + j);
    kept += static_cast<std::int64_t>(hn::CompressStore(x, hn::Gt(x, most), d, u + kept));
  }
  const Vector x = loadRest(u + j, count - j, -std::numeric_limits<float>::infinity());
  return kept + static_cast<std::int64_t>(hn::CompressStore(x, hn::Gt(x, most), d, u + kept));
}

/// Eight sums side by side in the same places at every level.
void sparseSumsKernel(const float* u, std::int64_t count, SparseSums& out) {
  constexpr std::int64_t kSums = 8;
  double sums[kSums] = {};
  double squares[kSums] = {};
  float smallest[kSums] = {};
  const auto add = [&](float number, std::int64_t i) HWY_ATTR {
    const auto x = static_cast<double>(number);
    sums[i] += x;
    squares[i] += x * x;
    smallest[i] = HWY_MIN(smallest[i], number);
  };
  std::int64_t j = 0;
  for (; j + kSums <= count; j += kSums) {
    for (std::int64_t i = 0; i < kSums; ++i) add(u[j + i], i);
  }
  for (std::int64_t i = 0; i < count - j; ++i) add(u[j + i], i);
  for (std::int64_t i = 0; i < kSums; ++i) {
    out.sum += sums[i];
    out.squares += squares[i];
    out.smallest = HWY_MIN(out.smallest, smallest[i]);
  }
}

void sparseWeightsKernel(const float* scores, std::int64_t count, const SparseRule& rule, float reach,
                         float rest, bool squared, float* weights) {
  const Lanes d;
  const Vector zero = hn::Zero(d);
  const auto weigh = [&](Vector s) HWY_ATTR {
    const Vector above = hn::Add(hn::Add(below(s, rule), hn::Set(d, reach)), hn::Set(d, rest));
    const Vector kept = hn::IfThenElse(hn::Le(above, zero), zero, above);
    return squared ? hn::Mul(kept, kept) : kept;
  };
  std::int64_t j = 0;
  for (; j + kLanes <= count; j += kLanes) hn::StoreU(weigh(hn::LoadU(d, scores + j)), d, weights + j);
  if (j == count) return;
  HWY_ALIGN float lanes[kMostLanes];
  hn::Store(weigh(loadRest(scores + j, count - j, rule.maximum)), d, lanes);
  for (std::int64_t i = 0; i < count - j; ++i) weights[j + i] = lanes[i];
}

}  // namespace
}  // namespace headlight::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace headlight {

HWY_EXPORT(sparseCandidatesKernel);
HWY_EXPORT(keepAboveKernel);
HWY_EXPORT(sparseSumsKernel);
HWY_EXPORT(sparseWeightsKernel);

std::int64_t sparseCandidates(const float* scores, std::int64_t count, const SparseRule& rule, float* out) {
  return HWY_DYNAMIC_DISPATCH(sparseCandidatesKernel)(scores, count, rule, out);
}

SparseSums sparseSums(const float* u, std::int64_t count) {
  SparseSums sums;
  HWY_DYNAMIC_DISPATCH(sparseSumsKernel)(u, count, sums);
  return sums;
}

std::int64_t keepReached(float* u, std::int64_t count, double reach) {
  // u > −reach in double is u > the largest float that is at most −reach.
  auto border = static_cast<float>(-reach);
  if (static_cast<double>(border) > -reach) {
    border = std::nextafter(border, -std::numeric_limits<float>::infinity());
  }
  return HWY_DYNAMIC_DISPATCH(keepAboveKernel)(u, count, border);
}

void sparseWeights(const float* scores, std::int64_t count, const SparseRule& rule, float reach, float rest,
                   bool squared, float* weights) {
  HWY_DYNAMIC_DISPATCH(sparseWeightsKernel)(scores, count, rule, reach, rest, squared, weights);
}

}  // namespace headlight
#endif
