#include "app/render/tile_textures.h"

#include <algorithm>
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
