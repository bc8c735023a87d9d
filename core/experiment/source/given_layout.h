#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/experiment/source/given_files.h"

namespace headlight {

// A layout is the order of a tensor's axes, a letter each: l layer, b batch element, h head, t token, d
// width, q query, k key. Layers and batch elements stand first, in this order.

/// "[batch, heads, tokens, width]" of bhtd.
std::string layoutText(std::string_view layout);
/// Length of the axis of that letter, or `otherwise` where the layout has none.
std::int64_t axisLength(std::string_view layout, std::span<const std::int64_t> shape, char axis,
                        std::int64_t otherwise = 1);

/// Whether the tensor has as many axes as the layout and none of length 0, and as many heads, tokens and
/// widths as are accepted. Error (invalid): the shape, what the layout says, and which of `layouts` fit.
Status checkLayout(const FilePart& part, std::string_view layout, std::span<const std::string_view> layouts);

/// Which layer and batch element of the tensors is meant.
struct Chosen {
  std::int64_t layer = 0;
  std::string layerPath;  ///< JSON path, for errors
  std::int64_t batch = 0;

  /// The layer that the view names, else that of the source; the element that the view names.
  static Chosen of(const SourceRequest& request);
};
/// Where the elements of that layer and batch element begin; an axis that is not there holds one for all.
/// Errors (invalid): there is no such layer or element.
Result<std::int64_t> firstElement(const FilePart& part, std::string_view layout, const Chosen& chosen);

/// Whether both have as many layers and batch elements. Error (invalid) at `path` with both tensors.
Status sameLeadingAxes(const FilePart& a, std::string_view aLayout, const FilePart& b,
                       std::string_view bLayout, const std::string& path);

}  // namespace headlight
