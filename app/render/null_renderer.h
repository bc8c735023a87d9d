#pragma once
#include <map>

#include "app/render/map_renderer.h"

namespace headlight {

/// Draws nothing and remembers the maps of the frame, asking for their tiles as a real one would.
class NullRenderer final : public MapRenderer {
 public:
  void beginFrame() override;
  MapTexture map(std::uint64_t slot, const MapImage& image) override;
  TextureId picture(std::uint64_t key, const std::function<std::shared_ptr<const Picture>()>& make) override;
  void endFrame() override;
  bool complete() const override { return complete_; }

  /// The maps of the last frame that ended, by slot.
  const std::map<std::uint64_t, MapImage>& maps() const { return shown_; }
  /// The pictures that were made, by key.
  const std::map<std::uint64_t, std::shared_ptr<const Picture>>& pictures() const { return pictures_; }

 private:
  std::map<std::uint64_t, MapImage> drawn_;
  std::map<std::uint64_t, MapImage> shown_;
  std::map<std::uint64_t, std::shared_ptr<const Picture>> pictures_;
  bool complete_ = true;
};

}  // namespace headlight
