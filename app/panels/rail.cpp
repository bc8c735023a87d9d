#include "app/panels/rail.h"

#include "app/panels/rail_pen.h"
#include "app/widgets/draw.h"

namespace headlight {
namespace {

void drawSections(RailPen& pen) {
  drawInputSection(pen);
  drawShapeSection(pen);
  drawScoresSection(pen);
  drawWeightsSection(pen);
  drawNumbersSection(pen);
  drawMistakesSection(pen);
  drawDocumentSection(pen);
  pen.y += pen.ui.u(16);
}

}  // namespace

void drawRail(Panel& p) {
  if (p.layout.railFolded && !p.layout.railOver) {
    constexpr std::string_view kNames[] = {"Input", "Shape", "Scores", "Weights", "Numbers"};
    drawFoldedRail(p, kNames);
  } else {
    const Region region(p.ui, "rail", p.layout.rail, p.ui.c.s1, kOrderRail, true);
    RailPen pen(p, p.layout.rail, region.top());
    drawSections(pen);
    region.contentEnds(pen.y);
  }
  vertical(p.layout.rail.x1 - p.ui.u(1), p.layout.rail.y0, p.layout.rail.y1, p.ui.c.line, p.ui.u(1));
}

}  // namespace headlight
