#include "app/render/null_renderer.h"

#include "app/render/visible_tiles.h"

namespace headlight {

void NullRenderer::beginFrame() {
  drawn_.clear();
  complete_ = true;
}

MapTexture NullRenderer::map(std::uint64_t slot, const MapImage& image) {
  if (image.tile) {
    for (const VisibleTile& tile : visibleTiles(image.rows, image.cols, image.geometry)) {
      if (!image.tile(tile.r, tile.c)) complete_ = false;
    }
  }
  drawn_[slot] = image;
  return {};
}

TextureId NullRenderer::picture(std::uint64_t key,
                                const std::function<std::shared_ptr<const Picture>()>& make) {
  if (!pictures_.contains(key)) {
    if (std::shared_ptr<const Picture> made = make()) pictures_[key] = std::move(made);
  }
  return nullptr;
}

void NullRenderer::endFrame() {
  shown_ = drawn_;
}

std::unique_ptr<MapRenderer> makeNullRenderer() {
  return std::make_unique<NullRenderer>();
}

}  // namespace headlight
