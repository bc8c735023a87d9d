#include "app/panels/deck_bar.h"

#include "app/panels/commands.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"

namespace headlight {
namespace {

std::string place(const Panel& p) {
  return std::to_string(p.session.deckAt() + 1) + " of " + std::to_string(p.session.deck().size());
}

/// A narrow button with one character; Tab reaches it, its words stand in the menu.
bool arrow(Panel& p, std::string_view id, const Box& box, std::string_view sign, bool enabled,
           std::string_view words) {
  Ui& ui = p.ui;
  const Press press = pressable(ui, id, box, enabled);
  if (press.hovered && enabled) fill(box, ui.c.s3, ui.u(3));
  textIn(ui, Role::strong, box, Align::centre, enabled ? ui.c.t1 : ui.c.t3, sign);
  focusRing(ui, id, box, ui.u(3));
  ui.tip(id, box, press.hovered, words);
  return press.pressed;
}

}  // namespace

float deckBarWidth(const Panel& p) {
  if (p.session.deck().empty()) return 0;
  return 2 * p.ui.u(24) + textWidth(p.ui, Role::body, place(p)) + p.ui.u(12);
}

void drawDeckBar(Panel& p, const Box& box) {
  const auto count = static_cast<int>(p.session.deck().size());
  if (count == 0) return;
  Ui& ui = p.ui;
  const int at = p.session.deckAt();
  const float half = ui.u(12);
  const Box back{box.x0, box.centreY() - half, box.x0 + 2 * half, box.centreY() + half};
  const Box on{box.x1 - 2 * half, box.centreY() - half, box.x1, box.centreY() + half};
  if (arrow(p, "deck/previous", back, "‹", at > 0, "Previous document · Alt ←")) p.session.stepDeck(-1);
  textIn(ui, Role::body, {back.x1, box.y0, on.x0, box.y1}, Align::centre, ui.c.t1, place(p));
  if (arrow(p, "deck/next", on, "›", at + 1 < count, "Next document · Alt →")) p.session.stepDeck(1);
}

}  // namespace headlight
