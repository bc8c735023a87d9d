#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/panels/map_image.h"
#include "app/session/head_products.h"

namespace headlight {

/// By what the heads of the gallery and of the Heads tab are ordered.
enum class HeadOrder : std::uint8_t { number, effectiveKeys, pattern, cell, likeness };
inline constexpr std::array kGalleryOrders{HeadOrder::number, HeadOrder::effectiveKeys, HeadOrder::pattern,
                                           HeadOrder::cell};
inline constexpr std::array kTabOrders{HeadOrder::number, HeadOrder::effectiveKeys, HeadOrder::likeness};
/// "number", "effective keys", …; of a cell "this cell", of several "these cells".
std::string orderWords(const Panel& p, HeadOrder order);
std::string_view orderId(HeadOrder order);

/// A picture of one pixel row or of a matrix that is no stage, kept while it is shown.
struct KeptPicture {
  std::shared_ptr<const void> of;  ///< what it was made of
  int texels = 0;
  std::shared_ptr<const Tile> tile;
};

/// How the heads are looked at; nothing of it is saved.
struct HeadsView {
  HeadOrder galleryOrder = HeadOrder::number;
  HeadOrder tabOrder = HeadOrder::number;
  int firstColumn = 0;            ///< of the Heads tab, in its order
  int shownHead = -2;             ///< whose column was brought into sight last
  std::int64_t row = 0;           ///< the query that is written out while none is pinned
  std::int64_t firstRow = 0;      ///< of the table of lengths
  std::int64_t followedRow = -1;  ///< the row that the table was turned to last
  std::map<std::uint64_t, KeptPicture> pictures;
  // Kept while the next ones are made, so that nothing jumps.
  std::map<HeadOrder, std::vector<int>> orders;
};

/// What a head is called by the experiment, empty where it has no name.
std::string headTitle(const Panel& p, int head);
/// The first of its pattern tags, empty where it has none or they are not known yet.
std::string headTag(Panel& p, int head);
/// What the stage's shared scale spans: "0–1", "±3"; empty while it is not known.
std::string scaleSpan(Panel& p, Stage stage, int head);

/// All heads in this order. While what it goes by is being made, the order before.
std::vector<int> headsInOrder(Panel& p, HeadOrder order);
/// Whether this order says something now: a cell must be pinned for its own.
bool orderApplies(const Panel& p, HeadOrder order);
/// The stage whose heads are compared in the gallery: the shown one, else the weights.
Stage comparedStage(const Panel& p);
/// Its value in each head at the pinned cell, of several cells their mean: [H], empty where no cell of the
/// stage is pinned or while they are not ready.
std::vector<double> pinnedValues(Panel& p);

/// Where cells [row, col] of a stage lie on its thumbnail; −1 stands for all.
Box thumbPart(const Thumb& thumb, const Box& map, std::int64_t row, std::int64_t col);
/// A cell on a thumbnail: white with black about it, outside the cell.
void markCell(const Ui& ui, const Thumb& thumb, const Box& map, Cell cell, float thickness);
/// A crossed eye and, where there is room, the word "silenced". Returns the x after it.
float silencedMark(Ui& ui, float x, float baseline, float right);

/// A row of numbers as a strip of cells in a box, pooled where there are more of them than px; `slot` names
/// its place, `of` what they belong to. Returns the width taken.
float drawNumberStrip(Panel& p, std::uint64_t slot, const std::shared_ptr<const void>& of,
                      std::span<const float> values, const std::shared_ptr<const MapLook>& look,
                      const Box& box);
/// The look of signed numbers of ± `largest`; `slot` remembers it.
std::shared_ptr<const MapLook> signedLook(Panel& p, std::uint64_t slot, double largest);
/// A tile that is not a stage's, each texel `sx` × `sy` px.
void drawTile(Panel& p, std::uint64_t slot, const std::shared_ptr<const Tile>& tile,
              const std::shared_ptr<const MapLook>& look, ImVec2 at, int texelPx, int sx = 1, int sy = 1);

/// ID/previous and ID/next with words between them, right-aligned at `right`: −1 or +1 when one was pressed,
/// else 0. `left` is set to where they begin.
int pager(Ui& ui, std::string_view id, std::string_view words, float right, float centre, bool before,
          bool after, float* left, Role role = Role::micro);

}  // namespace headlight
