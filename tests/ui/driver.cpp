#include "driver.h"

#include <gtest/gtest.h>
#include <imgui.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <thread>

#include "app/widgets/imgui_compat.h"
#include "app/widgets/text_input.h"
#include "core/base/utf8.h"

namespace headlight::test {
namespace {

/// Rasterising costs more than all the rest of a test, so equal atlases are made once.
std::shared_ptr<Fonts> fontsFor(const FontRequest& request) {
  static std::map<std::pair<float, std::vector<char32_t>>, std::shared_ptr<Fonts>> made;
  auto& fonts = made[{request.scale, request.extra}];
  if (!fonts) fonts = Fonts::make(request);
  return fonts;
}

std::string freshFolder() {
  static std::atomic<int> count{0};
  const auto folder = std::filesystem::temp_directory_path() /
                      ("headlight-ui-" + std::to_string(getpid()) + "-" + std::to_string(count++));
  std::filesystem::create_directories(folder);
  return folder.string();
}

}  // namespace

Driver::Driver(int width, int height, float scale)
    : width_(width), height_(height), scale_(scale), folder_(freshFolder()) {
  SessionSeams seams;
  seams.seconds = [this] { return clock_; };
  seams.wake = [] {};
  seams.folders = Folders::under(folder_);
  seams.clipboard = &clipboard_;
  seams.threads = 2;
  session_ = std::make_unique<Session>(seams);
  session_->setTheme("dark");
  renderer_ = makeNullRenderer();

  FontRequest request;
  request.scale = scale;
  fonts_ = fontsFor(request);
  context_ = ImGui::CreateContext(&fonts_->atlas());
  ImGui::SetCurrentContext(context_);
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigInputTextCursorBlink = false;
  io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
  compat::nameKeys(io);
  io.MousePos = {-1, -1};
  frame_ = std::make_unique<Frame>(*session_, *renderer_, [] {});
  settle();
}

Driver::~Driver() {
  frame_.reset();
  ImGui::SetCurrentContext(context_);
  ImGui::DestroyContext(context_);
  session_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Driver::frame() {
  ImGui::SetCurrentContext(context_);
  clock_ += 1.0 / 60;
  session_->drain();
  const FontRequest request = frame_->fontsFor(scale_);
  if (fontsNew_ || !(fonts_->request() == request)) {
    fonts_ = fontsFor(request);
    ImGui::GetIO().Fonts = &fonts_->atlas();
    frame_->useFonts(fonts_);
    fontsNew_ = false;
  }
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {static_cast<float>(width_), static_cast<float>(height_)};
  io.DeltaTime = 1.0f / 60;
  renderer_->beginFrame();
  ImGui::NewFrame();
  frame_->draw(static_cast<float>(width_), static_cast<float>(height_), scale_, scale_);
  ImGui::Render();
  renderer_->endFrame();
}

void Driver::frames(int count) {
  for (int i = 0; i < count; ++i) frame();
}

void Driver::settle() {
  for (int round = 0; round < 200; ++round) {
    session_->settle();
    frame();
    if (frame_->settled() && renderer_->complete() && !session_->busy()) break;
    if (!frame_->settled()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  frame();
}

void Driver::pass(double seconds) {
  clock_ += seconds;
  frames(2);
}

void Driver::resize(int width, int height, float scale) {
  width_ = width;
  height_ = height;
  scale_ = scale;
  settle();
}

Box Driver::box(std::string_view id) const {
  const Registry::Control* control = drawn().find(id);
  EXPECT_NE(control, nullptr) << "no control " << id;
  return control ? control->box : Box{};
}

void Driver::reveal(std::string_view id) {
  for (int tries = 0; tries < 60 && has(id); ++tries) {
    const Box at = box(id);
    const float low = 160 * scale_;
    const float high = static_cast<float>(height_) - 30 * scale_;
    if (drawn().find(id)->layer > 0 || (at.y0 >= low - 118 * scale_ && at.y1 <= high && at.y0 >= 0)) {
      if (at.y1 <= high) return;
    }
    moveTo(at.centreX() < static_cast<float>(width_) / 4 ? 3 * scale_ : at.centreX(), static_cast<float>(height_) * 0.7f);
    ImGui::GetIO().MouseWheel = at.y1 > high ? -1.0f : 1.0f;
    frames(2);
    if (box(id).y0 == at.y0) return;
  }
}

void Driver::moveTo(float x, float y) {
  ImGui::GetIO().MousePos = {x, y};
  frames(2);
}

void Driver::clickAt(float x, float y, int button) {
  moveTo(x, y);
  ImGui::GetIO().MouseDown[button] = true;
  frame();
  ImGui::GetIO().MouseDown[button] = false;
  frames(2);
}

void Driver::click(std::string_view id, int button) {
  reveal(id);
  const Box at = box(id);
  clickAt(at.centreX(), at.centreY(), button);
}

void Driver::drag(std::string_view id, float fromShare, float toShare) {
  reveal(id);
  const Box at = box(id);
  const float y = at.centreY();
  moveTo(at.x0 + fromShare * at.width(), y);
  ImGuiIO& io = ImGui::GetIO();
  io.MouseDown[0] = true;
  frame();
  constexpr int kSteps = 8;
  for (int i = 1; i <= kSteps; ++i) {
    const float share = fromShare + (toShare - fromShare) * static_cast<float>(i) / kSteps;
    io.MousePos = {at.x0 + share * at.width(), y};
    frame();
  }
  io.MouseDown[0] = false;
  frames(2);
}

void Driver::dragBy(float x, float y, float dx, float dy) {
  moveTo(x, y);
  ImGuiIO& io = ImGui::GetIO();
  io.MouseDown[0] = true;
  frame();
  for (int i = 1; i <= 6; ++i) {
    io.MousePos = {x + dx * static_cast<float>(i) / 6, y + dy * static_cast<float>(i) / 6};
    frame();
  }
  io.MouseDown[0] = false;
  frames(2);
}

void Driver::wheel(std::string_view id, float notches, bool shift) {
  reveal(id);
  const Box at = box(id);
  moveTo(at.centreX(), at.centreY());
  const float one = notches > 0 ? 1.0f : -1.0f;
  for (float done = 0; done < std::abs(notches); ++done) {
    ImGui::GetIO().KeyShift = shift;
    ImGui::GetIO().MouseWheel = one;
    frame();
  }
  ImGui::GetIO().KeyShift = false;
  frame();
}

void Driver::key(int key, int modifiers) {
  ImGuiIO& io = ImGui::GetIO();
  io.KeyCtrl = (modifiers & kCtrl) != 0;
  io.KeyShift = (modifiers & kShift) != 0;
  io.KeysDown[key] = true;
  frame_->key({key, modifiers});
  frame();
  io.KeysDown[key] = false;
  io.KeyCtrl = io.KeyShift = false;
  frames(2);
}

void Driver::type(std::string_view utf8) {
  for (std::size_t at = 0; at < utf8.size();) {
    const auto point = decodeUtf8(utf8, at);
    if (!point) break;
    at += point->length;
    ImGui::GetIO().AddInputCharacter(editedCharacter(point->value));
    frame();
  }
  frame();
}

}  // namespace headlight::test
