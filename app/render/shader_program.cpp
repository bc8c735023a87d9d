#include "app/render/shader_program.h"

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

GlShader compile(GLenum kind, const std::string& file, std::string* error) {
  const std::optional<std::string_view> text = source(file);
  if (!text) {
    *error = "shader " + file + " is not in the program";
    return {};
  }
  GlShader shader(glCreateShader(kind));
  const GLchar* data = text->data();
  const auto length = static_cast<GLint>(text->size());
  glShaderSource(shader.name(), 1, &data, &length);
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

GlProgram makeProgram(const std::string& name, std::string* error) {
  const GlShader vertex = compile(GL_VERTEX_SHADER, name + ".vert", error);
  if (!vertex) return {};
  const GlShader fragment = compile(GL_FRAGMENT_SHADER, name + ".frag", error);
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
