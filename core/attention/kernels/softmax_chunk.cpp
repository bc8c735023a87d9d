#include "core/attention/kernels/softmax_chunk.h"

#include <algorithm>
#include <limits>

#include "core/attention/kernels/multiply.h"

// clang-format off
#include "core/attention/kernels/targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/attention/kernels/softmax_chunk.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "core/attention/kernels/exp-inl.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace headlight::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

using Lanes = hn::CappedTag<float, kPanelWidth>;
using Vector = hn::Vec<Lanes>;
constexpr std::int64_t kLanes = static_cast<std::int64_t>(hn::MaxLanes(Lanes()));
constexpr int kPanelVectors = static_cast<int>(kPanelWidth / kLanes);
constexpr std::uint16_t kAllKept = 0xFFFF;
// A lane sums 64 floats, the rest is summed in double: a long row's weights add up to 1 ± 1e-6.
constexpr std::int64_t kBlockPanels = 64 / kPanelVectors;

// Vectors of exponentials side by side: as many as the registers hold.
constexpr int kAbreast = kPanelVectors == 1 ? 4 : 2;

/// In double, always in the same order.
double sumLanes(Vector values) {
#if HWY_TARGET == HWY_SCALAR
  return static_cast<double>(hn::GetLane(values));
#else
  const hn::Half<Lanes> half;
  const hn::RebindToFloat<hn::RepartitionToWide<hn::RebindToSigned<Lanes> > > wide;
  const auto low = hn::PromoteTo(wide, hn::LowerHalf(half, values));
  const auto high = hn::PromoteTo(wide, hn::UpperHalf(half, values));
  return hn::GetLane(hn::SumOfLanes(wide, hn::Add(low, high)));
#endif
}

/// The kept lanes of a panel's vector `v`.
HWY_INLINE hn::Mask<Lanes> keptLanes(std::uint16_t word, int v) {
  const auto part = static_cast<std::uint16_t>(word >> (v * kLanes));
  const std::uint8_t bits[8] = {static_cast<std::uint8_t>(part & 255), static_cast<std::uint8_t>(part >> 8)};
  return hn::LoadMaskBits(Lanes(), bits);
}

/// Masked scores become −∞, so that what follows needs no mask.
void findExtremes(float* scores, const PanelRun* runs, std::int64_t runCount, const std::uint16_t* kept,
                  float& maximum, float& minimum) {
  const Lanes d;
  const Vector infinity = hn::Set(d, std::numeric_limits<float>::infinity());
  const Vector minusInfinity = hn::Neg(infinity);
  Vector largest = minusInfinity;
  Vector smallest = infinity;
  for (std::int64_t n = 0; n < runCount; ++n) {
    for (std::int64_t panel = runs[n].begin; panel < runs[n].end; ++panel) {
      float* at = scores + panel * kPanelWidth;
      if (kept == nullptr || kept[panel] == kAllKept) {
        HWY_UNROLL(4)
        for (int v = 0; v < kPanelVectors; ++v) {
          const Vector s = hn::Load(d, at + v * kLanes);
          largest = hn::Max(largest, s);
          smallest = hn::Min(smallest, s);
        }
        continue;
      }
      for (int v = 0; v < kPanelVectors; ++v) {
        const Vector s = hn::Load(d, at + v * kLanes);
        const auto mask = keptLanes(kept[panel], v);
        const Vector masked = hn::IfThenElse(mask, s, minusInfinity);
        hn::Store(masked, d, at + v * kLanes);
        largest = hn::Max(largest, masked);
        smallest = hn::Min(smallest, hn::IfThenElse(mask, s, infinity));
      }
    }
  }
  // Not MaxOfLanes: where vectors are emulated it begins at the least finite number, and nothing kept is −∞.
  HWY_ALIGN float most[kLanes];
  HWY_ALIGN float least[kLanes];
  hn::Store(largest, d, most);
  hn::Store(smallest, d, least);
  maximum = *std::max_element(most, most + kLanes);
  minimum = *std::min_element(least, least + kLanes);
}

/// e_j in place and their sums.
struct Exponentials {
  Vector maximum;
  Vector temperature;
  Vector sum = hn::Zero(Lanes());
  Vector weighted = hn::Zero(Lanes());
  double total = 0;
  double totalWeighted = 0;
  std::int64_t block = 0;  ///< of kBlockPanels panels of the chunk: the one in the vectors

  /// kCount vectors side by side.
  template <int kCount, bool kTempered>
  HWY_INLINE void next(float* at) {
    const Lanes d;
    Vector x[kCount];
    Vector e[kCount];
    HWY_UNROLL(8)
    for (int i = 0; i < kCount; ++i) {
      // The difference first, which is exact where it matters.
      x[i] = hn::Sub(hn::Load(d, at + i * kLanes), maximum);
      if constexpr (kTempered) x[i] = hn::Div(x[i], temperature);
      x[i] = clampExponent(d, x[i]);
    }
    expClamped<kCount>(d, x, e);
    HWY_UNROLL(8)
    for (int i = 0; i < kCount; ++i) {
      hn::Store(e[i], d, at + i * kLanes);
      sum = hn::Add(sum, e[i]);
      weighted = hn::MulAdd(e[i], x[i], weighted);
    }
  }
  void flush() {
    total += sumLanes(sum);
    totalWeighted += sumLanes(weighted);
    sum = hn::Zero(Lanes());
    weighted = hn::Zero(Lanes());
  }
  /// Blocks begin at fixed panels of the chunk, so that panels without a kept key do not change how the
  /// others are summed.
  template <bool kTempered>
  HWY_INLINE void panels(float* scores, std::int64_t begin, std::int64_t end) {
    while (begin < end) {
      if (begin / kBlockPanels != block) {
        flush();
        block = begin / kBlockPanels;
      }
      const std::int64_t stop = HWY_MIN(end, (block + 1) * kBlockPanels);
      float* at = scores + begin * kPanelWidth;
      float* const last = scores + stop * kPanelWidth;
      for (; at + kAbreast * kLanes <= last; at += kAbreast * kLanes) next<kAbreast, kTempered>(at);
      if (kAbreast > 2 && at + 2 * kLanes <= last) {
        next<2, kTempered>(at);
        at += 2 * kLanes;
      }
      for (; at < last; at += kLanes) next<1, kTempered>(at);
      begin = stop;
    }
  }
};

/// kLanes vectors become one with the sum (the largest) of each.
template <class Reduce>
Vector reduceEach(Vector* vectors, const Reduce& reduce) {
#if HWY_TARGET != HWY_SCALAR
  const Lanes d;
  for (std::int64_t count = kLanes; count > 1; count /= 2) {
    for (std::int64_t i = 0; i < count / 2; ++i) {
      const Vector a = vectors[2 * i];
      const Vector b = vectors[2 * i + 1];
      vectors[i] = reduce(hn::ConcatEven(d, b, a), hn::ConcatOdd(d, b, a));
    }
  }
#else
  static_cast<void>(reduce);
#endif
  return vectors[0];
}

/// The sums and largest of every pixel of panels [begin, end) whose e_j stand in `e`.
void addToPixels(const float* e, std::int64_t begin, std::int64_t end, const PixelRow& out) {
  const Lanes d;
  const std::int64_t first = begin / out.panels;
  const std::int64_t last = (end + out.panels - 1) / out.panels;
  for (std::int64_t group = first; group < last; group += kLanes) {
    Vector sums[kLanes];
    Vector largest[kLanes];
    const std::int64_t count = HWY_MIN(kLanes, last - group);
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t from = HWY_MAX(begin, (group + i) * out.panels) * kPanelWidth;
      const std::int64_t to = HWY_MIN(end, (group + i + 1) * out.panels) * kPanelWidth;
      Vector sum = hn::Load(d, e + from);
      Vector most = sum;
      for (std::int64_t j = from + kLanes; j < to; j += kLanes) {
        const Vector x = hn::Load(d, e + j);
        sum = hn::Add(sum, x);
        most = hn::Max(most, x);
      }
      sums[i] = sum;
      largest[i] = most;
    }
    for (std::int64_t i = count; i < kLanes; ++i) sums[i] = largest[i] = hn::Zero(d);
    const Vector sum = reduceEach(sums, [](Vector a, Vector b) { return hn::Add(a, b); });
    const Vector most = reduceEach(largest, [](Vector a, Vector b) { return hn::Max(a, b); });
    HWY_ALIGN float sumOf[kPanelWidth];
    HWY_ALIGN float mostOf[kPanelWidth];
    hn::Store(sum, d, sumOf);
    hn::Store(most, d, mostOf);
    // Two runs may share a pixel.
    for (std::int64_t i = 0; i < count; ++i) {
      out.sums[group + i] += sumOf[i];
      out.largest[group + i] = HWY_MAX(out.largest[group + i], mostOf[i]);
    }
  }
}

template <bool kTempered>
void exponentials(float* scores, const PanelRun* runs, std::int64_t runCount, float temperature,
                  float maximum, const PixelRow* pixels, double& sum, double& weighted) {
  const Lanes d;
  Exponentials e{.maximum = hn::Set(d, maximum), .temperature = hn::Set(d, temperature)};
  for (std::int64_t n = 0; n < runCount; ++n) {
    e.panels<kTempered>(scores, runs[n].begin, runs[n].end);
    if (pixels != nullptr) addToPixels(scores, runs[n].begin, runs[n].end, *pixels);
  }
  e.flush();
  sum = e.total;
  weighted = e.totalWeighted;
}

void softmaxChunkKernel(float* scores, const PanelRun* runs, std::int64_t runCount, const std::uint16_t* kept,
                        float temperature, SoftmaxRow& row, const PixelRow* pixels) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  float maximum = 0;
  float minimum = 0;
  findExtremes(scores, runs, runCount, kept, maximum, minimum);
  if (minimum < row.smallest) row.smallest = minimum;
  if (maximum > row.largest) row.largest = maximum;
  row.factor = 1;
  if (maximum > row.reference) {
    const float step = (row.reference - maximum) / temperature;
    row.factor = 0;
    if (row.reference != -kInfinity) {
      row.factor = hn::GetLane(expNonPositive(Lanes(), hn::Set(Lanes(), step)));
    }
    if (row.sum != 0) {
      row.weighted += static_cast<double>(step) * row.sum;
      row.sum *= static_cast<double>(row.factor);
      row.weighted *= static_cast<double>(row.factor);
    }
    row.reference = maximum;
  }
  // Nothing kept, or only −∞: any finite number in the place of the reference makes every e_j 0.
  const float reference = row.reference == -kInfinity ? 0 : row.reference;
  double sum = 0;
  double weighted = 0;
  if (temperature == 1) {
    exponentials<false>(scores, runs, runCount, temperature, reference, pixels, sum, weighted);
  } else {
    exponentials<true>(scores, runs, runCount, temperature, reference, pixels, sum, weighted);
  }
  row.sum += sum;
  row.weighted += weighted;
}

void addPixelsKernel(const float* sums, const float* largest, std::int64_t count, float factor,
                     float* allSums, float* allLargest) {
  const Lanes d;
  const Vector by = hn::Set(d, factor);
  std::int64_t n = 0;
  for (; n + kLanes <= count; n += kLanes) {
    hn::StoreU(hn::MulAdd(hn::LoadU(d, sums + n), by, hn::LoadU(d, allSums + n)), d, allSums + n);
    const Vector most = hn::Mul(hn::LoadU(d, largest + n), by);
    hn::StoreU(hn::Max(most, hn::LoadU(d, allLargest + n)), d, allLargest + n);
  }
  for (; n < count; ++n) {
    allSums[n] += sums[n] * factor;
    allLargest[n] = HWY_MAX(allLargest[n], largest[n] * factor);
  }
}

void scalePanelsKernel(float* numbers, std::int64_t panels, float factor) {
  const Lanes d;
  const Vector by = hn::Set(d, factor);
  for (std::int64_t n = 0; n < panels * kPanelWidth; n += kLanes) {
    hn::StoreU(hn::Mul(hn::LoadU(d, numbers + n), by), d, numbers + n);
  }
}

void divideRowKernel(const float* numbers, std::int64_t count, float divisor, float* out) {
  const Lanes d;
  const Vector by = hn::Set(d, divisor);
  std::int64_t n = 0;
  for (; n + kLanes <= count; n += kLanes) hn::StoreU(hn::Div(hn::LoadU(d, numbers + n), by), d, out + n);
  for (; n < count; ++n) out[n] = numbers[n] / divisor;
}

void dividePanelsKernel(const float* numbers, const PanelRun* runs, std::int64_t runCount, float divisor,
                        std::int64_t count, float* weights) {
  const Lanes d;
  const Vector by = hn::Set(d, divisor);
  const bool aligned = reinterpret_cast<std::uintptr_t>(weights) % (kPanelWidth * sizeof(float)) == 0;
  for (std::int64_t n = 0; n < runCount; ++n) {
    std::int64_t j = runs[n].begin * kPanelWidth;
    const std::int64_t end = HWY_MIN(runs[n].end * kPanelWidth, count);
    if (aligned) {
      for (; j + kPanelWidth <= end; j += kPanelWidth) {
        HWY_UNROLL(4)
        for (int v = 0; v < kPanelVectors; ++v) {
          hn::Stream(hn::Div(hn::LoadU(d, numbers + j + v * kLanes), by), d, weights + j + v * kLanes);
        }
      }
    } else {
      for (; j + kLanes <= end; j += kLanes) {
        hn::StoreU(hn::Div(hn::LoadU(d, numbers + j), by), d, weights + j);
      }
    }
    for (; j < end; ++j) weights[j] = numbers[j] / divisor;
  }
}

}  // namespace
}  // namespace headlight::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace headlight {

HWY_EXPORT(softmaxChunkKernel);
HWY_EXPORT(addPixelsKernel);
HWY_EXPORT(scalePanelsKernel);
HWY_EXPORT(divideRowKernel);
HWY_EXPORT(dividePanelsKernel);

SoftmaxRow SoftmaxRow::empty(float reference) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  return {.reference = reference,
          .largest = -kInfinity,
          .smallest = kInfinity,
          .factor = 1,
          .sum = 0,
          .weighted = 0};
}

void softmaxChunk(float* scores, const PanelRun* runs, std::int64_t runCount, const std::uint16_t* kept,
                  float temperature, SoftmaxRow& row, const PixelRow* pixels) {
  HWY_DYNAMIC_DISPATCH(softmaxChunkKernel)(scores, runs, runCount, kept, temperature, row, pixels);
}

void addPixels(const float* sums, const float* largest, std::int64_t count, float factor, float* allSums,
               float* allLargest) {
  HWY_DYNAMIC_DISPATCH(addPixelsKernel)(sums, largest, count, factor, allSums, allLargest);
}

void scalePanels(float* numbers, std::int64_t panels, float factor) {
  HWY_DYNAMIC_DISPATCH(scalePanelsKernel)(numbers, panels, factor);
}

void divideRow(const float* numbers, std::int64_t count, float divisor, float* out) {
  HWY_DYNAMIC_DISPATCH(divideRowKernel)(numbers, count, divisor, out);
}

void dividePanels(const float* numbers, const PanelRun* runs, std::int64_t runCount, float divisor,
                  std::int64_t count, float* weights) {
  HWY_DYNAMIC_DISPATCH(dividePanelsKernel)(numbers, runs, runCount, divisor, count, weights);
}

}  // namespace headlight
#endif
