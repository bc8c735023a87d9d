#include "app/render/gl_object.h"

#include <cstdio>
#include <cstdlib>

namespace headlight {

GlTexture makeTexture(GLint internalFormat, GLsizei width, GLsizei height, GLenum format, GLenum type,
                      const void* data) {
  GlTexture texture = GlTexture::make();
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(GL_TEXTURE_2D, texture.name());
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, 0);
  glTexImage2D(GL_TEXTURE_2D, 0, internalFormat, width, height, 0, format, type, data);
  checkGl("glTexImage2D");
  return texture;
}

void checkGl(const char* call) {
#ifdef NDEBUG
  static_cast<void>(call);
#else
  const GLenum code = glGetError();
  if (code == GL_NO_ERROR) return;
  std::fprintf(stderr, "OpenGL error 0x%04x after %s\n", code, call);
  std::abort();
#endif
}

}  // namespace headlight
