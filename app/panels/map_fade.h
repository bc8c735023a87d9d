#pragma once
#include <cstdint>
#include <optional>

#include <imgui.h>

#include "app/render/map_renderer.h"

namespace headlight {

struct Panel;
struct ShownField;

/// The cross-fade of a large map to another stage, head or colour range: what is shown, and what it takes the
/// place of.
struct MapFade {
  std::uint64_t shows = 0;  ///< stage and head, 0: nothing yet
  double changedAt = -1;
  double seconds = 0;  ///< how long it takes from then on
  int slot = 0;        ///< of two that take turns
  std::optional<MapImage> shown;
  ImVec2 shownAt;
  int shownStretch = 1;
  std::optional<MapImage> fading;
  ImVec2 fadingAt;
  int fadingStretch = 1;
};

/// Draws the image where the panel's map lies, over what it fades out: another stage or head for so many
/// seconds, other ends of the colours for 150 ms, which a further change of them ends. The renderer's slots
/// `slot` and the next one are its own. False when there is no image yet.
bool drawFadingMap(Panel& p, MapFade& fade, const ShownField& field, const std::optional<MapImage>& image,
                   std::uint64_t slot, double seconds);

}  // namespace headlight
