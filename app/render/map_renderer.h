#pragma once
#include <cstdint>
#include <functional>
#include <memory>

#include "core/attention/field.h"
#include "core/picture/picture.h"

namespace headlight {

/// What ImGui calls a texture.
using TextureId = void*;

/// A map that was drawn: its texture and the part of it that is the map.
struct MapTexture {
  TextureId id = nullptr;
  float u0 = 0, v0 = 0, u1 = 1, v1 = 1;
  explicit operator bool() const { return id != nullptr; }
};

/// One map to be drawn: which field, which part of it, and in what colours.
struct MapImage {
  std::uint64_t fieldKey = 0;  ///< Field::key()
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  MapGeometry geometry;
  MapLook look;
  /// Tile (r, c) of the geometry's level, null while it is not computed. Called for visible tiles only.
  std::function<std::shared_ptr<const Tile>(std::int64_t r, std::int64_t c)> tile;
};

/// Draws maps into textures. The GL one uploads tiles once (values as their bits in R32I, classes in R8UI)
/// and colours them in a shader; the null one records what was asked for, so that panels run in tests without
/// a display.
class MapRenderer {
 public:
  virtual ~MapRenderer() = default;
  virtual void beginFrame() = 0;
  /// geometry.width × height px of a texture, drawn by the end of the frame and valid until the next begins.
  /// `slot` names the place on the screen: one slot, one picture, redrawn only when what it shows changed.
  virtual MapTexture map(std::uint64_t slot, const MapImage& image) = 0;
  /// A picture made elsewhere (a label drawn by Pango), uploaded once per key.
  virtual TextureId picture(std::uint64_t key,
                            const std::function<std::shared_ptr<const Picture>()>& make) = 0;
  /// A number for what the texture holds at (u, v): another one for each time that a map or a picture there
  /// was asked for anew. 0 of textures that are not this renderer's.
  virtual std::uint64_t contentAt(TextureId, float /*u*/, float /*v*/) const { return 0; }
  /// Draws what was asked for. A frame that is begun again instead leaves it to the next end.
  virtual void endFrame() = 0;
  /// True when every tile that was asked for since `beginFrame` was there.
  virtual bool complete() const { return true; }
};

/// Renders nothing and remembers the maps of the last frame.
std::unique_ptr<MapRenderer> makeNullRenderer();
/// Needs a current OpenGL 3.3 context, on whose thread it is used and destroyed. Null when shaders do not
/// compile; `error` says why.
std::unique_ptr<MapRenderer> makeGlRenderer(std::string* error);

}  // namespace headlight
