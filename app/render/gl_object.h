#pragma once
#include <utility>

#include <epoxy/gl.h>

namespace headlight {

/// The name of an OpenGL object that is deleted with its owner, on the context's thread.
template <class Traits>
class GlObject {
 public:
  GlObject() = default;
  explicit GlObject(GLuint name) : name_(name) {}
  static GlObject make() { return GlObject(Traits::make()); }
  GlObject(GlObject&& other) noexcept : name_(std::exchange(other.name_, 0)) {}
  GlObject& operator=(GlObject&& other) noexcept {
    std::swap(name_, other.name_);
    return *this;
  }
  GlObject(const GlObject&) = delete;
  GlObject& operator=(const GlObject&) = delete;
  ~GlObject() {
    if (name_ != 0) Traits::drop(name_);
  }

  GLuint name() const { return name_; }
  explicit operator bool() const { return name_ != 0; }

 private:
  GLuint name_ = 0;
};

struct TextureTraits {
  static GLuint make() {
    GLuint name = 0;
    glGenTextures(1, &name);
    return name;
  }
  static void drop(GLuint name) { glDeleteTextures(1, &name); }
};
struct FramebufferTraits {
  static GLuint make() {
    GLuint name = 0;
    glGenFramebuffers(1, &name);
    return name;
  }
  static void drop(GLuint name) { glDeleteFramebuffers(1, &name); }
};
struct VertexArrayTraits {
  static GLuint make() {
    GLuint name = 0;
    glGenVertexArrays(1, &name);
    return name;
  }
  static void drop(GLuint name) { glDeleteVertexArrays(1, &name); }
};
struct ProgramTraits {
  static GLuint make() { return glCreateProgram(); }
  static void drop(GLuint name) { glDeleteProgram(name); }
};

using GlTexture = GlObject<TextureTraits>;
using GlFramebuffer = GlObject<FramebufferTraits>;
using GlVertexArray = GlObject<VertexArrayTraits>;
using GlProgram = GlObject<ProgramTraits>;

/// A width × height texture that is only ever read texel by texel. Binds it to unit 0, whose binding the
/// caller restores.
GlTexture makeTexture(GLint internalFormat, GLsizei width, GLsizei height, GLenum format, GLenum type,
                      const void* data);

/// In debug builds: aborts with the name of the call when an OpenGL error is waiting.
void checkGl(const char* call);

}  // namespace headlight
