#pragma once
#include <cstdint>
#include <memory>

#include "app/render/map_renderer.h"
#include "app/widgets/fonts.h"

namespace headlight {

/// The glyphs on the card, one byte a pixel, in place of the texture of four that ImGui's backend makes.
/// Needs the window's OpenGL context.
class AtlasTexture {
 public:
  AtlasTexture() = default;
  ~AtlasTexture();
  AtlasTexture(const AtlasTexture&) = delete;
  AtlasTexture& operator=(const AtlasTexture&) = delete;

  /// Makes ImGui's backend ready without an atlas of its own.
  static void beginBackend();
  /// Draws with these fonts from here on: between frames.
  void use(Fonts& fonts);
  TextureId id() const { return reinterpret_cast<TextureId>(static_cast<std::uintptr_t>(texture_)); }
  /// How often `use` was called: what is drawn with glyphs looks otherwise after it.
  std::uint64_t uses() const { return uses_; }
  /// While the context is still there.
  void release();

 private:
  unsigned texture_ = 0;
  std::uint64_t uses_ = 0;
  std::shared_ptr<const GlyphSheet> shown_;
};

}  // namespace headlight
