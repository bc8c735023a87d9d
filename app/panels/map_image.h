#pragma once
#include <memory>
#include <optional>

#include "app/panels/panel_state.h"

namespace headlight {

/// Rows, columns and key of a stage in the newest numbers; nothing when it is absent.
std::optional<ShownField> shownField(Panel& p, Stage stage, int head);
/// The colours a stage is drawn in, as the view says.
const Colormap& shownColormap(const Panel& p, Stage stage);
/// What its colours span in the strip: as the view says for weights, for signed numbers the middle 96 % of
/// the head's own values, so that a few large ones do not leave the others without colour. The scores from
/// q·k to the softmax share the one of q·k: what ÷ √d_k and the mask do is seen.
std::optional<Range> stripRange(Panel& p, Stage stage, int head);
/// Its look, null while its range is not known; `range` stands for the view's. `slot` remembers it.
std::shared_ptr<const MapLook> shownLook(Panel& p, Stage stage, int head, std::uint64_t slot,
                                         const std::optional<Range>& range = {});
/// What the renderer wants to know.
std::optional<MapImage> mapImage(Panel& p, const ShownField& field, const MapGeometry& geometry,
                                 std::uint64_t slot, const std::optional<Range>& range = {});

/// Draws a part of a map at (x, y), each texel `sx` × `sy` px larger. False while it is not ready: a frame
/// stands there.
/// A map that the renderer drew, onto the window.
void putMap(const MapTexture& map, ImVec2 at, ImVec2 end, ImU32 tint = IM_COL32_WHITE);
bool drawMap(Panel& p, std::uint64_t slot, const ShownField& field, const MapGeometry& geometry, ImVec2 at,
             int sx = 1, int sy = 1, const std::optional<Range>& range = {});

/// A whole map as a thumbnail: whole numbers of px per cell, pooled when there are more cells than px. Cells
/// are square unless that would make a sliver of it.
struct Thumb {
  MapGeometry geometry;
  int sx = 1;
  int sy = 1;
  float width = 0;
  float height = 0;
};
/// In a box of `width` × `height` px, cells at most `cell` px. `transposed`: rows run along x.
Thumb thumbOf(std::int64_t rows, std::int64_t cols, float width, float height, int cell,
              bool transposed = false);

/// The head that is shown: of the view.
int shownHead(const Panel& p);
/// "H2", "mean".
std::string headName(int head);
/// "L5 H2" where the document's numbers are of one of several layers of a file.
std::string headName(const Panel& p, int head);
/// The token's label, visible and shortened.
std::string queryLabel(const Panel& p, std::int64_t i, std::size_t longest = 24);
std::string keyLabel(const Panel& p, std::int64_t j, std::size_t longest = 24);

}  // namespace headlight
