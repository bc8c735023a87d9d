#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <utility>

#include "app/render/map_renderer.h"

namespace headlight::test {

/// A map whose tiles are made up: all four classes, exact zeros of either sign, NaN, ±inf, numbers on and
/// beside the thresholds, tiles that are missing.
struct RandomMap {
  MapImage image;
  std::map<std::pair<std::int64_t, std::int64_t>, std::shared_ptr<const Tile>> tiles;
};

/// A map, its look and the part of it that is shown, all chosen by the seed.
std::unique_ptr<RandomMap> randomMap(std::uint32_t seed);
/// A tile of the level with rows × cols texels whose values lie around the range.
std::shared_ptr<const Tile> randomTile(std::mt19937& random, const MapLook& look, int level, int rows,
                                       int cols);
/// What the picture must be.
Picture expectedPicture(const MapImage& image);

}  // namespace headlight::test
