#include "app/window/atlas_texture.h"

#include <cstdint>

#include <backends/imgui_impl_opengl3.h>
#include <epoxy/gl.h>

#include "app/widgets/imgui_compat.h"

namespace headlight {

AtlasTexture::~AtlasTexture() {
  release();
}

void AtlasTexture::beginBackend() {
  // The backend makes its shaders and a texture together: the texture is of one pixel and goes at once.
  ImFontAtlas blank;
  blank.TexWidth = blank.TexHeight = 1;
  blank.TexPixelsRGBA32 = static_cast<unsigned int*>(IM_ALLOC(sizeof(unsigned int)));
  *blank.TexPixelsRGBA32 = ~0u;
  ImFontAtlas*& current = ImGui::GetIO().Fonts;
  ImFontAtlas* const own = current;
  current = &blank;
  ImGui_ImplOpenGL3_CreateDeviceObjects();
  ImGui_ImplOpenGL3_DestroyFontsTexture();
  current = own;
}

void AtlasTexture::use(Fonts& fonts) {
  ++uses_;
  if (texture_ == 0) glGenTextures(1, &texture_);
  glBindTexture(GL_TEXTURE_2D, texture_);
  if (shown_ != fonts.sheet()) {
    shown_ = fonts.sheet();
    const GLint swizzle[] = {GL_ONE, GL_ONE, GL_ONE, GL_RED};
    glTexParameteriv(GL_TEXTURE_2D, GL_TEXTURE_SWIZZLE_RGBA, swizzle);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, 0);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_R8, shown_->width, shown_->height, 0, GL_RED, GL_UNSIGNED_BYTE,
                 shown_->pixels.data());
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  }
  // Sharp glyphs stand on whole pixels: interpolation changes none of them, but costs a software renderer a
  // third of its time.
  const GLint filter = fonts.sharp() ? GL_NEAREST : GL_LINEAR;
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, filter);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, filter);
  glBindTexture(GL_TEXTURE_2D, 0);
  fonts.atlas().SetTexID(compat::texture(id()));
  ImGui::GetIO().Fonts = &fonts.atlas();
}

void AtlasTexture::release() {
  if (texture_ != 0) glDeleteTextures(1, &texture_);
  texture_ = 0;
  shown_.reset();
}

}  // namespace headlight
