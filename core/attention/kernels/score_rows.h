#pragma once
#include <cstddef>
#include <cstdint>

namespace headlight {

/// Keys of one panel of PackedKeys: one constant for all instruction sets, so packed keys fit them all.
inline constexpr int kPanelWidth = 16;

/// Dot products × scale of `rows` queries with the keys of `panels` whole panels.
///
/// `queries` [rows, depth] with `queryStride` floats a row; `keys` [panels][depth][kPanelWidth]; `scores`
/// [rows, panels · kPanelWidth] with `scoreStride` floats a row. Every score is one chain of multiply-adds
/// over the depth from 0 upwards in its own lane, so its bits do not depend on which rows and panels were
/// asked for together.
void scoreRows(const float* queries, std::ptrdiff_t queryStride, std::int64_t rows, const float* keys,
               std::int64_t panels, std::int64_t depth, float scale, float* scores,
               std::ptrdiff_t scoreStride);

}  // namespace headlight
