#include "core/attention/kernels/score_rows.h"

// clang-format off
#include "core/attention/kernels/targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/attention/kernels/score_rows.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace headlight::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

using Lanes = hn::CappedTag<float, kPanelWidth>;
constexpr std::int64_t kLanes = static_cast<std::int64_t>(hn::MaxLanes(Lanes()));
// Register tile: with 32 registers 6 × 4 sums, with 16 of them 6 × 2.
constexpr int kTileRows = 6;
constexpr int kTileVectors = kLanes == kPanelWidth ? 4 : 2;

/// kRows × (kVectors · kLanes) scores. The vectors' keys begin at `keys`, `vectorStep` floats apart.
template <int kRows, int kVectors>
void scoreTile(const float* HWY_RESTRICT queries, std::ptrdiff_t queryStride, const float* HWY_RESTRICT keys,
               std::ptrdiff_t vectorStep, std::int64_t depth, float scale, float* HWY_RESTRICT scores,
               std::ptrdiff_t scoreStride) {
  const Lanes d;
  hn::Vec<Lanes> sums[kRows][kVectors];
  HWY_UNROLL(8)
  for (int r = 0; r < kRows; ++r) {
    HWY_UNROLL(4)
    for (int v = 0; v < kVectors; ++v) sums[r][v] = hn::Zero(d);
  }
  for (std::int64_t k = 0; k < depth; ++k) {
    hn::Vec<Lanes> column[kVectors];
    HWY_UNROLL(4)
    for (int v = 0; v < kVectors; ++v) column[v] = hn::Load(d, keys + v * vectorStep + k * kPanelWidth);
    HWY_UNROLL(8)
    for (int r = 0; r < kRows; ++r) {
      const auto query = hn::Set(d, queries[r * queryStride + k]);
      HWY_UNROLL(4)
      for (int v = 0; v < kVectors; ++v) sums[r][v] = hn::MulAdd(query, column[v], sums[r][v]);
    }
  }
  const auto factor = hn::Set(d, scale);
  HWY_UNROLL(8)
  for (int r = 0; r < kRows; ++r) {
    HWY_UNROLL(4)
    for (int v = 0; v < kVectors; ++v) {
      hn::StoreU(hn::Mul(sums[r][v], factor), d, scores + r * scoreStride + v * kLanes);
    }
  }
}

/// All rows against the same kVectors vectors of keys.
template <int kVectors>
void scoreColumns(const float* queries, std::ptrdiff_t queryStride, std::int64_t rows, const float* keys,
                  std::ptrdiff_t vectorStep, std::int64_t depth, float scale, float* scores,
                  std::ptrdiff_t scoreStride) {
  std::int64_t r = 0;
  for (; r + kTileRows <= rows; r += kTileRows) {
    scoreTile<kTileRows, kVectors>(queries + r * queryStride, queryStride, keys, vectorStep, depth, scale,
                                   scores + r * scoreStride, scoreStride);
  }
  const float* q = queries + r * queryStride;
  float* out = scores + r * scoreStride;
  switch (rows - r) {
    case 5:
      return scoreTile<5, kVectors>(q, queryStride, keys, vectorStep, depth, scale, out, scoreStride);
    case 4:
      return scoreTile<4, kVectors>(q, queryStride, keys, vectorStep, depth, scale, out, scoreStride);
    case 3:
      return scoreTile<3, kVectors>(q, queryStride, keys, vectorStep, depth, scale, out, scoreStride);
    case 2:
      return scoreTile<2, kVectors>(q, queryStride, keys, vectorStep, depth, scale, out, scoreStride);
    case 1:
      return scoreTile<1, kVectors>(q, queryStride, keys, vectorStep, depth, scale, out, scoreStride);
    default:
      return;
  }
}

void scoreRowsKernel(const float* queries, std::ptrdiff_t queryStride, std::int64_t rows, const float* keys,
                     std::int64_t panels, std::int64_t depth, float scale, float* scores,
                     std::ptrdiff_t scoreStride) {
  const std::int64_t panelSize = depth * kPanelWidth;
  std::int64_t panel = 0;
  if constexpr (kLanes == kPanelWidth) {
    // A panel is one vector: four panels side by side fill the register tile.
    for (; panel + kTileVectors <= panels; panel += kTileVectors) {
      scoreColumns<kTileVectors>(queries, queryStride, rows, keys + panel * panelSize, panelSize, depth,
                                 scale, scores + panel * kPanelWidth, scoreStride);
    }
    for (; panel < panels; ++panel) {
      scoreColumns<1>(queries, queryStride, rows, keys + panel * panelSize, panelSize, depth, scale,
                      scores + panel * kPanelWidth, scoreStride);
    }
  } else {
    for (; panel < panels; ++panel) {
      for (std::int64_t lane = 0; lane < kPanelWidth; lane += kTileVectors * kLanes) {
        scoreColumns<kTileVectors>(queries, queryStride, rows, keys + panel * panelSize + lane, kLanes, depth,
                                   scale, scores + panel * kPanelWidth + lane, scoreStride);
      }
    }
  }
}

}  // namespace
}  // namespace headlight::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace headlight {

HWY_EXPORT(scoreRowsKernel);

void scoreRows(const float* queries, std::ptrdiff_t queryStride, std::int64_t rows, const float* keys,
               std::int64_t panels, std::int64_t depth, float scale, float* scores,
               std::ptrdiff_t scoreStride) {
  HWY_DYNAMIC_DISPATCH(scoreRowsKernel)
  (queries, queryStride, rows, keys, panels, depth, scale, scores, scoreStride);
}

}  // namespace headlight
#endif
