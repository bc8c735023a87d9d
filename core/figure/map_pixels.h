#pragma once
#include <cstdint>
#include <vector>

#include "core/attention/field_difference.h"
#include "core/base/result.h"
#include "core/base/thread_pool.h"
#include "core/figure/figure_spec.h"

namespace headlight {

/// How strongly a field is pooled: a texel covers 2^rows × 2^cols of its cells. Maps are pooled alike both
/// ways.
struct Pooling {
  int rows = 0;
  int cols = 0;
  bool any() const { return rows > 0 || cols > 0; }
};

/// All rows and columns of a field.
FigureCrop wholeOf(const Field& field);

/// A field at the resolution it is printed with, in the orientation of the page: `down` × `across` texels.
/// Never more texels than printed pixels.
struct MapPixels {
  Pooling pooling;
  std::int64_t rows = 0;  ///< cells, as drawn
  std::int64_t cols = 0;
  std::int64_t down = 0;
  std::int64_t across = 0;
  std::vector<float> values;          ///< [down, across], the extreme of what a texel covers
  std::vector<std::uint8_t> classes;  ///< [down, across] of CellClass

  std::size_t at(std::int64_t r, std::int64_t c) const { return static_cast<std::size_t>(r * across + c); }
  CellClass kind(std::int64_t r, std::int64_t c) const { return static_cast<CellClass>(classes[at(r, c)]); }
  /// Masked cells and scores of −∞.
  bool hatched(std::int64_t r, std::int64_t c) const;
};

/// The smallest level at which `cells` cells have no more texels than `mm` millimetres have pixels at `dpi`.
int printedLevel(std::int64_t cells, double mm, double dpi);
/// The least pooling for a field drawn `width` × `height` mm.
Pooling printedPooling(const Field& field, bool transposed, double width, double height, double dpi);
Pooling printedPooling(const Field& field, const FigureCrop& part, bool transposed, double width,
                       double height, double dpi);

/// Errors: cancelled.
Result<MapPixels> readPixels(const Field& field, bool transposed, Pooling pooling, ThreadPool& pool,
                             const Cancel& cancel);
/// Texels are counted from the part's own corner.
Result<MapPixels> readPixels(const Field& field, const FigureCrop& part, bool transposed, Pooling pooling,
                             ThreadPool& pool, const Cancel& cancel);
Result<MapPixels> readPixels(const FieldDifference& difference, const FigureCrop& part, bool transposed,
                             Pooling pooling, ThreadPool& pool, const Cancel& cancel);

}  // namespace headlight
