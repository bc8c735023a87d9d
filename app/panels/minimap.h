#pragma once
#include "app/panels/stage_parts.h"

namespace headlight {

/// The whole map in small, in the corner at the right above its margins, while a part of it is out of sight:
/// a frame shows which part is seen, and dragging moves it. It never lies over the map.

/// Px that the map leaves free for it at the right, beside `margins` px that its margins take.
float minimapAside(const Panel& p, float margins);
/// Px that it takes above the map, when the map may be larger than its place.
float minimapZone(const Panel& p);
void drawMinimap(Panel& p, const StageScene& scene);

}  // namespace headlight
