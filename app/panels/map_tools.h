#pragma once
#include <span>
#include <string_view>

#include "app/panels/stage_parts.h"

namespace headlight {

/// What the pointer does over the large map in this frame.
struct MapPointer {
  Press press;          ///< of the map as a control
  bool inside = false;  ///< over a cell
  Cell cell;            ///< under the pointer, as in the field (not as shown); means something while inside
};

/// What a drag or a click on the map does, instead of panning and pinning.
struct MapTool {
  std::string_view id;  ///< "paint"; its command is "tool.paint"
  std::string_view label;
  /// Takes the pointer; false leaves it to panning and pinning.
  bool (*use)(Panel&, const StageScene&, const MapPointer&);
};
std::span<const MapTool> mapTools();
/// Hands the pointer to the chosen tool; false when there is none or it does not want it.
bool useMapTool(Panel& p, const StageScene& scene, const MapPointer& pointer);

}  // namespace headlight
