#pragma once
#include <optional>

#include "app/panels/stage_parts.h"

namespace headlight {

/// The image whose patches are keys of the shown numbers.
struct PatchKeys {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::int64_t first = 0;      ///< the key that the first patch is: 1 behind [CLS]
  bool areQueriesToo = false;  ///< queries are the same patches
  const TokenSpec* spec = nullptr;

  std::int64_t count() const { return rows * columns; }
  bool holds(std::int64_t key) const { return key >= first && key < first + count(); }
};
/// Nothing where no key is a patch of an image, or where there are more than can be told apart.
std::optional<PatchKeys> patchKeys(const Panel& p);
inline constexpr std::int64_t kMostPatchesDrawn = 16384;

/// The image, over it the numbers of one query in the map's colours. A click chooses the query.
void drawPatchView(Panel& p, StageScene& scene, const Box& box);
/// Chooses the patch so many rows and columns further as query. False where the view is not shown.
bool movePatch(Panel& p, std::int64_t rows, std::int64_t columns);

}  // namespace headlight
