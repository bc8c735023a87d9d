#pragma once
#include "core/picture/picture.h"

// Cairo's own name, so that its headers stay in the sources.
typedef struct _cairo_surface cairo_surface_t;  // NOLINT(clang-diagnostic-reserved-identifier)

namespace headlight {

/// The pixels of a 32-bit image surface, red, green, blue and straight alpha; opaque where it has no alpha.
Picture pixelsOf(cairo_surface_t* surface);

}  // namespace headlight
