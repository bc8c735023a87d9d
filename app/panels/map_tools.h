#pragma once
#include <span>
#include <string>
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
  /// Over the map, once that is drawn; may be null.
  void (*draw)(Panel&, const StageScene&) = nullptr;
  /// What the stage's header says of it.
  std::string (*words)(const Panel&, const StageScene&) = nullptr;
  /// What the header says behind that, or instead of it where something is in the way: a warning.
  std::string (*warning)(const Panel&, const StageScene&) = nullptr;
};
std::span<const MapTool> mapTools();
/// The chosen one, or null.
const MapTool* chosenMapTool(const Panel& p);
/// Takes the tool up, or puts it away when it is the one in hand.
void toggleMapTool(Panel& p, std::string_view id);
/// Hands the pointer to the chosen tool; false when there is none or it does not want it.
bool useMapTool(Panel& p, const StageScene& scene, const MapPointer& pointer);
/// What the chosen tool draws over the map, and the marks of cells set by hand.
void drawMapTool(Panel& p, const StageScene& scene);
/// Lines between the stage's header and the map: the tool in hand, padded queries. Returns their height, 0
/// for none.
float drawStageNotes(Panel& p, const StageScene& scene, float top);

/// The rows of the table, each in a file of its own.
MapTool paintTool();
MapTool cellEditTool();

}  // namespace headlight
