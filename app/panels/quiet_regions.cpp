#include "app/panels/quiet_regions.h"

#include "app/widgets/draw.h"

namespace headlight {

void drawQuietStrip(Panel& p, const std::string& words) {
  Ui& ui = p.ui;
  const Box& box = p.layout.strip;
  const Region region(ui, "strip", box, ui.c.s1, kOrderStrip, false);
  const Box line = box.inset(ui.u(16), 0);
  textIn(ui, Role::body, line, Align::centre, ui.c.t2, shortened(ui, Role::body, words, line.width()));
  horizontal(box.x0, box.x1, box.y1 - ui.u(1), ui.c.line, ui.u(1));
}

void drawQuietRail(Panel& p) {
  Ui& ui = p.ui;
  const Box& box = p.layout.rail;
  const Region region(ui, "rail", box, ui.c.s1, kOrderRail, false);
  vertical(box.x1 - ui.u(1), box.y0, box.y1, ui.c.line, ui.u(1));
}

void drawQuietInspector(Panel& p) {
  Ui& ui = p.ui;
  const Box& box = p.layout.inspector;
  if (p.layout.inspectorFolded) return;
  const Region region(ui, "inspector", box, ui.c.s1, kOrderInspector, false);
  vertical(box.x0, box.y0, box.y1, ui.c.line, ui.u(1));
}

}  // namespace headlight
