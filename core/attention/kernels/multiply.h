#pragma once
#include <cstddef>
#include <cstdint>

namespace headlight {

/// Columns of one panel of the right-hand matrix: one constant for all instruction sets, so what is packed
/// fits them all.
inline constexpr int kPanelWidth = 16;

/// Rows of a register tile: products of so many rows, and multiples of it, are made at full speed.
inline constexpr int kTileRows = 6;

/// The right-hand matrix B [depth, panels · kPanelWidth] of a product, cut into panels of columns. Packed it
/// is [panels][depth][kPanelWidth]; rows that stand side by side in memory are panels too.
struct PanelsView {
  const float* data = nullptr;
  std::ptrdiff_t panelStep = 0;  ///< floats from a panel to the next
  std::ptrdiff_t depthStep = 0;  ///< floats from a row of B to the next
};

enum class Into : std::uint8_t { empty, sum };

/// C = A B × factor, or C += A B, of `rows` rows and the columns of `panels` whole panels.
///
/// `a` [rows, depth] with `aStride` floats a row, `c` [rows, panels · kPanelWidth] with `cStride`. Every
/// number is one chain of multiply-adds over the depth from 0 upwards in its own lane, begun at 0 or at what
/// stands in C, so its bits depend neither on which rows and panels were asked for together nor, adding, on
/// how the depth was cut.
void multiply(const float* a, std::ptrdiff_t aStride, std::int64_t rows, const PanelsView& b,
              std::int64_t panels, std::int64_t depth, float factor, Into into, float* c,
              std::ptrdiff_t cStride);

}  // namespace headlight
