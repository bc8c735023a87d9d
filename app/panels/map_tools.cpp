#include "app/panels/map_tools.h"

namespace headlight {

std::span<const MapTool> mapTools() {
  return {};
}

bool useMapTool(Panel& p, const StageScene& scene, const MapPointer& pointer) {
  for (const MapTool& tool : mapTools()) {
    if (tool.id == p.state.mapTool) return tool.use(p, scene, pointer);
  }
  return false;
}

}  // namespace headlight
