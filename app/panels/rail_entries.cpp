#include <algorithm>
#include <cctype>
#include <functional>

#include "app/panels/parameter_control.h"
#include "app/panels/rail.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/attention/bias/bias.h"
#include "core/attention/mask/mask.h"
#include "core/experiment/parameters.h"
#include "core/experiment/schema.h"

namespace headlight {
namespace {

/// A list of kinds that add up, as chips.
struct EntryList {
  std::string path;       ///< of the list: "mask"
  std::string id;         ///< of its "+" and menu: "mask"
  std::string_view what;  ///< "mask"
  std::string_view none;  ///< said where the list is empty
  const KindFamily& family;
  const std::vector<Kinded>& entries;
  int& open;  ///< index of the entry whose keys are shown
  /// What "+" adds of a kind.
  std::function<Kinded(std::string_view kind)> made;
  /// Kinds that the menu offers.
  std::vector<const KindSpec*> offered;
  /// What an entry does, in words.
  std::function<std::string(const Kinded& entry)> sentence{};
  /// A kind that only a file can give: what the menu says, and what asks for the file.
  std::string_view fromFile{};
  std::function<void()> ask{};
};

List listAt(Panel& p, const std::string& path) {
  const auto value = get(p.session.experiment(), path);
  return value && value->isList() ? value->list() : List{};
}

void removeEntry(Panel& p, const EntryList& of, std::size_t index) {
  List list = listAt(p, of.path);
  if (index >= list.size()) return;
  list.erase(list.begin() + static_cast<std::ptrdiff_t>(index));
  of.open = -1;
  p.session.change(of.path, Value(std::move(list)), Phase::done);
}

void addEntry(Panel& p, const EntryList& of, const KindSpec& kind) {
  List list = listAt(p, of.path);
  const Kinded made = of.made(kind.kind);
  Object entry;
  entry.emplace_back("kind", Value(kind.kind));
  for (const auto& [name, value] : made.keys) entry.emplace_back(name, value);
  const auto index = static_cast<int>(list.size());
  list.emplace_back(Value(std::move(entry)));
  p.session.change(of.path, Value(std::move(list)), Phase::done);
  // What has nothing that one would set at once stays closed.
  if (!p.session.fieldError(of.path)) of.open = made.keys.empty() ? -1 : index;
}

void drawAddList(Panel& p, const EntryList& of, const Box& from) {
  Ui& ui = p.ui;
  const float rowHeight = ui.u(24);
  const float width = ui.u(of.ask ? 180 : 150);
  const std::size_t rows = of.offered.size() + (of.ask ? 1 : 0);
  const Box box = Box::at(from.x0, from.y1 + ui.u(2), width, rowHeight * static_cast<float>(rows) + ui.u(8));
  const Popup popup(ui, of.id + "/add", box);
  if (!popup) return;
  float y = ImGui::GetWindowPos().y + ui.u(4);
  const float x = ImGui::GetWindowPos().x + ui.u(4);
  for (const KindSpec* kind : of.offered) {
    const bool there = std::any_of(of.entries.begin(), of.entries.end(),
                                   [kind](const Kinded& m) { return m.kind == kind->kind; });
    const std::string id = of.id + "+" + std::string(kind->kind);
    const Box row = Box::at(x, y, width - ui.u(8), rowHeight);
    if (listRow(ui, id, row, kind->label, "", there)) {
      addEntry(p, of, *kind);
      ui.closePopup();
    }
    y += rowHeight;
  }
  if (!of.ask) return;
  if (listRow(ui, of.id + "+file", Box::at(x, y, width - ui.u(8), rowHeight), of.fromFile, "", false)) {
    ui.closePopup();
    of.ask();
  }
}

/// The keys of the open entry.
float drawKeys(Panel& p, const EntryList& of, float x, float y, float width) {
  if (of.open < 0 || of.open >= static_cast<int>(of.entries.size())) return y;
  const Kinded entry = of.entries[static_cast<std::size_t>(of.open)];
  const KindSpec* kind = of.family.find(entry.kind);
  if (!kind) return y;
  Ui& ui = p.ui;
  y += ui.u(4);
  const float top = y;
  for (const KeySpec& key : kind->keys) {
    const std::string path = of.path + "." + std::to_string(of.open) + "." + std::string(key.name);
    y = keyControl(p, path, key, valueOf(entry, *kind, key.name), x + ui.u(12), y, width - ui.u(12)) +
        ui.u(2);
  }
  if (std::string words = of.sentence ? of.sentence(entry) : ""; !words.empty()) {
    words.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(words.front())));
    y = paragraph(ui, Role::micro, x + ui.u(12), y + ui.u(11), width - ui.u(12), ui.u(15), ui.c.t2, words) -
        ui.u(6);
  }
  vertical(x + ui.u(3), top, y - ui.u(2), ui.c.line, ui.u(1));
  return y;
}

float drawEntries(Panel& p, const EntryList& of, float x, float y, float width) {
  Ui& ui = p.ui;
  const float gap = ui.u(6);
  const std::string words = "+ " + std::string(of.what);
  const float addWidth = textWidth(ui, Role::body, words) + ui.u(18);
  const float labelEnd =
      text(ui, Role::body, x, centredBaseline(ui, Role::body, y, y + ui.u(24)), ui.c.t2, of.what);
  float chipX = x;
  if (of.entries.empty()) {
    // On one line where there is room for all of it.
    const float noneWidth = textWidth(ui, Role::micro, of.none);
    const bool together = labelEnd + ui.u(10) + noneWidth + ui.u(8) + addWidth <= x + width;
    const float right = together ? x + width - addWidth - ui.u(8) : x + width;
    text(ui, Role::micro, right - noneWidth, centredBaseline(ui, Role::micro, y, y + ui.u(24)), ui.c.t2,
         of.none);
    if (together) chipX = x + width - addWidth;
  }
  if (chipX == x) y += ui.u(26);
  std::optional<std::size_t> removed;
  for (std::size_t i = 0; i < of.entries.size(); ++i) {
    const KindSpec* kind = of.family.find(of.entries[i].kind);
    const std::string label(kind ? kind->label : std::string_view(of.entries[i].kind));
    if (chipX > x && chipX + chipWidth(ui, label) > x + width) {
      chipX = x;
      y += ui.u(24) + gap;
    }
    float took = 0;
    const bool open = of.open == static_cast<int>(i);
    const int event = chip(ui, of.path + "." + std::to_string(i), chipX, y, label, open, &took);
    if (event == 1) removed = i;
    if (event == 2) of.open = open ? -1 : static_cast<int>(i);
    chipX += took + gap;
  }
  if (chipX > x && chipX + addWidth > x + width + 1) {
    chipX = x;
    y += ui.u(24) + gap;
  }
  const Box add = Box::at(chipX, y, addWidth, ui.u(24));
  const std::string id = of.id + "/add";
  const Press press = pressable(ui, id, add);
  if (press.hovered) fill(add, ui.c.s3, ui.u(4));
  frame(add, ui.c.edge, ui.u(1), ui.u(4));
  textIn(ui, Role::body, add, Align::centre, press.hovered ? ui.c.t1 : ui.c.t2, words);
  focusRing(ui, id, add, ui.u(4));
  if (press.pressed) ui.openPopup(id);
  drawAddList(p, of, add);
  y += ui.u(24);
  if (removed) {
    removeEntry(p, of, *removed);
    return y;
  }
  y = fieldErrorBelow(p, of.path, x, y, width);
  return drawKeys(p, of, x, y, width);
}

/// The tokens along the axes of the newest numbers.
Sizes sizesNow(const Panel& p) {
  const auto evaluation = p.session.evaluation();
  return evaluation ? evaluation->run->sizes : Sizes{.queries = 1, .keys = 1, .heads = 1, .kvHeads = 1};
}

EntryList maskList(Panel& p) {
  EntryList list{"mask",           "mask",
                 "mask",           "every key may be seen",
                 maskFamily(),     p.session.experiment().mask,
                 p.state.openMask, {},
                 offeredMasks()};
  list.made = [&p](std::string_view kind) {
    Kinded entry{std::string(kind), {}};
    const MaskKind* row = maskKind(kind);
    const Sizes sizes = sizesNow(p);
    if (row && row->start) row->start(entry, sizes.queries, sizes.tokenKeys());
    return entry;
  };
  list.sentence = [](const Kinded& entry) {
    const MaskKind* row = maskKind(entry.kind);
    return row != nullptr ? row->sentence(entry) : "";
  };
  return list;
}

}  // namespace

std::vector<const KindSpec*> offeredMasks() {
  std::vector<const KindSpec*> offered;
  for (const MaskKind& kind : maskKinds()) {
    if (!needsFile(kind)) offered.push_back(&kind.spec);
  }
  return offered;
}

void toggleMask(Panel& p, const KindSpec& kind) {
  const EntryList list = maskList(p);
  const auto found = std::find_if(list.entries.begin(), list.entries.end(),
                                  [&](const Kinded& entry) { return entry.kind == kind.kind; });
  if (found == list.entries.end()) {
    addEntry(p, list, kind);
  } else {
    removeEntry(p, list, static_cast<std::size_t>(found - list.entries.begin()));
  }
}

float drawMasks(Panel& p, float x, float y, float width) {
  return drawEntries(p, maskList(p), x, y, width);
}

float drawBiases(Panel& p, float x, float y, float width) {
  EntryList list{"score.bias",     "bias", "bias", "none", biasFamily(), p.session.experiment().biases,
                 p.state.openBias, {},     {}};
  for (const BiasKind& kind : biasKinds()) {
    if (!needsFile(kind)) list.offered.push_back(&kind.spec);
  }
  list.made = [](std::string_view kind) { return Kinded{std::string(kind), {}}; };
  list.sentence = [](const Kinded& entry) {
    const BiasKind* row = biasKind(entry.kind);
    return row != nullptr ? row->sentence(entry) : "";
  };
  list.fromFile = "T5, choose table…";
  list.ask = [&p] { p.session.askBiasTable(); };
  return drawEntries(p, list, x, y, width);
}

}  // namespace headlight
