#include "app/render/shader_program.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "shaders_assets.h"

namespace headlight {
namespace {

std::optional<std::string_view> source(const std::string& file) {
  for (const Asset& asset : embedded::shaders()) {
    if (asset.name == file) return asset.bytes;
  }
  return std::nullopt;
}

struct ShaderTraits {
  static void drop(GLuint name) { glDeleteShader(name); }
};
using GlShader = GlObject<ShaderTraits>;

GlShader compile(GLenum kind, const std::string& file, const std::string& variant, std::string* error) {
  const std::optional<std::string_view> text = source(file);
  if (!text) {
    *error = "shader " + file + " is not in the program";
    return {};
  }
  GlShader shader(glCreateShader(kind));
  // The version must come first.
  const std::size_t body = std::min(text->find('\n'), text->size() - 1) + 1;
  const std::string defined = variant.empty() ? "" : "#define " + variant + "\n#line 2\n";
  const std::array<const GLchar*, 3> parts{text->data(), defined.data(), text->data() + body};
  const std::array<GLint, 3> lengths{static_cast<GLint>(body), static_cast<GLint>(defined.size()),
                                     static_cast<GLint>(text->size() - body)};
  glShaderSource(shader.name(), static_cast<GLsizei>(parts.size()), parts.data(), lengths.data());
  glCompileShader(shader.name());
  GLint compiled = GL_FALSE;
  glGetShaderiv(shader.name(), GL_COMPILE_STATUS, &compiled);
  if (compiled == GL_TRUE) return shader;
  GLint size = 0;
  glGetShaderiv(shader.name(), GL_INFO_LOG_LENGTH, &size);
  std::string log(static_cast<std::size_t>(size > 0 ? size : 0), '\0');
  if (size > 0) glGetShaderInfoLog(shader.name(), size, nullptr, log.data());
  *error = "shader " + file + " does not compile: " + log;
  return {};
}

}  // namespace

GlProgram makeProgram(const std::string& name, const std::string& variant, std::string* error) {
  const GlShader vertex = compile(GL_VERTEX_SHADER, name + ".vert", variant, error);
  if (!vertex) return {};
  const GlShader fragment = compile(GL_FRAGMENT_SHADER, name + ".frag", variant, error);
  if (!fragment) return {};
  GlProgram program = GlProgram::make();
  glAttachShader(program.name(), vertex.name());
  glAttachShader(program.name(), fragment.name());
  glLinkProgram(program.name());
  GLint linked = GL_FALSE;
  glGetProgramiv(program.name(), GL_LINK_STATUS, &linked);
  if (linked == GL_TRUE) return program;
  GLint size = 0;
  glGetProgramiv(program.name(), GL_INFO_LOG_LENGTH, &size);
  std::string log(static_cast<std::size_t>(size > 0 ? size : 0), '\0');
  if (size > 0) glGetProgramInfoLog(program.name(), size, nullptr, log.data());
  *error = "shader " + name + " does not link: " + log;
  return {};
}

}  // namespace headlight
