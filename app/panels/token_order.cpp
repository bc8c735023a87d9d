#include "app/panels/token_order.h"

#include <algorithm>
#include <cmath>

#include "app/panels/parameter_control.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "app/widgets/keys.h"
#include "core/base/words.h"
#include "core/experiment/edit_tokens.h"
#include "core/text/label.h"

namespace headlight {
namespace {

constexpr const char* kPopup = "order";
/// More chips than this are no list to drag in.
constexpr std::size_t kMostChips = 240;
/// The most [PAD] that a press of the stepper reaches; a file may hold more.
constexpr std::int64_t kMostPads = 64;

struct OrderState {
  std::int64_t chosen = 0;
  std::int64_t dragged = -1;
  bool moved = false;  ///< far enough to be no click
  std::string refused;
};

/// Moves it as the list shows it, which tells why it cannot.
void moveChip(Panel& p, std::int64_t from, std::int64_t to, const std::string& label) {
  auto& state = p.state.part<OrderState>();
  if (from == to) return;
  state.refused = moveToken(p, from, to, label);
  if (state.refused.empty()) state.chosen = to;
}

struct ChipPlace {
  Box box;
  std::string label;
};

/// Rows of chips in reading order; the y after the last.
std::vector<ChipPlace> placed(const Ui& ui, const std::vector<Token>& tokens, const Box& inner, float* end) {
  std::vector<ChipPlace> chips;
  const std::size_t count = std::min(tokens.size(), kMostChips);
  chips.reserve(count);
  const float height = ui.u(26);
  const float gap = ui.u(6);
  float x = inner.x0;
  float y = inner.y0;
  for (std::size_t i = 0; i < count; ++i) {
    std::string label = shortLabel(tokens[i].label, 18);
    const float width = std::round(textWidth(ui, Role::body, label) +
                                   textWidth(ui, Role::numMicro, std::to_string(i)) + ui.u(24));
    if (x > inner.x0 && x + width > inner.x1) {
      x = inner.x0;
      y += height + gap;
    }
    chips.push_back({Box::at(x, y, width, height), std::move(label)});
    x += width + gap;
  }
  *end = y + height;
  return chips;
}

/// The place that a chip let go at the pointer takes: before the chip whose left half it is over.
std::int64_t dropPlace(const std::vector<ChipPlace>& chips, ImVec2 mouse, float gap) {
  std::int64_t place = 0;
  for (const ChipPlace& chip : chips) {
    const bool rowAbove = chip.box.y1 + gap / 2 < mouse.y;
    const bool sameRow = mouse.y >= chip.box.y0 - gap / 2 && !rowAbove;
    if (rowAbove || (sameRow && chip.box.centreX() < mouse.x)) ++place;
  }
  return place;
}

std::vector<Token> tokensNow(const Panel& p) {
  const auto evaluation = p.session.evaluation();
  return evaluation ? evaluation->prepared->queryTokens : std::vector<Token>{};
}

void drawChip(Ui& ui, const ChipPlace& chip, std::size_t index, bool chosen, bool lifted, bool hovered) {
  fill(chip.box, chosen || hovered ? ui.c.s3 : ui.c.s2, ui.u(4));
  frame(chip.box, lifted ? ui.c.acc : chosen ? ui.c.edge : ui.c.line, lifted ? ui.u(2) : ui.u(1), ui.u(4));
  const std::string number = std::to_string(index);
  const float x = text(ui, Role::numMicro, chip.box.x0 + ui.u(8),
                       centredBaseline(ui, Role::numMicro, chip.box.y0, chip.box.y1), ui.c.t2, number) +
                  ui.u(7);
  text(ui, Role::body, x, centredBaseline(ui, Role::body, chip.box.y0, chip.box.y1), ui.c.t1, chip.label);
}

}  // namespace

std::string moveToken(Panel& p, std::int64_t from, std::int64_t to, const std::string& label) {
  if (from == to) return "";
  auto next = withTokenMoved(p.session.experiment(), from, to);
  const Status done =
      next ? p.session.apply(std::move(*next),
                             "move " + label + " from " + std::to_string(from) + " to " + std::to_string(to))
           : next.error();
  return done ? "" : done.error().what;
}

void openTokenOrder(Panel& p) {
  p.state.part<OrderState>() = {};
  p.ui.openPopup(kPopup);
}

void drawTokenOrder(Panel& p) {
  Ui& ui = p.ui;
  auto& state = p.state.part<OrderState>();
  if (!ui.popupIs(kPopup)) {
    state.dragged = -1;
    return;
  }
  const std::vector<Token> tokens = tokensNow(p);
  const float width = std::min(ui.u(620), p.layout.window.width() - ui.u(64));
  const float pad = ui.u(20);
  float end = 0;
  static_cast<void>(placed(ui, tokens, {0, 0, width - 2 * pad, 0}, &end));
  const float most = p.layout.window.height() - ui.u(220);
  const float listHeight = std::clamp(end, ui.u(26), most);
  const float height = listHeight + ui.u(136);
  const Popup popup(ui, kPopup,
                    Box::at(std::round((p.layout.window.width() - width) / 2),
                            std::round((p.layout.window.height() - height) * 0.4f), width, height));
  if (!popup) return;
  const ImVec2 at = ImGui::GetWindowPos();
  text(ui, Role::title, at.x + pad, at.y + ui.u(32), ui.c.t1, "Order of the tokens");
  textIn(ui, Role::micro, {at.x + pad, at.y + ui.u(42), at.x + width - pad, at.y + ui.u(62)}, Align::left,
         ui.c.t2,
         "Drag a token, or choose one and press Alt ← or →. Positions and masks stay where they are.");
  const Box list = Box::at(at.x + pad, at.y + ui.u(74), width - 2 * pad, listHeight);
  const auto count = static_cast<std::int64_t>(std::min(tokens.size(), kMostChips));
  state.chosen = std::clamp<std::int64_t>(state.chosen, 0, std::max<std::int64_t>(count - 1, 0));
  {
    const Region region(ui, "order list", list.inset(-ui.u(3), -ui.u(3)), ui.c.s1, 0, end > listHeight);
    const Box inner{list.x0, region.top() + ui.u(3), list.x1, 0};
    float bottom = 0;
    const std::vector<ChipPlace> chips = placed(ui, tokens, inner, &bottom);
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const float gap = ui.u(6);
    for (std::size_t i = 0; i < chips.size(); ++i) {
      const std::string id = "order." + std::to_string(i);
      const auto index = static_cast<std::int64_t>(i);
      const Press press = pressable(ui, id, chips[i].box);
      if (press.held && state.dragged < 0 && ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
        state.dragged = index;
        state.moved = false;
      }
      if (press.pressed || press.focused) state.chosen = index;
      drawChip(ui, chips[i], i, state.chosen == index, state.dragged == index && state.moved, press.hovered);
      focusRing(ui, id, chips[i].box, ui.u(4));
    }
    if (state.dragged >= count) state.dragged = -1;
    if (state.dragged >= 0) {
      if (ImGui::GetIO().MouseDragMaxDistanceSqr[0] > ui.u(4) * ui.u(4)) state.moved = true;
      const std::int64_t place = dropPlace(chips, mouse, gap);
      if (state.moved) {
        // The mark stands where the token goes in.
        const bool last = place >= count;
        const Box& beside = chips[static_cast<std::size_t>(last ? count - 1 : place)].box;
        const float x = last ? beside.x1 + gap / 2 : beside.x0 - gap / 2;
        fill({std::round(x - ui.u(1)), beside.y0 - ui.u(2), std::round(x - ui.u(1)) + ui.u(2),
              beside.y1 + ui.u(2)},
             ui.c.acc);
      }
      if (!ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
        const std::int64_t from = std::exchange(state.dragged, -1);
        const std::int64_t to = place > from ? place - 1 : place;
        if (state.moved) moveChip(p, from, to, chips[static_cast<std::size_t>(from)].label);
      }
    }
    region.contentEnds(bottom + ui.u(3));
    if (!compat::typing() && count > 0) {
      const auto& label = chips[static_cast<std::size_t>(state.chosen)].label;
      const std::int64_t here = state.chosen;
      if (ui.take(kKeyLeft, kAlt) && here > 0) moveChip(p, here, here - 1, label);
      if (ui.take(kKeyRight, kAlt) && here + 1 < count) moveChip(p, here, here + 1, label);
      if (state.chosen != here) ui.focus.set("order." + std::to_string(state.chosen), true);
      std::int64_t walked = here;
      if (ui.take(kKeyLeft)) walked = std::max<std::int64_t>(0, here - 1);
      if (ui.take(kKeyRight)) walked = std::min(count - 1, here + 1);
      if (walked != here) {
        state.chosen = walked;
        ui.focus.set("order." + std::to_string(walked), true);
      }
    }
  }
  std::string note = state.refused;
  if (note.empty() && tokens.size() > kMostChips)
    note = "the first " + std::to_string(kMostChips) + " of " + std::to_string(tokens.size());
  const Box foot{at.x + pad, list.y1 + ui.u(16), at.x + width - pad, list.y1 + ui.u(44)};
  const float closeWidth = buttonWidth(ui, "Close", "Esc");
  const float backWidth = buttonWidth(ui, "Move back");
  textIn(ui, Role::micro, {foot.x0, foot.y0, foot.x1 - closeWidth - 2 * backWidth - ui.u(28), foot.y1},
         Align::left, state.refused.empty() ? ui.c.t2 : ui.c.err, note);
  const Box close{foot.x1 - closeWidth, foot.y0, foot.x1, foot.y1};
  const Box forth{close.x0 - ui.u(8) - backWidth, foot.y0, close.x0 - ui.u(8), foot.y1};
  const Box back{forth.x0 - ui.u(8) - backWidth, foot.y0, forth.x0 - ui.u(8), foot.y1};
  const auto chosen = static_cast<std::size_t>(state.chosen);
  if (button(ui, "order/back", back, "Move back", "", ButtonKind::plain, state.chosen > 0, "it stands first"))
    moveChip(p, state.chosen, state.chosen - 1, shortLabel(tokens[chosen].label, 18));
  if (button(ui, "order/forth", forth, "Move on", "", ButtonKind::plain, state.chosen + 1 < count,
             "it stands last"))
    moveChip(p, state.chosen, state.chosen + 1, shortLabel(tokens[chosen].label, 18));
  if (button(ui, "order/close", close, "Close", "Esc")) ui.closePopup();
}

float drawSequenceRow(Panel& p, float x, float y, float width) {
  Ui& ui = p.ui;
  const Experiment& now = p.session.experiment();
  const std::string fixed = fixedTokens(now);
  const Box row = Box::at(x, y + ui.u(2), width, ui.u(28));
  const float orderWidth = buttonWidth(ui, "Order…");
  const Box order{row.x0, row.y0, row.x0 + orderWidth, row.y1};
  if (button(ui, "tokens/order", order, "Order…", "", ButtonKind::plain, fixed.empty(), fixed))
    openTokenOrder(p);
  const Box pads{row.x1 - ui.u(84), row.y0, row.x1, row.y1};
  const std::int64_t count = paddingOf(now.tokens);
  textIn(ui, Role::micro, {order.x1 + ui.u(8), row.y0, pads.x0 - ui.u(6), row.y1}, Align::right,
         fixed.empty() ? ui.c.t2 : ui.c.t3, "[PAD]");
  const NumberEvent event = stepper(ui, "tokens/padding", pads, count, 0, kMostPads, fixed.empty());
  ui.tip("tokens/padding/help", pads, ImGui::IsMouseHoveringRect({order.x1, row.y0}, {pads.x0, row.y1}),
         fixed.empty()
             ? "How many [PAD] stand at the end, as beside a longer sentence of a batch: no query attends "
               "to them"
             : fixed);
  if (event.kind == NumberEvent::Kind::set || event.kind == NumberEvent::Kind::reset) {
    const auto wanted = static_cast<std::int64_t>(event.kind == NumberEvent::Kind::set ? event.value : 0);
    auto next = withPadding(now, wanted);
    if (next && wanted != count) {
      static_cast<void>(p.session.apply(std::move(*next),
                                        countText(wanted, "[PAD] token", "[PAD] tokens") + " at the end"));
    }
  }
  return row.y1 + ui.u(2);
}

}  // namespace headlight
