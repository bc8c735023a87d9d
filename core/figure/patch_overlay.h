#pragma once
#include "core/analysis/row_values.h"
#include "core/attention/field.h"
#include "core/experiment/image_patches.h"
#include "core/figure/key.h"
#include "core/figure/scene.h"
#include "core/files/png_pixels.h"
#include "core/picture/picture.h"

namespace headlight {

/// What one query attends to in one head, laid over the picture whose patches are the keys.
struct PatchOverlay {
  int head = 0;
  Field field;
  RowValues::Level cells;  ///< one a key
  Range range;
};

Picture pictureOf(const Pixels& photo);
/// The picture under the colours of its patches. What is masked and what is no number hides it: nothing else
/// looks like it.
Picture coveredPicture(const Pixels& photo, const ImagePatches& patches, const PatchOverlay& overlay,
                       const MapLook& look);
/// Hatch, dots and × over the patches, as on every map; returns which of them there are.
SeenLooks drawPatchMarks(Scene& scene, const Rect& area, const ImagePatches& patches,
                         const PatchOverlay& overlay, const MapLook& look);

}  // namespace headlight
