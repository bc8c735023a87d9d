#include "tests/render/random_maps.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

namespace headlight::test {
namespace {

std::int64_t pick(std::mt19937& random, std::int64_t from, std::int64_t to) {
  return std::uniform_int_distribution<std::int64_t>(from, to)(random);
}

float value(std::mt19937& random, const MapLook& look) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  switch (pick(random, 0, 15)) {
    case 0:
      return 0.0F;
    case 1:
      return -0.0F;
    case 2:
      return std::numeric_limits<float>::quiet_NaN();
    case 3:
      return kInfinity;
    case 4:
      return -kInfinity;
    case 5:
      return std::numeric_limits<float>::denorm_min() * static_cast<float>(pick(random, -3, 3));
    case 6:
      return pick(random, 0, 1) == 0 ? 3e38F : -3e38F;
    case 7:
    case 8:
    case 9: {  // on a threshold, or one float beside it
      const float threshold = look.thresholds[static_cast<std::size_t>(pick(random, 0, 254))];
      const std::int64_t side = pick(random, -1, 1);
      return side == 0 ? threshold : std::nextafterf(threshold, side < 0 ? -kInfinity : kInfinity);
    }
    default: {
      const float low = look.thresholds.front();
      const float high = look.thresholds.back();
      return std::uniform_real_distribution<float>(-0.1F, 1.1F)(random) * (high - low) + low;
    }
  }
}

Range randomRange(std::mt19937& random) {
  Range range;
  switch (pick(random, 0, 5)) {
    case 0:
      break;
    case 1:
      range.high = 1e-3;
      break;
    case 2:
      range.low = -7.25;
      range.high = 7.25;
      break;
    case 3:
      range.low = 1e-6;
      range.high = 1;
      range.logarithmic = true;
      break;
    case 4:
      range.low = 0.125;
      range.high = 3e5;
      range.logarithmic = pick(random, 0, 1) == 1;
      break;
    default:
      range.low = -1e-39;  // numbers below the smallest normal float
      range.high = 1e-39;
  }
  return range;
}

}  // namespace

std::shared_ptr<const Tile> randomTile(std::mt19937& random, const MapLook& look, int level, int rows,
                                       int cols) {
  auto tile = std::make_shared<Tile>();
  tile->level = level;
  tile->rows = rows;
  tile->cols = cols;
  const auto cells = static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols);
  // Of every third tile all cells can be shown, of every third some are masked besides.
  const std::int64_t sort = pick(random, 0, 2);
  const auto of = [&](std::uint8_t kind) {
    float one = value(random, look);
    while (sort > 0 && kind != static_cast<std::uint8_t>(CellClass::masked) && !std::isfinite(one)) {
      one = value(random, look);
    }
    return one;
  };
  for (std::size_t i = 0; i < cells; ++i) {
    const std::int64_t drawn = pick(random, 0, 9);
    auto kind = static_cast<std::uint8_t>(drawn < 4 ? drawn : 0);
    if (sort == 1) kind = kind == static_cast<std::uint8_t>(CellClass::masked) ? kind : 0;
    if (sort == 2) kind = 0;
    tile->extreme.push_back(of(kind));
    if (level > 0) tile->mean.push_back(of(kind));
    tile->classes.push_back(kind);
  }
  return tile;
}

std::unique_ptr<RandomMap> randomMap(std::uint32_t seed) {
  std::mt19937 random(seed);
  auto map = std::make_unique<RandomMap>();
  MapImage& image = map->image;
  image.fieldKey = seed + 1;
  const std::span<const Colormap> maps = colormaps();
  image.look = makeLook(
      randomRange(random), maps[static_cast<std::size_t>(pick(random, 0, 1000)) % maps.size()],
      static_cast<Theme>(pick(random, 0, 3)), 0.5F + 0.25F * static_cast<float>(pick(random, 0, 10)));
  image.look.mean = pick(random, 0, 2) == 0;

  MapGeometry& geometry = image.geometry;
  geometry.level = pick(random, 0, 1) == 0 ? 0 : static_cast<int>(pick(random, 1, 6));
  const std::int64_t side = std::int64_t{1} << geometry.level;
  const std::int64_t texelPx[] = {1, 1, 2, 3, 5, 6, 7, 8, 9, 11, 12, 13, 16, 25, 31, 50, 97};
  geometry.texelPx = static_cast<int>(texelPx[pick(random, 0, 16)]);
  // Ragged edges: sizes that are no multiple of a texel's cells, up to three tiles across.
  image.rows = pick(random, 1, pick(random, 0, 1) == 0 ? 20 * side : 700 * side);
  image.cols = pick(random, 1, pick(random, 0, 1) == 0 ? 20 * side : 700 * side);
  geometry.transposed = pick(random, 0, 1) == 1;
  geometry.width = static_cast<int>(pick(random, 1, 400));
  geometry.height = static_cast<int>(pick(random, 1, 300));
  const std::int64_t across =
      ((geometry.transposed ? image.rows : image.cols) + side - 1) / side * geometry.texelPx;
  const std::int64_t down =
      ((geometry.transposed ? image.cols : image.rows) + side - 1) / side * geometry.texelPx;
  geometry.left = pick(random, -geometry.width / 3, across);
  geometry.top = pick(random, -geometry.height / 3, down);

  const std::int64_t texelRows = (image.rows + side - 1) / side;
  const std::int64_t texelCols = (image.cols + side - 1) / side;
  for (std::int64_t r = 0; r * kTileSize < texelRows; ++r) {
    for (std::int64_t c = 0; c * kTileSize < texelCols; ++c) {
      if (pick(random, 0, 5) == 0) continue;
      map->tiles[{r, c}] =
          randomTile(random, image.look, geometry.level,
                     static_cast<int>(std::min<std::int64_t>(kTileSize, texelRows - r * kTileSize)),
                     static_cast<int>(std::min<std::int64_t>(kTileSize, texelCols - c * kTileSize)));
    }
  }
  image.tile = [tiles = &map->tiles](std::int64_t r, std::int64_t c) -> std::shared_ptr<const Tile> {
    const auto found = tiles->find({r, c});
    return found == tiles->end() ? nullptr : found->second;
  };
  return map;
}

Picture expectedPicture(const MapImage& image) {
  std::vector<std::shared_ptr<const Tile>> held;
  return paintMap(image.rows, image.cols, image.geometry, image.look,
                  [&](std::int64_t r, std::int64_t c) -> const Tile* {
                    held.push_back(image.tile(r, c));
                    return held.back().get();
                  });
}

}  // namespace headlight::test
