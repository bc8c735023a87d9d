#pragma once
#include <array>

#include <epoxy/gl.h>

namespace headlight {

/// Remembers every piece of OpenGL state that drawing a map touches and puts it back when it goes, so that
/// whoever draws around us is undisturbed.
class GlStateGuard {
 public:
  GlStateGuard();
  ~GlStateGuard();
  GlStateGuard(const GlStateGuard&) = delete;
  GlStateGuard& operator=(const GlStateGuard&) = delete;

  static constexpr int kUnits = 4;  ///< texture units that may be bound in between

 private:
  struct Toggle {
    GLenum what;
    GLboolean on;
  };
  GLint framebufferDraw_ = 0;
  GLint framebufferRead_ = 0;
  GLint program_ = 0;
  GLint vertexArray_ = 0;
  GLint activeUnit_ = 0;
  GLint unpackAlignment_ = 0;
  GLint unpackRowLength_ = 0;
  GLint unpackSkipRows_ = 0;
  GLint unpackSkipPixels_ = 0;
  GLint unpackBuffer_ = 0;
  std::array<GLint, kUnits> textures_{};
  std::array<GLint, kUnits> samplers_{};
  std::array<GLint, 4> viewport_{};
  std::array<GLint, 4> scissor_{};
  std::array<GLfloat, 4> clearColour_{};
  std::array<GLboolean, 4> colourMask_{};
  std::array<Toggle, 8> toggles_{};
};

}  // namespace headlight
