#include "app/widgets/controls.h"

#include <cmath>

#include <imgui_stdlib.h>

#include "app/widgets/imgui_compat.h"
#include "app/widgets/text_input.h"

namespace headlight {
namespace {

ImU32 groundOf(const Ui& ui, const Press& press, bool enabled) {
  if (!enabled) return ui.c.s2;
  return press.held || press.hovered ? ui.c.s3 : ui.c.s2;
}

}  // namespace

float buttonWidth(const Ui& ui, std::string_view label, std::string_view key) {
  float width = textWidth(ui, Role::bodyMedium, label) + ui.u(24);
  if (!key.empty()) width += textWidth(ui, Role::micro, key) + ui.u(14);
  return std::round(width);
}

bool button(Ui& ui, std::string_view id, const Box& box, std::string_view label, std::string_view key,
            ButtonKind kind, bool enabled, std::string_view reason) {
  const Press press = pressable(ui, id, box, enabled);
  const float radius = ui.u(4);
  const bool primary = kind == ButtonKind::primary && enabled;
  if (primary) {
    fill(box, press.hovered ? mixed(ui.c.acc, ui.c.t1, 0.12f) : ui.c.acc, radius);
  } else if (kind != ButtonKind::quiet || press.hovered) {
    fill(box, groundOf(ui, press, enabled), radius);
    frame(box, ui.c.line, ui.u(1), radius);
  }
  const ImU32 colour = !enabled ? ui.c.t3 : primary ? ui.c.accfg : ui.c.t1;
  if (key.empty()) {
    textIn(ui, Role::bodyMedium, box.inset(ui.u(8), 0), Align::centre, colour, label);
  } else {
    const float keyWidth = textWidth(ui, Role::micro, key);
    textIn(ui, Role::bodyMedium, {box.x0 + ui.u(12), box.y0, box.x1 - keyWidth - ui.u(18), box.y1},
           Align::left, colour, label);
    textIn(ui, Role::micro, {box.x1 - keyWidth - ui.u(11), box.y0, box.x1 - ui.u(11) + 1, box.y1},
           Align::left,
           primary   ? ui.c.accfg
           : enabled ? ui.c.t2
                     : ui.c.t3,
           key);
  }
  focusRing(ui, id, box, radius);
  if (!enabled) ui.tip(id, box, press.hovered, reason);
  return press.pressed;
}

bool iconButton(Ui& ui, std::string_view id, const Box& box, Icon which, std::string_view words, bool enabled,
                bool lit) {
  const Press press = pressable(ui, id, box, enabled);
  if (enabled && (press.hovered || press.held)) fill(box, ui.c.s3, ui.u(4));
  const ImU32 colour = !enabled ? ui.c.t3 : lit ? ui.c.acc : press.hovered ? ui.c.t1 : ui.c.t2;
  icon(ui, which, box.centreX(), box.centreY(), colour);
  focusRing(ui, id, box, ui.u(4));
  ui.tip(id, box, press.hovered, words);
  return press.pressed;
}

int segmented(Ui& ui, std::string_view id, const Box& box, std::span<const std::string_view> words,
              int chosen, std::span<const std::string_view> ids) {
  fill(box, ui.c.s2, ui.u(4));
  int pressed = -1;
  const auto count = static_cast<float>(words.size());
  const float pad = ui.u(2);
  const float each = (box.width() - 2 * pad) / count;
  // The widths follow the words, what is left over is shared.
  float natural = 0;
  for (const std::string_view word : words) natural += textWidth(ui, Role::strong, word);
  const float spare = (box.width() - 2 * pad - natural) / count;
  float x = box.x0 + pad;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const float width = spare > ui.u(4) ? textWidth(ui, Role::strong, words[i]) + spare : each;
    const Box part{std::round(x), box.y0 + pad, std::round(x + width), box.y1 - pad};
    x += width;
    const std::string name = std::string(id) + "=" + std::string(ids[i]);
    const Press press = pressable(ui, name, part);
    const bool on = static_cast<int>(i) == chosen;
    if (on) {
      fill(part, isDark(ui.theme) ? ui.c.s3 : ui.c.s1, ui.u(3));
      frame(part, ui.c.edge, ui.u(1), ui.u(3));
    } else if (press.hovered) {
      fill(part, ui.c.s3, ui.u(3));
    }
    textIn(ui, on ? Role::strong : Role::body, part.inset(ui.u(2), 0), Align::centre,
           on || press.hovered ? ui.c.t1 : ui.c.t2, words[i]);
    focusRing(ui, name, part, ui.u(3));
    if (press.pressed) pressed = static_cast<int>(i);
  }
  return pressed;
}

bool toggle(Ui& ui, std::string_view id, const Box& box, bool on, bool enabled) {
  const Press press = pressable(ui, id, box, enabled);
  const Box track = Box::at(box.x1 - ui.u(28), std::round(box.centreY() - ui.u(8)), ui.u(28), ui.u(16));
  const float radius = track.height() / 2;
  if (on) {
    fill(track, enabled ? ui.c.acc : ui.c.t3, radius);
  } else {
    fill(track, press.hovered ? ui.c.s3 : ui.c.s2, radius);
    frame(track, ui.c.edge, ui.u(1), radius);
  }
  const float x = on ? track.x1 - radius : track.x0 + radius;
  canvas()->AddCircleFilled({x, track.centreY()}, radius - ui.u(3), on ? ui.c.accfg : ui.c.edge, 24);
  focusRing(ui, id, track, radius);
  return press.pressed;
}

float chipWidth(const Ui& ui, std::string_view words) {
  return std::round(textWidth(ui, Role::body, words) + ui.u(8) + ui.u(6) + ui.u(20));
}

int chip(Ui& ui, std::string_view id, float x, float y, std::string_view words, bool open, float* width) {
  const Box box = Box::at(x, y, chipWidth(ui, words), ui.u(24));
  *width = box.width();
  const Box body{box.x0, box.y0, box.x1 - ui.u(22), box.y1};
  const Box cross{box.x1 - ui.u(24), box.y0, box.x1, box.y1};
  const Press inside = pressable(ui, id, body);
  const std::string remove = std::string(id) + "/remove";
  fill(box, open ? ui.c.s3 : ui.c.s2, ui.u(4));
  if (inside.hovered) fill(body, ui.c.s3, ui.u(4));
  const Press out = pressable(ui, remove, {cross.x0 + ui.u(2), cross.y0, cross.x1, cross.y1});
  if (out.hovered) fill(cross, ui.c.s3, ui.u(4));
  frame(box, open ? ui.c.edge : ui.c.line, ui.u(1), ui.u(4));
  textIn(ui, Role::body, {box.x0 + ui.u(8), box.y0, body.x1, box.y1}, Align::left, ui.c.t1, words);
  const float cx = cross.centreX() - ui.u(1);
  const float arm = 3 * ui.scale;
  const float cy = std::floor(cross.centreY()) + 0.5f;
  const ImU32 colour = out.hovered ? ui.c.t1 : ui.c.t2;
  canvas()->AddLine({cx - arm, cy - arm}, {cx + arm, cy + arm}, colour, std::max(1.0f, 1.3f * ui.scale));
  canvas()->AddLine({cx - arm, cy + arm}, {cx + arm, cy - arm}, colour, std::max(1.0f, 1.3f * ui.scale));
  focusRing(ui, id, box, ui.u(4));
  focusRing(ui, remove, cross, ui.u(4));
  if (out.pressed || inside.secondary) return 1;
  return inside.pressed ? 2 : 0;
}

bool dropDown(Ui& ui, std::string_view id, const Box& box, std::string_view chosen, bool enabled) {
  const Press press = pressable(ui, id, box, enabled);
  fill(box, groundOf(ui, press, enabled), ui.u(3));
  frame(box, ui.popupIs(id) ? ui.c.edge : ui.c.line, ui.u(1), ui.u(3));
  textIn(ui, Role::body, {box.x0 + ui.u(9), box.y0, box.x1 - ui.u(22), box.y1}, Align::left,
         enabled ? ui.c.t1 : ui.c.t3, chosen);
  icon(ui, Icon::chevron, box.x1 - ui.u(13), box.centreY(), ui.c.t2);
  focusRing(ui, id, box, ui.u(3));
  if (press.pressed) ui.openPopup(id);
  return press.pressed;
}

bool listRow(Ui& ui, std::string_view id, const Box& box, std::string_view words, std::string_view right,
             bool chosen, bool enabled) {
  const Press press = pressable(ui, id, box, enabled);
  const bool lit = press.hovered || (ui.focus.ring() && press.focused);
  if (lit && enabled) fill(box, ui.c.s3, ui.u(3));
  const ImU32 colour = enabled ? ui.c.t1 : ui.c.t3;
  const float rightWidth = right.empty() ? 0 : textWidth(ui, Role::micro, right) + ui.u(12);
  textIn(ui, chosen ? Role::strong : Role::body,
         {box.x0 + ui.u(26), box.y0, box.x1 - rightWidth - ui.u(8), box.y1}, Align::left, colour, words);
  if (chosen) icon(ui, Icon::check, box.x0 + ui.u(13), box.centreY(), colour);
  textIn(ui, Role::micro, {box.x1 - rightWidth, box.y0, box.x1 - ui.u(8), box.y1}, Align::right,
         enabled ? ui.c.t2 : ui.c.t3, right);
  return press.pressed;
}

bool fieldBegins(Ui& ui, std::string_view id, bool focused) {
  if (!focused) {
    if (ui.entered == id) ui.entered.clear();
    return false;
  }
  const bool told = ui.entered != id;
  ui.entered = id;
  if (!told && (compat::typing() || (!ui.take(kKeyEnter) && !ui.take(kKeyKeypadEnter)))) return false;
  ui.expectField(true);
  return true;
}

FieldEvent lineField(Ui& ui, std::string_view id, const Box& box, std::string& text, std::string_view hint) {
  FieldEvent event;
  ui.registry.addControl(id, box, ui.layer);
  const bool focused = ui.focus.add(id, ui.layer, ui.region, true);
  const Fonts::Face& face = ui.fonts->face(Role::body);
  fill(box, ui.c.s0, ui.u(3));
  const std::string name = "##" + std::string(id);
  std::string edited = toEdited(text);
  if (fieldBegins(ui, id, focused)) ImGui::SetKeyboardFocusHere();
  ImGui::SetCursorScreenPos(box.min());
  ImGui::PushFont(face.font);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding,
                      {ui.u(9), std::floor((box.height() - face.font->FontSize) / 2)});
  ImGui::PushStyleColor(ImGuiCol_FrameBg, 0);
  ImGui::PushItemWidth(box.width());
  const bool wasActive = ImGui::GetActiveID() != 0 && ImGui::GetActiveID() == ImGui::GetID(name.c_str());
  std::string typed = wasActive ? compat::takeStandIns() : "";
  const auto put = [](ImGuiInputTextCallbackData* data) {
    auto* words = static_cast<std::string*>(data->UserData);
    compat::insertTyped(data, *words);
    words->clear();
    return 0;
  };
  event.entered =
      ImGui::InputTextWithHint(name.c_str(), std::string(hint).c_str(), &edited,
                               ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll |
                                   ImGuiInputTextFlags_CallbackAlways,
                               put, &typed);
  const bool active = ImGui::IsItemActive();
  event.done = event.entered || ImGui::IsItemDeactivated();
  ImGui::PopItemWidth();
  ImGui::PopStyleColor();
  ImGui::PopStyleVar();
  ImGui::PopFont();
  if (ImGui::IsItemClicked()) {
    ui.focus.set(id, false);
    ui.entered = id;
  }
  if (std::string now = fromEdited(edited); now != text) {
    text = std::move(now);
    event.changed = true;
  }
  frame(box, active ? ui.c.acc : ui.c.line, active ? ui.u(2) : ui.u(1), ui.u(3));
  return event;
}

}  // namespace headlight
