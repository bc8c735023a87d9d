#include "app/panels/rail_pen.h"

#include <algorithm>

#include "app/panels/parameter_control.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/experiment/parameters.h"
#include "core/experiment/source/source.h"

namespace headlight {

RailPen::RailPen(Panel& panel, const Box& rail, float top)
    : p(panel),
      ui(panel.ui),
      box(rail),
      x(rail.x0 + panel.ui.u(16)),
      width(rail.width() - panel.ui.u(33)),
      y(top) {}

bool RailPen::fromFile() const {
  return readsArrays(now().source);
}

bool RailPen::givesMaps(std::optional<Stage> entering) const {
  const auto evaluation = p.session.evaluation();
  if (!fromFile() || !evaluation || !evaluation->run->inputs.maps) return false;
  return !entering || evaluation->run->inputs.maps->enters == *entering;
}

void RailPen::head(std::string_view words, std::string_view group, bool first) {
  if (!first) {
    y += ui.u(14);
    horizontal(box.x0, box.x1, y, ui.c.line, ui.u(1));
  }
  sectionHead(ui, x, y + ui.u(24), words);
  const Box mark = Box::at(x + width - ui.u(24), y + ui.u(8), ui.u(24), ui.u(24));
  const std::string id = "help." + std::string(group);
  const Press press = pressable(ui, id, mark);
  if (press.hovered) fill(mark, ui.c.s3, ui.u(4));
  textIn(ui, Role::label, mark, Align::centre, press.hovered ? ui.c.t1 : ui.c.t2, "?");
  focusRing(ui, id, mark, ui.u(4));
  ui.tip(id, mark, press.hovered, "What these controls do, with their formulas");
  if (press.pressed) openRailHelp(p, group);
  y += ui.u(36);
}

void RailPen::tip(const std::string& id, const Box& label) {
  const ParameterInfo* info = parameter(id);
  if (info == nullptr) return;
  ui.tip(id + "/help", label, ImGui::IsMouseHoveringRect(label.min(), label.max()), info->help);
}

void RailPen::number(const std::string& id, std::string_view label, double value, std::vector<double> choices,
                     std::string_view disabledBy, const std::string& control) {
  const ParameterInfo* info = parameter(id);
  if (info == nullptr) return;
  SliderSpec spec;
  const std::string own = control.empty() ? id : control;
  spec.id = own;
  spec.label = label;
  spec.value = value;
  spec.minimum = info->sliderMinimum;
  spec.maximum = info->sliderMaximum;
  spec.step = info->step;
  spec.logarithmic = info->logarithmic;
  const bool integer = info->key.type == KeyType::integer;
  spec.decimals = integer ? 0 : 2;
  spec.choices = std::move(choices);
  spec.enabled = disabledBy.empty();
  spec.reason = disabledBy;
  const Box row = Box::at(x, y, width, ui.u(44));
  applyNumber(p, id, slider(ui, row, spec), integer, info->key.fallback);
  if (spec.enabled) tip(id, {row.x0, row.y0, row.x1 - ui.u(62), row.y0 + ui.u(20)});
  y = fieldErrorBelow(p, id, x, y + ui.u(44), width);
}

void RailPen::word(const std::string& id, const Box& place, const std::string& value,
                   const std::vector<std::pair<std::string, std::string>>& only) {
  std::vector<std::pair<std::string, std::string>> words = only;
  if (words.empty()) {
    if (const ParameterInfo* info = parameter(id)) {
      for (const std::string_view w : info->key.words) words.emplace_back(w, w);
    }
  }
  std::string shown = value;
  float widest = ui.u(132);
  for (const auto& [name, label] : words) {
    if (name == value) shown = label;
    widest = std::max(widest, textWidth(ui, Role::strong, label) + ui.u(46));
  }
  dropDown(ui, id, place, shown);
  const float rowHeight = ui.u(24);
  const float wide = std::max(place.width(), widest);
  const Box list = Box::at(place.x1 - wide, place.y1 + ui.u(2), wide,
                           rowHeight * static_cast<float>(words.size()) + ui.u(8));
  if (const Popup popup(ui, id, list); popup) {
    float rowY = ImGui::GetWindowPos().y + ui.u(4);
    const float left = ImGui::GetWindowPos().x + ui.u(4);
    for (const auto& [name, label] : words) {
      const Box row = Box::at(left, rowY, wide - ui.u(8), rowHeight);
      if (listRow(ui, std::string(id).append("=").append(name), row, label, "", name == value)) {
        // An empty name stands for null: the default.
        p.session.change(id, name.empty() ? Value() : Value(name), Phase::done);
        ui.closePopup();
      }
      rowY += rowHeight;
    }
  }
}

void RailPen::labelled(std::string_view label, const std::string& id, const std::string& value,
                       const std::vector<std::pair<std::string, std::string>>& kinds) {
  const Box row = Box::at(x, y, width, ui.u(24));
  const Box field{row.x1 - ui.u(112), row.y0, row.x1, row.y1};
  const Box name{row.x0, row.y0, field.x0 - ui.u(8), row.y1};
  textIn(ui, Role::body, name, Align::left, ui.c.t2, label);
  tip(id, name);
  word(id, field, value, kinds);
  y = fieldErrorBelow(p, id, x, row.y1, width) + ui.u(10);
}

bool RailPen::flag(const std::string& id, std::string_view label, bool on, bool enabled) {
  const Box row = Box::at(x, y, width, ui.u(24));
  const Box switchBox{row.x1 - ui.u(40), row.y0, row.x1, row.y1};
  const Box name{row.x0, row.y0, switchBox.x0, row.y1};
  math(ui, Role::body, row.x0, centredBaseline(ui, Role::body, row.y0, row.y1), ui.c.t2, label);
  tip(id, name);
  const bool pressed = toggle(ui, id, switchBox, on, enabled);
  y = fieldErrorBelow(p, id, x, row.y1, width);
  return pressed;
}

void RailPen::kindKeys(const KindSpec* kind, const Kinded& entry, const std::string& path,
                       std::initializer_list<std::string_view> leaveOut) {
  if (kind == nullptr) return;
  for (const KeySpec& key : kind->keys) {
    if (std::find(leaveOut.begin(), leaveOut.end(), key.name) != leaveOut.end()) continue;
    const std::string id = path + "." + std::string(key.name);
    const Value& value = valueOf(entry, *kind, key.name);
    const ParameterInfo* info = parameter(id);
    if (info != nullptr && info->sliderMaximum > info->sliderMinimum && value.isNumber()) {
      number(id, info->label, value.number());
    } else {
      y = keyControl(p, id, key, value, x, y, width) + ui.u(6);
    }
  }
}

std::vector<std::pair<std::string, std::string>> kindsOf(const KindFamily& family,
                                                         std::initializer_list<std::string_view> leaveOut,
                                                         std::string_view shown) {
  std::vector<std::pair<std::string, std::string>> kinds;
  for (const KindSpec* kind : family.kinds) {
    const bool left = std::find(leaveOut.begin(), leaveOut.end(), kind->kind) != leaveOut.end();
    if (!left || kind->kind == shown) kinds.emplace_back(kind->kind, kind->label);
  }
  return kinds;
}

}  // namespace headlight
