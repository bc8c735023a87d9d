#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/picture/picture.h"

namespace headlight {

struct PngOptions {
  double dpi = 0;                                          ///< pHYs; 0 leaves it out
  std::vector<std::pair<std::string, std::string>> texts;  ///< keyword (Latin letters) and UTF-8, as iTXt
};

/// The picture as PNG: of up to 256 colours with a palette, else 8-bit RGB; with (straight) alpha where a
/// pixel is not opaque. No time stamp, so equal pictures give equal bytes.
std::string encodePng(const Picture& picture, const PngOptions& options = {});

}  // namespace headlight
