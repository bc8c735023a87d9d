#include "app/panels/top_bar.h"

#include <cmath>

#include "app/panels/commands.h"
#include "app/panels/compare.h"
#include "app/panels/deck_bar.h"
#include "app/panels/dialogs.h"
#include "app/panels/home.h"
#include "app/panels/tabs.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"

namespace headlight {
namespace {

std::string stepWords(const char* what, bool can, const std::string& name, const char* key) {
  return can ? std::string(what) + " " + name + " · " + key
             : std::string("Nothing to ") + (what[0] == 'U' ? "undo" : "redo");
}

float tabsWidth(const Panel& p) {
  float width = 0;
  for (const Tab& tab : tabs()) width += textWidth(p.ui, Role::strong, tab.label) + p.ui.u(30);
  return width - p.ui.u(30);
}

/// Over the map's left edge where there is room.
float tabsBegin(const Panel& p, float least, float right) {
  return std::max(least, std::min(p.ui.u(296), right - tabsWidth(p) - p.ui.u(20)));
}

void drawTabs(Panel& p, float x, float baseline) {
  Ui& ui = p.ui;
  const Box& bar = p.layout.top;
  const std::string_view open = openTab(p).id;
  for (const Tab& tab : tabs()) {
    const std::string id = "tab." + std::string(tab.id);
    const bool chosen = tab.id == open && !homeWanted(p);
    const float width = textWidth(ui, Role::strong, tab.label);
    const Box box = Box{x - ui.u(10), bar.y0 + ui.u(4), x + width + ui.u(10), bar.y1 - ui.u(4)};
    const Press press = pressable(ui, id, box);
    text(ui, chosen ? Role::strong : Role::bodyMedium, x, baseline,
         chosen || press.hovered ? ui.c.t1 : ui.c.t2, tab.label);
    if (chosen) fill({x, bar.y1 - ui.u(3), x + width, bar.y1}, ui.c.acc);
    focusRing(ui, id, box, ui.u(3));
    if (press.pressed) runCommand(p, id);
    x += width + ui.u(30);
  }
}

/// The program's mark and name, which lead to Home. Returns the x after them.
float drawMark(Panel& p, float x, float middle, float baseline) {
  Ui& ui = p.ui;
  const Box& bar = p.layout.top;
  const float nameX = x + ui.u(24);
  const float end = nameX + textWidth(ui, Role::strong, "Headlight");
  const Box box{x - ui.u(4), bar.y0 + ui.u(4), end + ui.u(6), bar.y1 - ui.u(4)};
  const Press press = pressable(ui, "home", box);
  if (press.hovered || press.held) fill(box, ui.c.s3, ui.u(4));
  mark(ui, x, middle);
  text(ui, Role::strong, nameX, baseline, ui.c.t1, "Headlight");
  if (homeWanted(p)) fill({x, bar.y1 - ui.u(3), end, bar.y1}, ui.c.acc);
  focusRing(ui, "home", box, ui.u(4));
  ui.tip("home", box, press.hovered, homeWanted(p) ? "Leave Home · Esc" : "Home · Alt Home");
  if (press.pressed) runCommand(p, "home");
  return end;
}

void drawSearch(Panel& p, const Box& search) {
  Ui& ui = p.ui;
  const Press press = pressable(ui, "palette", search);
  fill(search, isDark(ui.theme) ? ui.c.s0 : ui.c.s2, ui.u(4));
  frame(search, press.hovered ? ui.c.edge : ui.c.line, ui.u(1), ui.u(4));
  icon(ui, Icon::search, search.x0 + ui.u(16), search.centreY(), ui.c.t2);
  const float keyWidth = textWidth(ui, Role::micro, "Ctrl K");
  textIn(ui, Role::body, {search.x0 + ui.u(28), search.y0, search.x1 - keyWidth - ui.u(14), search.y1},
         Align::left, ui.c.t2, "Search commands");
  textIn(ui, Role::micro, {search.x1 - keyWidth - ui.u(9), search.y0, search.x1 - ui.u(9) + 1, search.y1},
         Align::left, ui.c.t2, "Ctrl K");
  focusRing(ui, "palette", search, ui.u(4));
  if (press.pressed) openPalette(p);
}

}  // namespace

void drawTopBar(Panel& p) {
  Ui& ui = p.ui;
  const Box& bar = p.layout.top;
  const Region region(ui, "top", bar, ui.c.s1, kOrderTop, false);
  horizontal(bar.x0, bar.x1, bar.y1 - ui.u(1), ui.c.line, ui.u(1));
  const float middle = std::round((bar.y0 + bar.y1 - ui.u(1)) / 2);
  const float half = ui.u(14);

  const Box menu = Box::at(bar.x0 + ui.u(9), middle - half, 2 * half, 2 * half);
  if (iconButton(ui, "menu", menu, Icon::menu, "Menu")) openMenu(p);
  const float nameBase = centredBaseline(ui, Role::strong, middle, middle);
  float x = drawMark(p, bar.x0 + ui.u(46), middle, nameBase) + ui.u(14);
  vertical(x, middle - ui.u(8), middle + ui.u(8), ui.c.line, ui.u(1));
  x += ui.u(14);

  const float exportWidth = ui.u(108);
  const Box exported = Box::at(bar.x1 - ui.u(16) - exportWidth, middle - half, exportWidth, 2 * half);
  // The words of a button that is known by its icon give way to the tabs.
  const bool named = bar.width() >= ui.u(1200);
  const float presentWidth = named ? ui.u(98) : 2 * half;
  const Box present = Box::at(exported.x0 - ui.u(6) - presentWidth, middle - half, presentWidth, 2 * half);
  const float deckWidth = deckBarWidth(p);
  const float deckTakes = deckWidth > 0 ? deckWidth + ui.u(14) : 0;
  // So do those of the search, where a deck takes its room as well.
  const float left = x + ui.u(78) + deckTakes + tabsWidth(p) + ui.u(20);
  const float free = present.x0 - ui.u(18) - 4 * half - left;
  const float searchWidth = free >= ui.u(190) ? ui.u(190) : free >= ui.u(150) ? free : 2 * half;
  const Box search = Box::at(present.x0 - ui.u(6) - searchWidth, middle - half, searchWidth, 2 * half);
  const Box redo = Box::at(search.x0 - ui.u(8) - 2 * half, middle - half, 2 * half, 2 * half);
  const Box undo = redo.moved(-ui.u(4) - 2 * half, 0);

  const float tabsX = tabsBegin(p, x + ui.u(78) + deckTakes, undo.x0);
  const std::string name =
      shortened(ui, Role::body, p.session.documentName(), tabsX - x - ui.u(36) - deckTakes);
  const float nameEnd =
      text(ui, Role::body, x, centredBaseline(ui, Role::body, middle, middle), ui.c.t2, name);
  if (p.session.unsaved())
    canvas()->AddCircleFilled({nameEnd + ui.u(10), middle + ui.u(1)}, ui.u(3), ui.c.t2, 16);
  drawDeckBar(p, Box::at(tabsX - ui.u(20) - deckWidth, middle - half, deckWidth, 2 * half));
  drawTabs(p, tabsX, nameBase);
  drawSnapshotBar(p, tabsX + tabsWidth(p) + ui.u(20), undo.x0 - ui.u(12));

  if (iconButton(ui, "edit.undo", undo, Icon::undo,
                 stepWords("Undo", p.session.canUndo(), p.session.undoName(), "Ctrl Z"),
                 p.session.canUndo())) {
    p.session.undo();
  }
  if (iconButton(ui, "edit.redo", redo, Icon::redo,
                 stepWords("Redo", p.session.canRedo(), p.session.redoName(), "Ctrl Shift Z"),
                 p.session.canRedo())) {
    p.session.redo();
  }

  if (searchWidth < ui.u(150)) {
    if (iconButton(ui, "palette", search, Icon::search, "Search commands · Ctrl K")) openPalette(p);
  } else {
    drawSearch(p, search);
  }

  if (named ? button(ui, "view.present", present, "Present", "F5")
            : iconButton(ui, "view.present", present, Icon::play, "Present · F5")) {
    runCommand(p, "view.present");
  }
  if (button(ui, "document.export", exported, "Export", "Ctrl E", ButtonKind::plain,
             p.session.evaluation() != nullptr, "there are no numbers to draw")) {
    openExport(p);
  }
}

}  // namespace headlight
