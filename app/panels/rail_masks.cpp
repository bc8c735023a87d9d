#include "app/panels/parameter_control.h"
#include "app/panels/rail.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/attention/mask/mask.h"
#include "core/experiment/parameters.h"

namespace headlight {
namespace {

List maskList(const Panel& p) {
  const auto value = get(p.session.experiment(), "mask");
  return value && value->isList() ? value->list() : List{};
}

void removeMask(Panel& p, std::size_t index) {
  List list = maskList(p);
  if (index >= list.size()) return;
  list.erase(list.begin() + static_cast<std::ptrdiff_t>(index));
  p.state.openMask = -1;
  p.session.change("mask", Value(std::move(list)), Phase::done);
}

void addMask(Panel& p, const MaskKind& kind) {
  List list = maskList(p);
  Object entry;
  entry.emplace_back("kind", Value(kind.spec.kind));
  for (const KeySpec& key : kind.spec.keys) {
    // A window that keeps everything would show nothing of what it does.
    if (kind.spec.kind == "window" && key.name == "left") entry.emplace_back("left", Value(2));
    if (kind.spec.kind == "window" && key.name == "right") entry.emplace_back("right", Value(2));
  }
  const auto index = static_cast<int>(list.size());
  list.emplace_back(Value(std::move(entry)));
  p.session.change("mask", Value(std::move(list)), Phase::done);
  if (!p.session.fieldError("mask")) p.state.openMask = kind.spec.kind == "window" ? index : -1;
}

void drawAddList(Panel& p, const Box& from) {
  Ui& ui = p.ui;
  const float rowHeight = ui.u(24);
  const auto kinds = maskKinds();
  const float width = ui.u(150);
  const Box box =
      Box::at(from.x0, from.y1 + ui.u(2), width, rowHeight * static_cast<float>(kinds.size()) + ui.u(8));
  const Popup popup(ui, "mask/add", box);
  if (!popup) return;
  float y = ImGui::GetWindowPos().y + ui.u(4);
  const float x = ImGui::GetWindowPos().x + ui.u(4);
  const Experiment& e = p.session.experiment();
  for (const MaskKind& kind : kinds) {
    const bool there = std::any_of(e.mask.begin(), e.mask.end(),
                                   [&kind](const Kinded& m) { return m.kind == kind.spec.kind; });
    const std::string id = "mask+" + std::string(kind.spec.kind);
    const Box row = Box::at(x, y, width - ui.u(8), rowHeight);
    if (listRow(ui, id, row, kind.spec.label, "", there)) {
      addMask(p, kind);
      ui.closePopup();
    }
    y += rowHeight;
  }
}

}  // namespace

float drawMasks(Panel& p, float x, float y, float width) {
  Ui& ui = p.ui;
  text(ui, Role::body, x, y + ui.u(14), ui.c.t2, "mask");
  if (p.session.experiment().mask.empty()) {
    const float words = textWidth(ui, Role::micro, "every key may be seen");
    text(ui, Role::micro, x + width - words, y + ui.u(14), ui.c.t2, "every key may be seen");
  }
  y += ui.u(24);

  const std::vector<Kinded>& masks = p.session.experiment().mask;
  const float gap = ui.u(6);
  float chipX = x;
  std::optional<std::size_t> removed;
  for (std::size_t i = 0; i < masks.size(); ++i) {
    const MaskKind* kind = maskKind(masks[i].kind);
    const std::string words(kind ? kind->spec.label : std::string_view(masks[i].kind));
    if (chipX > x && chipX + chipWidth(ui, words) > x + width) {
      chipX = x;
      y += ui.u(24) + gap;
    }
    float took = 0;
    const bool open = p.state.openMask == static_cast<int>(i);
    const int event = chip(ui, "mask." + std::to_string(i), chipX, y, words, open, &took);
    if (event == 1) removed = i;
    if (event == 2) p.state.openMask = open ? -1 : static_cast<int>(i);
    chipX += took + gap;
  }
  const float addWidth = textWidth(ui, Role::body, "+ mask") + ui.u(18);
  if (chipX > x && chipX + addWidth > x + width) {
    chipX = x;
    y += ui.u(24) + gap;
  }
  const Box add = Box::at(chipX, y, addWidth, ui.u(24));
  const Press press = pressable(ui, "mask/add", add);
  if (press.hovered) fill(add, ui.c.s3, ui.u(4));
  frame(add, ui.c.edge, ui.u(1), ui.u(4));
  textIn(ui, Role::body, add, Align::centre, press.hovered ? ui.c.t1 : ui.c.t2, "+ mask");
  focusRing(ui, "mask/add", add, ui.u(4));
  if (press.pressed) ui.openPopup("mask/add");
  drawAddList(p, add);
  y += ui.u(24);
  if (removed) {
    removeMask(p, *removed);
    return y;
  }
  y = fieldErrorBelow(p, "mask", x, y, width);

  const int open = p.state.openMask;
  if (open < 0 || open >= static_cast<int>(p.session.experiment().mask.size())) return y;
  const Kinded entry = p.session.experiment().mask[static_cast<std::size_t>(open)];
  const MaskKind* kind = maskKind(entry.kind);
  if (!kind) return y;
  y += ui.u(4);
  for (const KeySpec& key : kind->spec.keys) {
    const std::string path = "mask." + std::to_string(open) + "." + std::string(key.name);
    y = keyControl(p, path, key, valueOf(entry, kind->spec, key.name), x + ui.u(12), y, width - ui.u(12)) +
        ui.u(2);
  }
  vertical(x + ui.u(3), y - ui.u(26) * static_cast<float>(kind->spec.keys.size()), y - ui.u(2), ui.c.line,
           ui.u(1));
  return y;
}

}  // namespace headlight
