#include "app/widgets/slider.h"

#include <cmath>

#include <imgui_stdlib.h>

#include "app/widgets/controls.h"
#include "app/widgets/imgui_compat.h"
#include "core/base/number.h"

namespace headlight {
namespace {

using Kind = NumberEvent::Kind;

double quantised(const SliderSpec& spec, double value) {
  value = std::clamp(value, spec.minimum, spec.maximum);
  if (spec.step > 0 && !spec.logarithmic) {
    value = spec.minimum + std::round((value - spec.minimum) / spec.step) * spec.step;
  }
  if (spec.decimals > 0 || spec.logarithmic) {
    const double unit = std::pow(10.0, spec.decimals);
    value = std::round(value * unit) / unit;
  }
  return std::clamp(value, spec.minimum, spec.maximum);
}

double placeOf(const SliderSpec& spec, double value) {
  if (!spec.choices.empty()) {
    std::size_t nearest = 0;
    for (std::size_t i = 1; i < spec.choices.size(); ++i) {
      if (std::abs(spec.choices[i] - value) < std::abs(spec.choices[nearest] - value)) nearest = i;
    }
    return spec.choices.size() < 2
               ? 0
               : static_cast<double>(nearest) / static_cast<double>(spec.choices.size() - 1);
  }
  value = std::clamp(value, spec.minimum, spec.maximum);
  if (spec.maximum <= spec.minimum) return 0;
  if (spec.logarithmic) return std::log(value / spec.minimum) / std::log(spec.maximum / spec.minimum);
  return (value - spec.minimum) / (spec.maximum - spec.minimum);
}

double valueAt(const SliderSpec& spec, double place) {
  place = std::clamp(place, 0.0, 1.0);
  if (!spec.choices.empty()) {
    const double index = std::round(place * static_cast<double>(spec.choices.size() - 1));
    return spec.choices[static_cast<std::size_t>(index)];
  }
  if (spec.logarithmic) return quantised(spec, spec.minimum * std::pow(spec.maximum / spec.minimum, place));
  return quantised(spec, spec.minimum + place * (spec.maximum - spec.minimum));
}

/// One notch of the wheel or one arrow key.
double stepped(const SliderSpec& spec, double notches, bool fine) {
  if (!spec.choices.empty()) {
    const double last = static_cast<double>(spec.choices.size() - 1);
    return valueAt(spec, placeOf(spec, spec.value) + notches / std::max(1.0, last));
  }
  if (spec.logarithmic) return quantised(spec, spec.value * std::pow(fine ? 1.01 : 1.1, notches));
  const double finest = std::pow(10.0, -spec.decimals);
  const double step = fine ? std::max(spec.step / 10, finest) : spec.step;
  SliderSpec free = spec;
  free.step = 0;
  return quantised(free, spec.value + notches * step);
}

void settle(Ui& ui, std::string_view id) {
  ui.settling = id;
  ui.settlesAt = ui.seconds + 0.5;
  ui.stayAwake(0.55);
}

void drawTrack(Ui& ui, const SliderSpec& spec, const Box& track, bool hot) {
  const float y = track.centreY();
  const float place = static_cast<float>(placeOf(spec, spec.value));
  const float radius = ui.u(6);
  const float from = track.x0 + radius;
  const float length = track.width() - 2 * radius;
  const float x = std::round(from + place * length);
  const float thick = ui.u(2);
  fill({track.x0, y - thick / 2, track.x1, y - thick / 2 + thick}, ui.c.s3);
  const ImU32 on = spec.enabled ? ui.c.t1 : ui.c.t3;
  fill({track.x0, y - thick / 2, x, y - thick / 2 + thick}, spec.enabled ? ui.c.t2 : ui.c.t3);
  if (spec.choices.size() > 1 && spec.choices.size() <= 33) {
    for (std::size_t i = 0; i < spec.choices.size(); ++i) {
      const float tx =
          std::round(from + static_cast<float>(i) / static_cast<float>(spec.choices.size() - 1) * length);
      vertical(tx, y + ui.u(6), y + ui.u(9), ui.c.edge);
    }
  }
  canvas()->AddCircleFilled({x, std::round(y)}, radius - ui.u(hot ? 0 : 1), on, 24);
}

}  // namespace

NumberEvent numberField(Ui& ui, std::string_view id, const Box& box, double value, int decimals,
                        bool enabled) {
  NumberEvent event;
  const float radius = ui.u(3);
  if (ui.typingIn == id) {
    ui.registry.addControl(id, box, ui.layer);
    ui.focus.add(id, ui.layer, ui.region, true);
    const Fonts::Face& face = ui.fonts->face(Role::num);
    fill(box, ui.c.s2, radius);
    if (ui.typingBegins) ImGui::SetKeyboardFocusHere();
    ImGui::SetCursorScreenPos(box.min());
    ImGui::PushFont(face.font);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding,
                        {ui.u(7), std::floor((box.height() - face.font->FontSize) / 2)});
    ImGui::PushStyleColor(ImGuiCol_FrameBg, 0);
    ImGui::PushItemWidth(box.width());
    const std::string name = "##" + std::string(id);
    const bool entered = ImGui::InputText(
        name.c_str(), &ui.typed, ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll);
    const bool active = ImGui::IsItemActive();
    const bool left = ImGui::IsItemDeactivated() || (!ui.typingBegins && !active && !entered);
    ImGui::PopItemWidth();
    ImGui::PopStyleColor();
    ImGui::PopStyleVar();
    ImGui::PopFont();
    frame(box, ui.c.acc, ui.u(2), radius);
    if (active) ui.typingBegins = false;
    if (entered || (left && !active)) {
      const bool escaped = ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape));
      const auto number = parseNumber(ui.typed);
      if (number && !escaped && std::isfinite(*number) && *number != value) event = {Kind::set, *number};
      ui.typingIn.clear();
      ui.typed.clear();
    }
    return event;
  }
  const Press press = pressable(ui, id, box, enabled);
  fill(box, press.hovered && enabled ? ui.c.s3 : ui.c.s2, radius);
  frame(box, ui.c.line, ui.u(1), radius);
  const std::string words = fixed(value, decimals);
  numText(ui, box.x1 - ui.u(7), centredBaseline(ui, Role::num, box.y0, box.y1), enabled ? ui.c.t1 : ui.c.t3,
          words);
  focusRing(ui, id, box, radius);
  if (press.secondary) event.kind = Kind::reset;
  if (press.pressed) {
    ui.typingIn = id;
    ui.typingBegins = true;
    ui.typed = decimals == 0 ? shortest(std::round(value)) : shortest(value);
    ui.expectField();
    ui.stayAwake(0.1);
  }
  return event;
}

NumberEvent slider(Ui& ui, const Box& row, const SliderSpec& spec) {
  NumberEvent event;
  const Box field = Box::at(row.x1 - ui.u(54), row.y0, ui.u(54), ui.u(20));
  const Box name{row.x0, row.y0, field.x0 - ui.u(8), field.y1};
  const Box track{row.x0, row.y0 + ui.u(24), row.x1, row.y0 + ui.u(38)};
  const std::string fieldId = std::string(spec.id) + "/field";
  const std::string nameId = std::string(spec.id) + "/name";

  const Press onName = pressable(ui, nameId, name, spec.enabled, false);
  if (onName.hovered) compat::keepWheel();
  math(ui, Role::body, row.x0, centredBaseline(ui, Role::body, field.y0, field.y1),
       spec.enabled ? (onName.hovered ? ui.c.t1 : ui.c.t2) : ui.c.t3, spec.label);
  if (spec.derived) {
    const float baseline = centredBaseline(ui, Role::num, field.y0, field.y1);
    numText(ui, field.x1, baseline, ui.c.t2, fixed(spec.value, spec.decimals));
    icon(ui, Icon::lock,
         field.x1 - ui.u(20) - textWidth(ui, Role::num, fixed(spec.value, spec.decimals)) + ui.u(4),
         field.centreY(), ui.c.t2);
  } else {
    const NumberEvent typed = numberField(ui, fieldId, field, spec.value, spec.decimals, spec.enabled);
    if (typed.kind != Kind::none) event = typed;
  }
  if (spec.derived) return event;

  const Press onTrack = pressable(ui, spec.id, track, spec.enabled);
  if (onTrack.hovered) compat::keepWheel();
  drawTrack(ui, spec, track, onTrack.hovered || onTrack.held);
  focusRing(ui, spec.id, track, ui.u(4));
  if (!spec.enabled) {
    ui.tip(spec.id, row, onTrack.hovered || onName.hovered, spec.reason);
    return event;
  }

  const float mouse = ImGui::GetIO().MousePos.x;
  const float length = std::max(1.0f, track.width() - 2 * ui.u(6));  // the handle stays inside
  const bool held = onTrack.held || onName.held;
  if (held && ui.dragging != spec.id) {
    ui.dragging = spec.id;
    ui.dragFrom = placeOf(spec, spec.value);
    ui.dragX = mouse;
    ui.dragMoved = false;
  }
  if (held) {
    ui.settling.clear();
    const double place = onTrack.held ? static_cast<double>((mouse - track.x0 - ui.u(6)) / length)
                                      : ui.dragFrom + static_cast<double>((mouse - ui.dragX) / length);
    if (onTrack.held || std::abs(mouse - ui.dragX) >= 1) ui.dragMoved = true;
    const double next = valueAt(spec, place);
    if (ui.dragMoved && next != spec.value) return {Kind::live, next};
    return event;
  }
  if (ui.dragging == spec.id) {
    ui.dragging.clear();
    return {Kind::end, spec.value};
  }
  if (onTrack.secondary || onName.secondary) return {Kind::reset, 0};

  double notches = 0;
  bool fine = ImGui::GetIO().KeyShift;
  if (onTrack.hovered || onName.hovered) notches = static_cast<double>(ImGui::GetIO().MouseWheel);
  if (onTrack.focused && !compat::typing()) {
    if (ui.take(kKeyRight) || ui.take(kKeyUp)) notches = 1;
    if (ui.take(kKeyLeft) || ui.take(kKeyDown)) notches = -1;
    if (ui.take(kKeyRight, kShift) || ui.take(kKeyUp, kShift)) notches = 1, fine = true;
    if (ui.take(kKeyLeft, kShift) || ui.take(kKeyDown, kShift)) notches = -1, fine = true;
    if (ui.take(kKeyPageUp)) notches = 10;
    if (ui.take(kKeyPageDown)) notches = -10;
    if (ui.take(kKeyHome)) return {Kind::set, valueAt(spec, 0)};
    if (ui.take(kKeyEnd)) return {Kind::set, valueAt(spec, 1)};
    if (onTrack.pressed) {  // Enter
      ui.typingIn = fieldId;
      ui.typingBegins = true;
      ui.typed = shortest(spec.value);
      ui.expectField();
      ui.stayAwake(0.1);
      ui.focus.set(fieldId, true);
    }
  }
  if (notches != 0) {
    settle(ui, spec.id);
    if (const double next = stepped(spec, notches, fine); next != spec.value) return {Kind::live, next};
  }
  if (ui.settling == spec.id && ui.seconds >= ui.settlesAt) {
    ui.settling.clear();
    return {Kind::end, spec.value};
  }
  return event;
}

NumberEvent numberRow(Ui& ui, const Box& row, const SliderSpec& spec) {
  const Box field = Box::at(row.x1 - ui.u(54), row.y0 + ui.u(2), ui.u(54), ui.u(20));
  const Box name{row.x0, row.y0, field.x0 - ui.u(8), row.y1};
  const std::string nameId = std::string(spec.id) + "/name";
  const Press onName = pressable(ui, nameId, name, spec.enabled, false);
  if (onName.hovered) compat::keepWheel();
  textIn(ui, Role::body, name, Align::left, onName.hovered ? ui.c.t1 : ui.c.t2, spec.label);
  const NumberEvent typed = numberField(ui, spec.id, field, spec.value, spec.decimals, spec.enabled);
  if (typed.kind != Kind::none) return typed;
  const auto within = [&](double value) {
    value = std::clamp(value, spec.minimum, spec.maximum);
    const double unit = std::pow(10.0, spec.decimals);
    return std::clamp(std::round(value * unit) / unit, spec.minimum, spec.maximum);
  };
  const float mouse = ImGui::GetIO().MousePos.x;
  if (onName.held) {
    if (ui.dragging != spec.id) {
      ui.dragging = spec.id;
      ui.dragFrom = spec.value;
      ui.dragX = mouse;
      ui.settling.clear();
    }
    const double steps = std::trunc(static_cast<double>((mouse - ui.dragX) / ui.u(6)));
    const double next = within(ui.dragFrom + steps * spec.step);
    return next == spec.value ? NumberEvent{} : NumberEvent{Kind::live, next};
  }
  if (ui.dragging == spec.id) {
    ui.dragging.clear();
    return {Kind::end, spec.value};
  }
  if (onName.secondary) return {Kind::reset, 0};
  if (onName.hovered && ImGui::GetIO().MouseWheel != 0) {
    settle(ui, spec.id);
    const double fine = ImGui::GetIO().KeyShift && spec.decimals > 0 ? 0.1 : 1;
    const double next =
        within(spec.value + static_cast<double>(ImGui::GetIO().MouseWheel) * spec.step * fine);
    if (next != spec.value) return {Kind::live, next};
  }
  if (ui.settling == spec.id && ui.seconds >= ui.settlesAt) {
    ui.settling.clear();
    return {Kind::end, spec.value};
  }
  return {};
}

NumberEvent stepper(Ui& ui, std::string_view id, const Box& box, std::int64_t value, std::int64_t minimum,
                    std::int64_t maximum, bool enabled) {
  const float side = ui.u(24);
  NumberEvent event =
      numberField(ui, id, {box.x0 + side, box.centreY() - ui.u(10), box.x1 - side, box.centreY() + ui.u(10)},
                  static_cast<double>(value), 0, enabled);
  if (event.kind == Kind::set) {
    event.value =
        std::clamp(std::round(event.value), static_cast<double>(minimum), static_cast<double>(maximum));
  }
  const auto end = [&](const char* name, const Box& at, float direction, bool can) {
    const std::string part = std::string(id) + name;
    const Press press = pressable(ui, part, at, can);
    if (press.hovered && can) fill(at, ui.c.s3, ui.u(4));
    const float s = ui.scale;
    const ImVec2 points[] = {{at.centreX() - direction * 2 * s, at.centreY() - 4 * s},
                             {at.centreX() + direction * 2 * s, at.centreY()},
                             {at.centreX() - direction * 2 * s, at.centreY() + 4 * s}};
    canvas()->AddPolyline(points, 3, can ? ui.c.t1 : ui.c.t3, 0, std::max(1.0f, 1.4f * s));
    focusRing(ui, part, at, ui.u(4));
    return press.pressed;
  };
  const float top = std::round(box.centreY() - side / 2);
  if (end("/less", Box::at(box.x0, top, side, side), -1, enabled && value > minimum))
    event = {Kind::set, static_cast<double>(value - 1)};
  if (end("/more", Box::at(box.x1 - side, top, side, side), 1, enabled && value < maximum))
    event = {Kind::set, static_cast<double>(value + 1)};
  return event;
}

}  // namespace headlight
