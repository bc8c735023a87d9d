#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/attention/field_difference.h"
#include "core/figure/figure_spec.h"
#include "core/picture/colormap.h"
#include "core/picture/range.h"

namespace headlight {

/// One map of a figure with what its colours mean: what is written beside the figure is made of it. Cells are
/// read again when they are asked for; nothing of the map's size is kept.
struct DrawnPanel {
  std::string name;   ///< as in names of files: "H2", "masked", "H2-minus-H5"
  std::string title;  ///< "Attention weights, H2"
  Stage stage = Stage::weights;
  Axis rowAxis = Axis::query;
  Axis colAxis = Axis::key;
  FigureCrop part;          ///< the rows and columns that are drawn, as the stage counts them
  bool transposed = false;  ///< rows run along the page's width
  bool difference = false;  ///< first minus second
  Range range;
  const Colormap* map = nullptr;
  /// Cells [r0, r1) × [c0, c1) of the whole map, as Field::block gives them.
  std::function<void(std::int64_t r0, std::int64_t r1, std::int64_t c0, std::int64_t c1, float* values,
                     std::uint8_t* classes, std::int64_t stride)>
      block;

  std::int64_t rows() const { return part.rowEnd - part.rowFirst; }
  std::int64_t cols() const { return part.colEnd - part.colFirst; }
};

/// A panel that shows all of a field or of a difference.
DrawnPanel panelOf(const Field& field, const Range& range, const Colormap& map, bool transposed = false);
DrawnPanel panelOf(const FieldDifference& difference, const Range& range, const Colormap& map,
                   bool transposed = false);

/// A name for each, no two alike: the head's, else the stage's, else first, second and difference.
std::vector<std::string> panelNames(std::span<const DrawnPanel> panels);

}  // namespace headlight
