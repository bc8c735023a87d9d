#include "app/panels/figure_pen.h"

#include <algorithm>
#include <cmath>

#include "app/panels/parameter_control.h"
#include "app/widgets/draw.h"

namespace headlight {

void FigurePen::head(std::string_view words, const Box& region, bool first) {
  if (!first) {
    y += ui.u(12);
    horizontal(region.x0, region.x1, y, ui.c.line, ui.u(1));
  }
  sectionHead(ui, x, y + ui.u(22), words);
  y += ui.u(32);
}

Box FigurePen::row(std::string_view label, float height, float field) {
  const Box box = Box::at(x, y, width, ui.u(height));
  const Box value{box.x1 - field, box.y0, box.x1, box.y1};
  textIn(ui, Role::body, {box.x0, box.y0, value.x0 - ui.u(8), box.y1}, Align::left, ui.c.t2, label);
  y = box.y1 + ui.u(6);
  return value;
}

std::optional<std::string> FigurePen::list(std::string_view label, std::string_view id,
                                           std::string_view shown, const std::vector<ImportOption>& options,
                                           std::string_view chosen) {
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const ImportOption& option) { return option.id == chosen; });
  const int at = found == options.end() ? -1 : static_cast<int>(found - options.begin());
  Box place = Box::at(x, y, width, ui.u(26));
  if (label.empty()) {
    y = place.y1 + ui.u(6);
  } else {
    place = row(label, 26, width - ui.u(74));
  }
  const int picked = importList(p, id, place, shown, options, at);
  if (picked < 0) return std::nullopt;
  return options[static_cast<std::size_t>(picked)].id;
}

int FigurePen::words(std::string_view label, std::string_view id, std::span<const std::string_view> all,
                     int chosen, std::span<const std::string_view> ids) {
  if (label.empty()) {
    const Box box = Box::at(x, y, width, ui.u(28));
    y = box.y1 + ui.u(6);
    return segmented(ui, id, box, all, chosen, ids);
  }
  return segmented(ui, id, row(label, 28, width - ui.u(60)), all, chosen, ids);
}

void FigurePen::number(std::string_view label, std::string_view id, double& value, double minimum,
                       double maximum, double step, int decimals, double otherwise) {
  SliderSpec spec;
  spec.id = id;
  spec.label = label;
  spec.value = value;
  spec.minimum = minimum;
  spec.maximum = maximum;
  spec.step = step;
  spec.decimals = step >= 1 && value == std::floor(value) ? 0 : decimals;
  const NumberEvent event = numberRow(ui, Box::at(x, y, width, ui.u(24)), spec);
  using Kind = NumberEvent::Kind;
  if (event.kind == Kind::live || event.kind == Kind::set) value = std::clamp(event.value, minimum, maximum);
  if (event.kind == Kind::reset) value = otherwise;
  y += ui.u(28);
}

void FigurePen::flag(std::string_view label, std::string_view id, bool& value, bool enabled,
                     std::string_view reason) {
  const Box box = Box::at(x, y, width, ui.u(24));
  const Box place{box.x1 - ui.u(40), box.y0, box.x1, box.y1};
  textIn(ui, Role::body, {box.x0, box.y0, place.x0, box.y1}, Align::left, enabled ? ui.c.t2 : ui.c.t3, label);
  if (toggle(ui, id, place, value && enabled, enabled)) value = !value;
  if (!enabled) ui.tip(id, box, ImGui::IsMouseHoveringRect(box.min(), box.max()), reason);
  y = box.y1 + ui.u(2);
}

bool FigurePen::mark(std::string_view label, std::string_view id, MarkField& field, std::string_view empty,
                     std::string_view help) {
  const Box whole = Box::at(x, y, width, ui.u(26));
  const Box value = row(label, 26, width - ui.u(74));
  const Box cross{value.x1 - ui.u(26), value.y0, value.x1, value.y1};
  const Box line{value.x0, value.y0, cross.x0 - ui.u(2), value.y1};
  bool changed = lineField(ui, id, line, field.typed, empty).changed;
  if (field.error) frame(line, ui.c.err, ui.u(1), ui.u(3));
  const std::string name(id);
  ui.tip(name + "/help", whole, ImGui::IsMouseHoveringRect(whole.min(), {cross.x0, whole.y1}), help);
  if (iconButton(ui, name + "/reset", cross, Icon::cross, "None of them", !field.typed.empty())) {
    field.typed.clear();
    changed = true;
  }
  if (field.error) y = errorBelow(ui, *field.error, x, y - ui.u(4), width) + ui.u(8);
  return changed;
}

void FigurePen::note(std::string_view text, ImU32 colour) {
  y = paragraph(ui, Role::micro, x, y + ui.u(11), width, ui.u(16), colour, text) - ui.u(4);
}

}  // namespace headlight
