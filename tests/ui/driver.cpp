#include "driver.h"

#include <chrono>
#include <map>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>
#include <imgui.h>

#include "app/widgets/imgui_compat.h"
#include "app/widgets/text_input.h"
#include "core/base/utf8.h"
#include "core/experiment/json.h"
#include "core/experiment/parameters.h"

namespace headlight::test {
namespace {

/// Rasterising costs more than all the rest of a test, so equal atlases are made once.
std::shared_ptr<Fonts> fontsFor(const FontRequest& request) {
  static std::map<std::pair<std::pair<float, bool>, std::vector<char32_t>>, std::shared_ptr<Fonts>> made;
  auto& fonts = made[{{request.scale, request.presenting}, request.extra}];
  if (!fonts) fonts = Fonts::make(request);
  return fonts;
}

}  // namespace

Driver::Driver(int width, int height, float scale) : width_(width), height_(height), scale_(scale) {
  SessionSeams seams;
  seams.seconds = [this] { return clock_; };
  seams.wake = [] {};
  seams.folders = Folders::under(folder());
  seams.clipboard = &clipboard_;
  seams.dialogs = &dialogs_;
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
  io.ClipboardUserData = &clipboard_;
  io.SetClipboardTextFn = [](void* user, const char* text) {
    static_cast<Clipboard*>(user)->setText(fromEdited(text));
  };
  io.GetClipboardTextFn = [](void* user) -> const char* {
    static std::string edited;
    edited = toEdited(static_cast<Clipboard*>(user)->text());
    return edited.c_str();
  };
  io.MousePos = {-1, -1};
  frame_ = std::make_unique<Frame>(*session_, *renderer_, [] {});
  settle();
}

Driver::~Driver() {
  frame_.reset();
  ImGui::SetCurrentContext(context_);
  ImGui::DestroyContext(context_);
  session_.reset();
}

void Driver::frame() {
  ImGui::SetCurrentContext(context_);
  clock_ += 1.0 / 60;
  session_->drain();
  const float scale = frame_->scaleFor(static_cast<float>(height_), scale_);
  const FontRequest request = frame_->fontsFor(scale);
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
  frame_->draw(static_cast<float>(width_), static_cast<float>(height_), scale, scale);
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
    if (frame_->animating()) {
      clock_ += 0.03;  // nothing but time is waited for
    } else if (!frame_->settled()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  session_->settle();  // what the last frame asked for
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

Box Driver::seen(std::string_view id) const {
  const Registry::Control* control = drawn().find(id);
  EXPECT_NE(control, nullptr) << "no control " << id;
  return control ? control->box.clippedTo(control->region) : Box{};
}

void Driver::reveal(std::string_view id) {
  for (int tries = 0; tries < 80 && has(id); ++tries) {
    const Registry::Control control = *drawn().find(id);
    const Box& at = control.box;
    const Box& region = control.region;
    const bool below = at.y1 > region.y1 && at.y0 > region.y0;
    const bool above = at.y0 < region.y0 && at.y1 < region.y1;
    if (!below && !above) return;
    wheelAt(region.x0 + 3 * scale_, region.centreY(), below ? -1.0f : 1.0f);
    if (has(id) && box(id).y0 == at.y0) return;
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
  const Box at = seen(id);
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
  for (int left = static_cast<int>(std::abs(notches)); left > 0; --left) {
    ImGui::GetIO().KeyShift = shift;
    ImGui::GetIO().MouseWheel = one;
    frame();
  }
  ImGui::GetIO().KeyShift = false;
  frame();
}

void Driver::enter(std::string_view id, std::string_view words) {
  click(id);
  frames(2);
  key(kKeyA, kCtrl);
  type(words);
  key(kKeyEnter);
}

void Driver::wheelAt(float x, float y, float notches) {
  moveTo(x, y);
  ImGui::GetIO().MouseWheel = notches;
  frames(2);
}

void Driver::hold(bool down) {
  ImGui::GetIO().MouseDown[0] = down;
  frames(2);
}

bool Driver::typing() const {
  return ImGui::GetIO().WantTextInput;
}

void Driver::strike(int key, int modifiers) {
  ImGuiIO& io = ImGui::GetIO();
  io.KeyCtrl = (modifiers & kCtrl) != 0;
  io.KeyShift = (modifiers & kShift) != 0;
  io.KeysDown[key] = true;
  frame_->key({key, modifiers});
  frame();
  io.KeysDown[key] = false;
  io.KeyCtrl = io.KeyShift = false;
}

void Driver::key(int key, int modifiers) {
  strike(key, modifiers);
  frames(2);
}

void Driver::keyThenType(int key, int modifiers, std::string_view utf8) {
  strike(key, modifiers);
  ImGuiIO& io = ImGui::GetIO();
  for (std::size_t at = 0; at < utf8.size();) {
    const auto point = decodeUtf8(utf8, at);
    if (!point) break;
    at += point->length;
    io.AddInputCharacter(editedCharacter(point->value));
  }
  frames(8);
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

std::string Driver::value(std::string_view path) const {
  const auto found = get(experiment(), path);
  return found ? found->json() : "absent";
}

std::string Driver::document() const {
  Experiment seen = experiment();
  seen.view = ViewSpec();
  return toText(seen);
}

int Driver::undoAll() {
  int steps = 0;
  while (session_->canUndo() && steps < 100000) {
    session_->undo();
    ++steps;
  }
  settle();
  return steps;
}

void Driver::openExample(const std::string& name) {
  session_->openExample(name);
  settle();
  EXPECT_FALSE(session_->problem()) << name;
}

std::string Driver::write(const std::string& name, std::string_view bytes) const {
  return folder_.put(name, bytes);
}

void Driver::openText(const std::string& experiment) {
  session_->openFile(write("opened.headlight.json", experiment));
  settle();
  if (session_->problem()) ADD_FAILURE() << session_->problem()->error.text();
}

std::uint64_t Driver::picture() const {
  ImGui::SetCurrentContext(context_);
  std::string bytes;
  const auto add = [&bytes](const void* from, std::size_t size) {
    bytes.append(static_cast<const char*>(from), size);
  };
  const ImDrawData* data = ImGui::GetDrawData();
  for (int i = 0; i < data->CmdListsCount; ++i) {
    const ImDrawList& list = *data->CmdLists[i];
    for (const ImDrawVert& vertex : list.VtxBuffer) add(&vertex, sizeof vertex);
    for (const ImDrawCmd& command : list.CmdBuffer) add(&command.ClipRect, sizeof command.ClipRect);
  }
  return std::hash<std::string>{}(bytes);
}

std::string Driver::reading() const {
  std::ostringstream out;
  const Settings& settings = session_->settings();
  out << toText(experiment()) << session_->documentName() << '\n'
      << session_->notice() << '\n'
      << clipboard_.held << '\n'
      << settings.theme << ' ' << settings.uiScale << ' ' << settings.firstStart << '\n'
      << (session_->problem() ? session_->problem()->title : "no problem") << '\n'
      << session_->quitRequested() << session_->helpOpen() << session_->pathQuestion().has_value() << typing()
      << dialogs_.asked.size() << '\n';
  for (const Registry::Control& control : drawn().controls()) {
    out << control.id << ' ' << control.layer << ' ' << control.box.x0 << ' ' << control.box.y0 << ' '
        << control.box.width() << ' ' << control.box.height() << '\n';
  }
  for (const Registry::Words& words : drawn().words()) {
    out << words.text << ' ' << words.box.x0 << ' ' << words.box.y0 << '\n';
  }
  return out.str();
}

}  // namespace headlight::test
