#include "app/render/gl_state.h"

namespace headlight {

GlStateGuard::GlStateGuard()
    : toggles_{{{GL_BLEND, GL_FALSE},
                {GL_CULL_FACE, GL_FALSE},
                {GL_DEPTH_TEST, GL_FALSE},
                {GL_STENCIL_TEST, GL_FALSE},
                {GL_SCISSOR_TEST, GL_FALSE},
                {GL_DITHER, GL_FALSE},
                {GL_FRAMEBUFFER_SRGB, GL_FALSE},
                {GL_COLOR_LOGIC_OP, GL_FALSE}}} {
  glGetIntegerv(GL_DRAW_FRAMEBUFFER_BINDING, &framebufferDraw_);
  glGetIntegerv(GL_READ_FRAMEBUFFER_BINDING, &framebufferRead_);
  glGetIntegerv(GL_CURRENT_PROGRAM, &program_);
  glGetIntegerv(GL_VERTEX_ARRAY_BINDING, &vertexArray_);
  glGetIntegerv(GL_ACTIVE_TEXTURE, &activeUnit_);
  glGetIntegerv(GL_UNPACK_ALIGNMENT, &unpackAlignment_);
  glGetIntegerv(GL_UNPACK_ROW_LENGTH, &unpackRowLength_);
  glGetIntegerv(GL_UNPACK_SKIP_ROWS, &unpackSkipRows_);
  glGetIntegerv(GL_UNPACK_SKIP_PIXELS, &unpackSkipPixels_);
  glGetIntegerv(GL_PIXEL_UNPACK_BUFFER_BINDING, &unpackBuffer_);
  for (int unit = 0; unit < kUnits; ++unit) {
    glActiveTexture(GL_TEXTURE0 + static_cast<GLenum>(unit));
    glGetIntegerv(GL_TEXTURE_BINDING_2D, &textures_[static_cast<std::size_t>(unit)]);
    glGetIntegerv(GL_SAMPLER_BINDING, &samplers_[static_cast<std::size_t>(unit)]);
    glBindSampler(static_cast<GLuint>(unit), 0);
  }
  glGetIntegerv(GL_VIEWPORT, viewport_.data());
  glGetIntegerv(GL_SCISSOR_BOX, scissor_.data());
  glGetFloatv(GL_COLOR_CLEAR_VALUE, clearColour_.data());
  glGetBooleanv(GL_COLOR_WRITEMASK, colourMask_.data());
  for (Toggle& toggle : toggles_) {
    toggle.on = glIsEnabled(toggle.what);
    glDisable(toggle.what);
  }
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
  glPixelStorei(GL_UNPACK_SKIP_ROWS, 0);
  glPixelStorei(GL_UNPACK_SKIP_PIXELS, 0);
  glBindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
  glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
}

GlStateGuard::~GlStateGuard() {
  for (const Toggle& toggle : toggles_) {
    if (toggle.on == GL_TRUE) {
      glEnable(toggle.what);
    } else {
      glDisable(toggle.what);
    }
  }
  glColorMask(colourMask_[0], colourMask_[1], colourMask_[2], colourMask_[3]);
  glClearColor(clearColour_[0], clearColour_[1], clearColour_[2], clearColour_[3]);
  glScissor(scissor_[0], scissor_[1], scissor_[2], scissor_[3]);
  glViewport(viewport_[0], viewport_[1], viewport_[2], viewport_[3]);
  for (int unit = 0; unit < kUnits; ++unit) {
    glActiveTexture(GL_TEXTURE0 + static_cast<GLenum>(unit));
    glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(textures_[static_cast<std::size_t>(unit)]));
    glBindSampler(static_cast<GLuint>(unit), static_cast<GLuint>(samplers_[static_cast<std::size_t>(unit)]));
  }
  glBindBuffer(GL_PIXEL_UNPACK_BUFFER, static_cast<GLuint>(unpackBuffer_));
  glPixelStorei(GL_UNPACK_SKIP_PIXELS, unpackSkipPixels_);
  glPixelStorei(GL_UNPACK_SKIP_ROWS, unpackSkipRows_);
  glPixelStorei(GL_UNPACK_ROW_LENGTH, unpackRowLength_);
  glPixelStorei(GL_UNPACK_ALIGNMENT, unpackAlignment_);
  glActiveTexture(static_cast<GLenum>(activeUnit_));
  glBindVertexArray(static_cast<GLuint>(vertexArray_));
  glUseProgram(static_cast<GLuint>(program_));
  glBindFramebuffer(GL_READ_FRAMEBUFFER, static_cast<GLuint>(framebufferRead_));
  glBindFramebuffer(GL_DRAW_FRAMEBUFFER, static_cast<GLuint>(framebufferDraw_));
}

}  // namespace headlight
