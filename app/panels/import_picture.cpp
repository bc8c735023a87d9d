#include <cmath>

#include "app/panels/import_page.h"
#include "app/panels/map_image.h"
#include "app/render/visible_tiles.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"

namespace headlight {
namespace {

constexpr std::uint64_t kSlot = 0x696d706f7274;

/// What the first head of the weights looks like now; nothing while it is not known.
std::optional<MapImage> imageOf(Panel& p, Numbers& numbers, const MapGeometry& geometry, std::int64_t rows,
                                std::int64_t cols) {
  const auto evaluation = numbers.evaluation();
  const auto field = Field::make(evaluation->run, Stage::weights, 0);
  const ViewSpec plain;
  const auto range = numbers.range(Stage::weights, 0, plain);
  const int level = geometry.level;
  Numbers* from = &numbers;
  const auto tile = [from, level](std::int64_t r, std::int64_t c) {
    return from->tile(Stage::weights, 0, level, r, c);
  };
  if (!field || !range) {
    for (const VisibleTile& one : visibleTiles(rows, cols, geometry)) static_cast<void>(tile(one.r, one.c));
    return std::nullopt;
  }
  MapImage image;
  image.fieldKey = field->key();
  image.rows = rows;
  image.cols = cols;
  image.geometry = geometry;
  image.look = makeLook(*range, defaultColormap(false, isDark(p.ui.theme)), p.ui.theme, p.ui.scale);
  image.tile = tile;
  return image;
}

void wordsInstead(Ui& ui, const Box& box, std::string_view words) {
  fill(box, ui.c.s1);
  frame(box, ui.c.line, ui.u(1));
  const auto lines = wrapped(ui, Role::micro, box.width() - ui.u(24), words);
  float y = std::round(box.centreY() - ui.u(8) * static_cast<float>(lines.size() - 1));
  for (const std::string& line : lines) {
    textIn(ui, Role::micro, {box.x0, y - ui.u(8), box.x1, y + ui.u(8)}, Align::centre, ui.c.t2, line);
    y += ui.u(16);
  }
}

}  // namespace

float drawImportPicture(Panel& p, ImportDesk& desk, float x, float y, float side) {
  Ui& ui = p.ui;
  text(ui, Role::labelStrong, x, y + ui.u(20), ui.c.t1, "Weights of head 0");
  y += ui.u(28);
  Numbers& numbers = desk.numbers();
  const auto shape = numbers.shape(Stage::weights, 0);
  const bool known = desk.shown() && shape.has_value();
  if (!known) {
    const Box box = Box::at(x, y, side, side);
    if (desk.error() != nullptr) {
      wordsInstead(ui, box, "no picture: it cannot be opened like this");
    } else if (desk.tooLargeToShow()) {
      wordsInstead(ui, box,
                   "made when it is opened: it takes " + bytesText(importBytes(desk.found(), desk.plan())) +
                       " of the files");
    } else {
      wordsInstead(ui, box, "computing");
    }
    return box.y1;
  }
  const auto [rows, cols] = *shape;
  const Thumb thumb = thumbOf(rows, cols, side, side, static_cast<int>(ui.u(40)));
  const Box box = Box::at(x, y, thumb.width, thumb.height);
  const auto image = imageOf(p, numbers, thumb.geometry, rows, cols);
  if (const MapTexture map = image ? p.maps.map(kSlot, *image) : MapTexture())
    putMap(map, box.min(), box.max());
  frame(box.inset(-ui.u(1), -ui.u(1)), ui.c.line, ui.u(1));
  y = box.y1 + ui.u(18);
  text(ui, Role::micro, x, y, ui.c.t2,
       shortened(ui, Role::micro, grouped(rows) + " queries down × " + grouped(cols) + " keys across", side));
  return y;
}

}  // namespace headlight
