#include "app/widgets/ui.h"

#include <cmath>
#include <utility>

#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"

namespace headlight {
namespace {

/// ImGui gives a field the keyboard in the frame after it was told to, and lets it type in the next.
constexpr int kFieldOpens = 5;
/// A popup shows in the frame after it was asked for whether it has a field.
constexpr int kPopupOpens = 2;

}  // namespace

float Ui::u(float px) const {
  return std::round(px * scale);
}

void Ui::beginFrame() {
  registry.beginFrame();
  focus.beginFrame();
  keepTyped();
  layer = 0;
  region = 0;
  scrolls = false;
  if (closing_) {
    closing_ = false;
    if (!open.empty()) focus.leaveLayer();
    open.clear();
    entered = focus.id();  // a field that gets the focus back waits for Enter
  }
  if (!wanted_.empty()) {
    if (!open.empty()) focus.leaveLayer();
    open = std::move(wanted_);
    wanted_.clear();
    openedHere_ = false;
    entered.clear();
    focus.enterLayer();
    stayAwake(0.05);
  }
}

void Ui::endFrame() {
  drawTip();
  pressed_.clear();
  if (!std::exchange(fieldNow_, false)) return;
  const ImVector<ImWchar>& queue = ImGui::GetIO().InputQueueCharacters;
  fieldTyped_.insert(fieldTyped_.end(), queue.begin(), queue.end());
}

void Ui::expectField(bool now) {
  if (fieldFrames_ == 0) fieldBefore_ = ImGui::GetActiveID();
  fieldFrames_ = kFieldOpens;
  fieldNow_ = now;
  stayAwake(0.05);
}

void Ui::openPopup(std::string_view id) {
  wanted_ = id;
  if (fieldFrames_ > 0) return;
  fieldBefore_ = ImGui::GetActiveID();
  fieldFrames_ = kPopupOpens;
}

void Ui::keepTyped() {
  if (fieldFrames_ == 0) return;
  ImVector<ImWchar>& queue = ImGui::GetIO().InputQueueCharacters;
  fieldTyped_.insert(fieldTyped_.end(), queue.begin(), queue.end());
  queue.resize(0);
  const ImGuiID active = ImGui::GetActiveID();
  if (compat::typing() && active != 0 && active != fieldBefore_) {
    for (const ImWchar kept : fieldTyped_) queue.push_back(kept);
    fieldFrames_ = 0;
  } else if (--fieldFrames_ > 0) {
    stayAwake(0.05);
  }
  if (fieldFrames_ == 0) fieldTyped_.clear();
}

bool Ui::take(int key, int modifiers) {
  for (Pressed& one : pressed_) {
    if (!one.taken && one.chord.key == key && one.chord.modifiers == modifiers) {
      one.taken = true;
      return true;
    }
  }
  return false;
}

std::vector<Chord> Ui::untakenKeys() const {
  std::vector<Chord> chords;
  for (const Pressed& one : pressed_) {
    if (!one.taken) chords.push_back(one.chord);
  }
  return chords;
}

void Ui::tip(std::string_view id, const Box& box, bool hovered, std::string_view words) {
  if (!hovered || words.empty()) return;
  if (tipId_ != id) {
    tipId_ = id;
    tipSince_ = seconds;
  }
  tipSeen_ = true;
  tipWords_ = words;
  tipBox_ = box;
  if (seconds - tipSince_ < 0.4) stayAwake(0.45 - (seconds - tipSince_));
}

void Ui::drawTip() {
  if (!tipSeen_) tipId_.clear();
  const bool due = tipSeen_ && seconds - tipSince_ >= 0.4;
  tipSeen_ = false;
  if (!due) return;
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  const float width = std::min(textWidth(*this, Role::micro, tipWords_), screen.x - u(24));
  const float height = u(24);
  float x = std::min(tipBox_.x0, screen.x - width - u(24));
  float y = tipBox_.y1 + u(6);
  if (y + height > screen.y) y = tipBox_.y0 - u(6) - height;
  x = std::max(std::round(x), u(4));
  const Box box = Box::at(x, y, width + u(16), height);
  ImDrawList* list = ImGui::GetForegroundDrawList();
  list->AddRectFilled(box.min(), box.max(), c.s3, u(4));
  list->AddRect(box.min(), box.max(), c.edge, u(4));
  const Fonts::Face& face = fonts->face(Role::micro);
  const std::string words = shortened(*this, Role::micro, tipWords_, width + 1);
  const float baseline = centredBaseline(*this, Role::micro, box.y0, box.y1);
  list->AddText(face.font, face.font->FontSize, {box.x0 + u(8), baseline - face.font->Ascent}, c.t1,
                words.data(), words.data() + words.size());
}

Press pressable(Ui& ui, std::string_view id, const Box& box, bool enabled, bool tabStop) {
  Press press;
  const Box hit = box.atLeast(ui.u(24));
  ui.registry.addControl(id, hit, ui.layer, enabled);
  press.focused = tabStop && ui.focus.add(id, ui.layer, ui.region, enabled);
  ImGui::SetCursorScreenPos(hit.min());
  ImGui::PushID(id.data(), id.data() + id.size());
  const bool clicked =
      ImGui::InvisibleButton("press", {std::max(1.0f, hit.width()), std::max(1.0f, hit.height())});
  press.hovered = ImGui::IsItemHovered();
  press.held = ImGui::IsItemActive();
  const bool right = press.hovered && ImGui::IsMouseClicked(ImGuiMouseButton_Right);
  ImGui::PopID();
  if (!enabled) {
    press.held = false;
    return press;
  }
  if (clicked && tabStop) ui.focus.set(id, false);
  press.pressed = clicked;
  press.secondary = right;
  if (press.focused && !compat::typing()) {
    if (ui.take(kKeyEnter) || ui.take(kKeyKeypadEnter) || ui.take(kKeySpace)) press.pressed = true;
    if (ui.take(kKeyBackspace)) press.secondary = true;
  }
  return press;
}

void focusRing(Ui& ui, std::string_view id, const Box& box, float radius) {
  if (!ui.focus.showsRing(id)) return;
  const float gap = ui.u(1) + ui.u(2) / 2;
  frame(box.inset(-gap, -gap), ui.c.acc, ui.u(2), radius > 0 ? radius + ui.u(2) : 0);
}

Popup::Popup(Ui& ui, std::string_view id, const Box& box) : ui_(ui), layer_(ui.layer) {
  if (ui.open != id) return;
  const std::string name(id);
  if (!ui.openedHere_) {
    ui.openedHere_ = true;
    ImGui::OpenPopup(name.c_str());
  } else if (!ImGui::IsPopupOpen(name.c_str())) {
    ui.closePopup();  // ImGui closed it: a click outside
    return;
  }
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  Box place = box;
  if (place.x1 > screen.x - ui.u(4)) place = place.moved(screen.x - ui.u(4) - place.x1, 0);
  if (place.y1 > screen.y - ui.u(4)) place = place.moved(0, screen.y - ui.u(4) - place.y1);
  if (place.x0 < ui.u(4)) place = place.moved(ui.u(4) - place.x0, 0);
  if (place.y0 < ui.u(4)) place = place.moved(0, ui.u(4) - place.y0);
  ImGui::SetNextWindowPos({std::round(place.x0), std::round(place.y0)});
  ImGui::SetNextWindowSize({std::round(place.width()), std::round(place.height())});
  constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize |
                                      ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                                      ImGuiWindowFlags_NoNav;
  if (!ImGui::BeginPopup(name.c_str(), kFlags)) return;
  shown_ = true;
  ui.layer = layer_ + 1;
}

Popup::~Popup() {
  if (!shown_) return;
  if (!compat::typing() && ui_.take(kKeyEscape)) ui_.closePopup();
  if (ui_.closing_) ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
  ui_.layer = layer_;
}

Region::Region(Ui& ui, const char* id, const Box& box, ImU32 ground, int order, bool scrolls)
    : ui_(ui), orderBefore_(ui.region), scrollsBefore_(ui.scrolls), covers_(ui.covers && ui.layer == 0) {
  const ImVec2 size{std::max(1.0f, box.width()), std::max(1.0f, box.height())};
  constexpr ImGuiWindowFlags kStill = ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse;
  ImGui::SetCursorScreenPos(box.min());
  if (covers_) {
    // A ground of its own, above what the other regions draw; the window's lies below them.
    ImGui::BeginChild((std::string(id) + "/ground").c_str(), size, false, ImGuiWindowFlags_NoNav | kStill);
    ImGui::SetCursorScreenPos(box.min());
  }
  // The window is cleared to s1 before anything is drawn: most of it need not be painted twice.
  if (ground != ui.c.s1 || covers_ || ui.layer > 0) fill(box, ground);
  ImGui::BeginChild(id, size, false, ImGuiWindowFlags_NoNav | (scrolls ? ImGuiWindowFlags_None : kStill));
  ui.region = order;
  ui.scrolls = scrolls;
  top_ = box.y0 - ImGui::GetScrollY();
}

Region::~Region() {
  ImGui::EndChild();
  if (covers_) ImGui::EndChild();
  ui_.scrolls = scrollsBefore_;
  ui_.region = orderBefore_;
}

void Region::contentEnds(float y) const {
  ImGui::SetCursorScreenPos({ImGui::GetWindowPos().x, y});
  ImGui::Dummy({1, 1});
}

}  // namespace headlight
