#include "app/window/frame_painter.h"

#include <backends/imgui_impl_opengl3.h>
#include <epoxy/gl.h>

#include "app/render/gl_object.h"
#include "app/widgets/imgui_compat.h"

namespace headlight {

FrameSources sourcesOf(ImU32 ground, ImTextureID glyphs, std::uint64_t faces, const MapRenderer& maps) {
  return {ground, glyphs, faces,
          [&maps](ImTextureID id, float u, float v) { return maps.contentAt(compat::pointer(id), u, v); }};
}

std::vector<PixelBox> FramePainter::differs(const ImDrawData& data, const FrameSources& sources, int width,
                                            int height) {
  width_ = width;
  height_ = height;
  return damage_.next(data, width, height, sources);
}

void FramePainter::paint(const ImDrawData& data, const std::vector<PixelBox>& boxes) {
  if (boxes.empty()) return;
  glViewport(0, 0, width_, height_);
  if (!part_) part_ = std::make_unique<ImDrawList>(ImGui::GetDrawListSharedData());
  glEnable(GL_SCISSOR_TEST);
  for (const PlainBox& plain : damage_.fill(*part_, data, boxes)) {
    const ImVec4 colour = ImGui::ColorConvertU32ToFloat4(plain.colour);
    const PixelBox& box = plain.box;
    glClearColor(colour.x, colour.y, colour.z, 1);
    glScissor(box.x0, height_ - box.y1, box.x1 - box.x0, box.y1 - box.y0);
    glClear(GL_COLOR_BUFFER_BIT);
  }
  ImDrawData shown = data;
  ImDrawList* list = part_.get();
  compat::drawOnly(shown, list);
  ImGui_ImplOpenGL3_RenderDrawData(&shown);
  glDisable(GL_SCISSOR_TEST);
  checkGl("FramePainter::paint");
}

}  // namespace headlight
