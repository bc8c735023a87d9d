#pragma once
#include <memory>

#include "core/figure/canvas.h"

// Pango's own name, so that its headers stay in the sources.
typedef struct _PangoLayout PangoLayout;  // NOLINT(clang-diagnostic-reserved-identifier)

namespace headlight {

struct ReleaseLayout {
  void operator()(PangoLayout* layout) const;
};
using Layout = std::unique_ptr<PangoLayout, ReleaseLayout>;

/// The piece as one line of Pango's, in points, in the fonts of figures.
Layout layOut(const TextPiece& piece);

}  // namespace headlight
