#pragma once
#include <cstdint>

#include "core/files/png_pixels.h"

namespace headlight {

/// An image of width × height pixels, both at least 1: by area where that is smaller, between neighbours
/// where it is larger.
Pixels resizedPixels(const Pixels& pixels, std::int64_t width, std::int64_t height);

}  // namespace headlight
