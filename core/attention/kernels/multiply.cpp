#include "core/attention/kernels/multiply.h"

// clang-format off
#include "core/attention/kernels/targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/attention/kernels/multiply.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace headlight::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

using Lanes = hn::CappedTag<float, kPanelWidth>;
constexpr std::int64_t kLanes = static_cast<std::int64_t>(hn::MaxLanes(Lanes()));
// With 32 registers a tile is 6 × 4 sums, with 16 of them 6 × 2.
#if HWY_TARGET <= HWY_AVX3 || HWY_ARCH_ARM_A64
constexpr int kTileVectors = 4;
#else
constexpr int kTileVectors = 2;
#endif
constexpr int kPanelVectors = static_cast<int>(kPanelWidth / kLanes);

struct Product {
  const float* a;
  std::ptrdiff_t aStride;
  PanelsView b;
  std::int64_t depth;
  float factor;
  Into into;
  float* c;
  std::ptrdiff_t cStride;
};

/// kRows × kVectors vectors of C, from vector `lane` of the first panel on. Vectors go on in the next panel
/// where a panel is one vector.
template <int kRows, int kVectors>
HWY_INLINE void tile(const Product& p, const float* HWY_RESTRICT a, const float* HWY_RESTRICT b,
                     float* HWY_RESTRICT c) {
  const Lanes d;
  const std::ptrdiff_t vectorStep = kPanelVectors == 1 ? p.b.panelStep : kLanes;
  const std::ptrdiff_t aStride = p.aStride;
  const std::ptrdiff_t depthStep = p.b.depthStep;
  hn::Vec<Lanes> sums[kRows][kVectors];
  HWY_UNROLL(8)
  for (int r = 0; r < kRows; ++r) {
    HWY_UNROLL(4)
    for (int v = 0; v < kVectors; ++v) {
      sums[r][v] = p.into == Into::empty ? hn::Zero(d) : hn::LoadU(d, c + r * p.cStride + v * kLanes);
    }
  }
  for (std::int64_t k = 0; k < p.depth; ++k) {
    hn::Vec<Lanes> column[kVectors];
    HWY_UNROLL(4)
    for (int v = 0; v < kVectors; ++v) column[v] = hn::LoadU(d, b + v * vectorStep);
    HWY_UNROLL(8)
    for (int r = 0; r < kRows; ++r) {
      const auto left = hn::Set(d, a[r * aStride + k]);
      HWY_UNROLL(4)
      for (int v = 0; v < kVectors; ++v) sums[r][v] = hn::MulAdd(left, column[v], sums[r][v]);
    }
    b += depthStep;
  }
  if (p.into == Into::empty) {
    const auto factor = hn::Set(d, p.factor);
    HWY_UNROLL(8)
    for (int r = 0; r < kRows; ++r) {
      HWY_UNROLL(4)
      for (int v = 0; v < kVectors; ++v) sums[r][v] = hn::Mul(sums[r][v], factor);
    }
  }
  HWY_UNROLL(8)
  for (int r = 0; r < kRows; ++r) {
    HWY_UNROLL(4)
    for (int v = 0; v < kVectors; ++v) hn::StoreU(sums[r][v], d, c + r * p.cStride + v * kLanes);
  }
}

template <int kVectors>
void rowTiles(const Product& p, std::int64_t rows, const float* b, float* c) {
  const float* a = p.a;
  for (; rows >= kTileRows; rows -= kTileRows) {
    tile<kTileRows, kVectors>(p, a, b, c);
    a += kTileRows * p.aStride;
    c += kTileRows * p.cStride;
  }
  switch (rows) {
    case 5:
      return tile<5, kVectors>(p, a, b, c);
    case 4:
      return tile<4, kVectors>(p, a, b, c);
    case 3:
      return tile<3, kVectors>(p, a, b, c);
    case 2:
      return tile<2, kVectors>(p, a, b, c);
    case 1:
      return tile<1, kVectors>(p, a, b, c);
    default:
      return;
  }
}

void multiplyKernel(const float* a, std::ptrdiff_t aStride, std::int64_t rows, const PanelsView& b,
                    std::int64_t panels, std::int64_t depth, float factor, Into into, float* c,
                    std::ptrdiff_t cStride) {
  const Product p{a, aStride, b, depth, factor, into, c, cStride};
  if constexpr (kPanelVectors == 1) {
    const float* right = b.data;
    for (; panels >= kTileVectors; panels -= kTileVectors) {
      rowTiles<kTileVectors>(p, rows, right, c);
      right += kTileVectors * b.panelStep;
      c += kTileVectors * kPanelWidth;
    }
    switch (panels) {
      case 3:
        return rowTiles<3>(p, rows, right, c);
      case 2:
        return rowTiles<2>(p, rows, right, c);
      case 1:
        return rowTiles<1>(p, rows, right, c);
      default:
        return;
    }
  } else {
    constexpr int kVectors = kTileVectors < kPanelVectors ? kTileVectors : kPanelVectors;
    for (std::int64_t panel = 0; panel < panels; ++panel) {
      for (std::int64_t lane = 0; lane < kPanelWidth; lane += kVectors * kLanes) {
        rowTiles<kVectors>(p, rows, b.data + panel * b.panelStep + lane, c + panel * kPanelWidth + lane);
      }
    }
  }
}

}  // namespace
}  // namespace headlight::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace headlight {

HWY_EXPORT(multiplyKernel);

void multiply(const float* a, std::ptrdiff_t aStride, std::int64_t rows, const PanelsView& b,
              std::int64_t panels, std::int64_t depth, float factor, Into into, float* c,
              std::ptrdiff_t cStride) {
  HWY_DYNAMIC_DISPATCH(multiplyKernel)
  (a, aStride, rows, b, panels, depth, factor, into, c, cStride);
}

}  // namespace headlight
#endif
