#pragma once
#include <memory>
#include <vector>

#include "app/render/map_renderer.h"
#include "app/window/damage.h"

namespace headlight {

/// The sources of a frame whose maps and pictures are the renderer's, which must outlive them.
FrameSources sourcesOf(ImU32 ground, ImTextureID glyphs, std::uint64_t faces, const MapRenderer& maps);

/// Draws frames of ImGui by its OpenGL backend, as far as they differ from the one before.
class FramePainter {
 public:
  /// What of a picture of `width` × `height` px is to be drawn for it to show the frame; nothing where it
  /// does.
  std::vector<PixelBox> differs(const ImDrawData& data, const FrameSources& sources, int width, int height);
  /// Draws those boxes, or any others that do not meet, of the frame that `differs` saw last, into the
  /// framebuffer that is bound.
  void paint(const ImDrawData& data, const std::vector<PixelBox>& boxes);

 private:
  Damage damage_;
  std::unique_ptr<ImDrawList> part_;
  int width_ = 0;
  int height_ = 0;
};

}  // namespace headlight
