#include "tests/render/egl_context.h"

#include <cmath>
#include <cstdlib>

#include <EGL/egl.h>
#include <EGL/eglext.h>

#include "app/render/gl_renderer.h"

namespace headlight::test {

EglContext::EglContext() {
  setenv("LIBGL_ALWAYS_SOFTWARE", "1", 1);
  setenv("EGL_PLATFORM", "surfaceless", 1);
  display_ = eglGetPlatformDisplay(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
  if (display_ == EGL_NO_DISPLAY || eglInitialize(display_, nullptr, nullptr) == EGL_FALSE) {
    error_ = "no surfaceless EGL display (packages libegl1 and libgl1-mesa-dri)";
    return;
  }
  eglBindAPI(EGL_OPENGL_API);
  const EGLint wanted[] = {EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_NONE};
  EGLConfig config = nullptr;
  EGLint count = 0;
  if (eglChooseConfig(display_, wanted, &config, 1, &count) == EGL_FALSE || count < 1) {
    error_ = "no EGL configuration for OpenGL";
    return;
  }
  const EGLint version[] = {EGL_CONTEXT_MAJOR_VERSION,
                            3,
                            EGL_CONTEXT_MINOR_VERSION,
                            3,
                            EGL_CONTEXT_OPENGL_PROFILE_MASK,
                            EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                            EGL_NONE};
  context_ = eglCreateContext(display_, config, EGL_NO_CONTEXT, version);
  if (context_ == EGL_NO_CONTEXT ||
      eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, context_) == EGL_FALSE) {
    error_ = "no OpenGL 3.3 core context without a surface";
  }
}

EglContext::~EglContext() {
  if (context_ == nullptr) return;
  eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
  eglDestroyContext(display_, context_);
}

Picture readMap(const MapTexture& map, int width, int height) {
  const auto side = static_cast<float>(GlRenderer::kSheetSide);
  // A map that fills its texture has one of its own.
  const bool own = map.u1 == 1 && map.v1 == 1 && map.u0 == 0 && map.v0 == 0;
  const int left = own ? 0 : static_cast<int>(std::lround(map.u0 * side));
  const int top = own ? 0 : static_cast<int>(std::lround(map.v0 * side));
  const Picture whole = readTexture(map.id, left + width, top + height);
  Picture picture{width, height, {}};
  picture.rgba.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
  for (int y = top; y < top + height; ++y) {
    const auto row = whole.rgba.begin() + (static_cast<std::ptrdiff_t>(y) * whole.width + left) * 4;
    picture.rgba.insert(picture.rgba.end(), row, row + static_cast<std::ptrdiff_t>(width) * 4);
  }
  return picture;
}

Picture readTexture(TextureId id, int width, int height) {
  Picture picture{width, height, {}};
  picture.rgba.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
  GLuint framebuffer = 0;
  glGenFramebuffers(1, &framebuffer);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, framebuffer);
  glFramebufferTexture2D(GL_READ_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D,
                         static_cast<GLuint>(reinterpret_cast<std::uintptr_t>(id)), 0);
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, picture.rgba.data());
  glBindFramebuffer(GL_READ_FRAMEBUFFER, 0);
  glDeleteFramebuffers(1, &framebuffer);
  return picture;
}

std::string difference(const Picture& found, const Picture& expected) {
  if (found.width != expected.width || found.height != expected.height) {
    return "found " + std::to_string(found.width) + " × " + std::to_string(found.height) + " px, expected " +
           std::to_string(expected.width) + " × " + std::to_string(expected.height);
  }
  std::size_t count = 0;
  std::string first;
  const auto colour = [](const Picture& picture, std::size_t at) {
    std::string text = "(";
    for (std::size_t i = 0; i < 4; ++i) text += std::to_string(picture.rgba[at + i]) + (i < 3 ? ", " : ")");
    return text;
  };
  for (std::size_t at = 0; at + 3 < expected.rgba.size(); at += 4) {
    if (std::equal(&expected.rgba[at], &expected.rgba[at] + 4, &found.rgba[at])) continue;
    if (++count == 1) {
      const std::size_t pixel = at / 4;
      const auto width = static_cast<std::size_t>(expected.width);
      first = "at (" + std::to_string(pixel % width) + ", " + std::to_string(pixel / width) + ") found " +
              colour(found, at) + ", expected " + colour(expected, at);
    }
  }
  return count == 0 ? "" : std::to_string(count) + " pixels differ; " + first;
}

}  // namespace headlight::test
