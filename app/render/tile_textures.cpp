#include "app/render/tile_textures.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <iterator>
#include <vector>

namespace headlight {
namespace {

bool holdsItsSize(const Tile& tile) {
  if (tile.rows < 1 || tile.cols < 1 || tile.rows > kTileSize || tile.cols > kTileSize) return false;
  const auto cells = static_cast<std::size_t>(tile.rows) * static_cast<std::size_t>(tile.cols);
  return tile.extreme.size() == cells && tile.classes.size() == cells &&
         (tile.mean.empty() || tile.mean.size() == cells);
}

TileCells cellsOf(const Tile& tile) {
  constexpr auto kMasked = static_cast<std::uint8_t>(CellClass::masked);
  constexpr auto kNotComputed = static_cast<std::uint8_t>(CellClass::notComputed);
  TileCells cells;
  for (const std::uint8_t kind : tile.classes) {
    cells.masked |= kind == kMasked;
    cells.notComputed |= kind == kNotComputed;
  }
  for (const std::vector<float>* values : {&tile.extreme, &tile.mean}) {
    for (std::size_t i = 0; i < values->size(); ++i) {
      constexpr std::uint32_t kOnes = 0x7f800000;  // the exponent of what is not finite
      const bool finite = (std::bit_cast<std::uint32_t>((*values)[i]) & kOnes) != kOnes;
      cells.notFinite |= !finite && tile.classes[i] != kMasked;
    }
  }
  return cells;
}

}  // namespace

const TileTextures* TileCache::find(const std::shared_ptr<const Tile>& tile, bool mean) {
  if (!tile || !holdsItsSize(*tile)) return nullptr;
  auto [place, added] = tiles_.try_emplace(Key(tile));
  TileTextures& textures = place->second;
  textures.lastUsed = clock_;
  const std::size_t cells = tile->classes.size();
  if (added) {
    textures.extreme =
        makeTexture(GL_R32I, tile->cols, tile->rows, GL_RED_INTEGER, GL_INT, tile->extreme.data());
    textures.classes =
        makeTexture(GL_R8UI, tile->cols, tile->rows, GL_RED_INTEGER, GL_UNSIGNED_BYTE, tile->classes.data());
    textures.cells = cellsOf(*tile);
    textures.bytes = cells * (sizeof(float) + 1);
    bytes_ += textures.bytes;
    ++uploads_;
  }
  if (mean && !textures.mean && !tile->mean.empty()) {
    textures.mean = makeTexture(GL_R32I, tile->cols, tile->rows, GL_RED_INTEGER, GL_INT, tile->mean.data());
    textures.bytes += cells * sizeof(float);
    bytes_ += cells * sizeof(float);
    ++uploads_;
  }
  return &textures;
}

void TileCache::trim() {
  ++clock_;
  for (auto place = tiles_.begin(); place != tiles_.end();) {
    if (place->first.expired()) {
      bytes_ -= place->second.bytes;
      place = tiles_.erase(place);
    } else {
      ++place;
    }
  }
  if (bytes_ <= limit_) return;
  std::vector<decltype(tiles_)::iterator> order;
  order.reserve(tiles_.size());
  for (auto place = tiles_.begin(); place != tiles_.end(); ++place) order.push_back(place);
  std::sort(order.begin(), order.end(),
            [](const auto& a, const auto& b) { return a->second.lastUsed < b->second.lastUsed; });
  for (auto place : order) {
    if (bytes_ <= limit_) break;
    bytes_ -= place->second.bytes;
    tiles_.erase(place);
  }
}

}  // namespace headlight
