#include "tests/render/frame_stage.h"

#include <algorithm>
#include <cfloat>

#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include "app/panels/layout.h"
#include "app/widgets/imgui_compat.h"

namespace headlight::test {

/// Passes everything on and remembers which texture shows which map.
class FrameStage::Recorder final : public MapRenderer {
 public:
  explicit Recorder(MapRenderer& real) : real_(real) {}
  void beginFrame() override {
    shown.clear();
    real_.beginFrame();
  }
  MapTexture map(std::uint64_t slot, const MapImage& image) override {
    const MapTexture texture = real_.map(slot, image);
    if (texture) shown.push_back({texture, slot, image});
    return texture;
  }
  TextureId picture(std::uint64_t key, const std::function<std::shared_ptr<const Picture>()>& make) override {
    return real_.picture(key, make);
  }
  std::uint64_t contentAt(TextureId id, float u, float v) const override { return real_.contentAt(id, u, v); }
  void endFrame() override { real_.endFrame(); }
  bool complete() const override { return real_.complete(); }

  struct Shown {
    MapTexture texture;
    std::uint64_t slot = 0;
    MapImage image;
  };
  std::vector<Shown> shown;

 private:
  MapRenderer& real_;
};

FrameStage::FrameStage(int width, int height, float scale) : scale_(scale) {
  SessionSeams seams;
  seams.seconds = [this] { return seconds_; };
  seams.wake = [] {};
  seams.folders = Folders::under(home_.path());
  session_ = std::make_unique<Session>(seams);
  session_->setTheme("dark");
  renderer_ = GlRenderer::make(&error_);
  if (!renderer_) return;
  recorder_ = std::make_unique<Recorder>(*renderer_);
  target_ = std::make_unique<Offscreen>(width, height);
  frame_ = std::make_unique<Frame>(*session_, *recorder_, [] {});
  fonts_ = Fonts::make(frame_->fontsFor(scale_));
  ImGui::CreateContext(&fonts_->atlas());
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigInputTextCursorBlink = false;
  io.DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
  io.MousePos = {-FLT_MAX, -FLT_MAX};
  compat::nameKeys(io);
  ImGui_ImplOpenGL3_Init("#version 330 core");
  frame_->useFonts(fonts_);
}

FrameStage::~FrameStage() {
  const bool hasContext = fonts_ != nullptr;
  frame_.reset();
  target_.reset();
  recorder_.reset();
  renderer_.reset();
  if (hasContext) {
    ImGui_ImplOpenGL3_Shutdown();
    ImGui::DestroyContext();
  }
  session_.reset();
}

void FrameStage::draw() {
  seconds_ += 1.0 / 60;
  session_->drain();
  const float scale = frame_->scaleFor(static_cast<float>(target_->height()), scale_);
  const FontRequest request = frame_->fontsFor(scale);
  if (!(request == fonts_->request())) {
    std::shared_ptr<Fonts> next = Fonts::make(request);
    ImGui::GetIO().Fonts = &next->atlas();
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
    fonts_ = next;
    ++faces_;
    frame_->useFonts(fonts_);
  }
  recorder_->beginFrame();
  ImGui_ImplOpenGL3_NewFrame();
  ImGuiIO& io = ImGui::GetIO();
  io.DeltaTime = 1.0F / 60;
  ImGui::NewFrame();
  frame_->draw(io.DisplaySize.x, io.DisplaySize.y, scale, scale);
  ImGui::Render();
  recorder_->endFrame();
  target_->paint(*ImGui::GetDrawData(),
                 sourcesOf(frame_->ground(), fonts_->atlas().TexID, faces_, *recorder_));
  findMaps();
}

void FrameStage::drawWhole(const Offscreen& target, ImDrawData& data, ImU32 colour) {
  target.bind();
  glViewport(0, 0, target.width(), target.height());
  glDisable(GL_SCISSOR_TEST);
  const ImVec4 ground = ImGui::ColorConvertU32ToFloat4(colour);
  glClearColor(ground.x, ground.y, ground.z, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(&data);
}

Picture FrameStage::afresh() {
  const Offscreen plain(target_->width(), target_->height());
  drawWhole(plain, *ImGui::GetDrawData(), frame_->ground());
  return plain.read();
}

Picture FrameStage::picture() const {
  Picture picture = target_->read();
  if (frame_->wantsFullScreen()) return picture;
  const auto width = static_cast<float>(picture.width);
  const Layout layout = computeLayout(width, static_cast<float>(picture.height), scale_, {});
  picture.height = static_cast<int>(layout.status.y0);
  picture.rgba.resize(static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height) * 4);
  return picture;
}

void FrameStage::findMaps() {
  maps_.clear();
  const ImDrawData* data = ImGui::GetDrawData();
  for (int list = 0; list < data->CmdListsCount; ++list) {
    const ImDrawList& drawn = *data->CmdLists[list];
    for (const ImDrawCmd& command : drawn.CmdBuffer) {
      constexpr unsigned int kQuad = 6;  // indices of a rectangle; maps are rectangles
      for (unsigned int first = 0; first + kQuad <= command.ElemCount; first += kQuad) {
        PlacedMap placed;
        placed.x0 = placed.y0 = FLT_MAX;
        placed.x1 = placed.y1 = -FLT_MAX;
        for (unsigned int i = first; i < first + kQuad; ++i) {
          const unsigned int index =
              drawn.IdxBuffer[static_cast<int>(command.IdxOffset + i)] + command.VtxOffset;
          const ImDrawVert& vertex = drawn.VtxBuffer[static_cast<int>(index)];
          if (vertex.pos.x <= placed.x0 && vertex.pos.y <= placed.y0) {
            placed.x0 = vertex.pos.x, placed.y0 = vertex.pos.y, placed.u0 = vertex.uv.x,
            placed.v0 = vertex.uv.y;
          }
          if (vertex.pos.x >= placed.x1 && vertex.pos.y >= placed.y1) {
            placed.x1 = vertex.pos.x, placed.y1 = vertex.pos.y, placed.u1 = vertex.uv.x,
            placed.v1 = vertex.uv.y;
          }
        }
        // A whole map; what shows a part of it is none.
        const auto found =
            std::find_if(recorder_->shown.begin(), recorder_->shown.end(), [&](const Recorder::Shown& shown) {
              const MapTexture& t = shown.texture;
              return t.id == command.GetTexID() && t.u0 == placed.u0 && t.v0 == placed.v0 &&
                     t.u1 == placed.u1 && t.v1 == placed.v1;
            });
        if (found == recorder_->shown.end()) continue;
        placed.slot = found->slot;
        placed.image = found->image;
        placed.clipX0 = command.ClipRect.x, placed.clipY0 = command.ClipRect.y;
        placed.clipX1 = command.ClipRect.z, placed.clipY1 = command.ClipRect.w;
        maps_.push_back(placed);
      }
    }
  }
}

bool FrameStage::drawUntilSettled() {
  int quiet = 0;
  for (int frame = 0; frame < 100; ++frame) {
    session_->settle();
    draw();
    const bool still = !session_->busy() && recorder_->complete() && frame_->settled() && !session_->drain();
    quiet = still ? quiet + 1 : 0;
    if (quiet == 3) return true;
    seconds_ += 0.05;
  }
  return false;
}

}  // namespace headlight::test
