#include "app/panels/strip.h"

#include <algorithm>
#include <cmath>

#include "app/panels/heads_parts.h"
#include "app/panels/matrix_page.h"
#include "app/panels/strip_plan.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "core/base/number.h"

namespace headlight {
namespace {

ImU32 hueOf(const Ui& ui, Stage stage, ImU32 other) {
  if (stage == Stage::q) return ui.c.q;
  if (stage == Stage::k) return ui.c.k;
  if (stage == Stage::v) return ui.c.v;
  return other;
}

float middle(const Panel& p) {
  return p.layout.strip.y0 + (p.layout.stripFolded ? p.ui.u(42) : p.ui.m(58, 73));
}

/// A row of a thumbnail, its column or a cell, outlined outside of it.
void outline(const Ui& ui, const StripNode& node, const Box& part, ImU32 colour) {
  const Box clipped = part.clippedTo(node.map);
  if (clipped.empty()) return;
  const float line = std::max(1.0f, ui.u(1));
  frame(clipped.inset(-line, -line), colour, line);
}

/// Row i on X, Q, out, Y; key j on Kᵀ and V; the cell on the square maps.
void markCell(const Ui& ui, const StripNode& node, const Cell& cell) {
  switch (node.stage) {
    case Stage::input:
    case Stage::q:
    case Stage::headOutput:
    case Stage::concat:
    case Stage::output:
      outline(ui, node, thumbPart(node.thumb, node.map, cell.row, -1), ui.c.q);
      break;
    case Stage::k:
      outline(ui, node, thumbPart(node.thumb, node.map, cell.col, -1), ui.c.k);
      break;
    case Stage::v:
      outline(ui, node, thumbPart(node.thumb, node.map, cell.col, -1), ui.c.v);
      break;
    case Stage::memory:
    case Stage::contribution:
      break;
    default:
      markCell(ui, node.thumb, node.map, cell, std::max(1.0f, ui.u(1)));
  }
}

/// Of the pinned cell, and of the one under the pointer.
void drawMarks(const Panel& p, const StripNode& node) {
  if (!isMap(p.session.view().stage)) return;
  const auto focused = p.session.focusCell();
  const auto hovered = p.session.hovered();
  if (focused) markCell(p.ui, node, *focused);
  if (hovered && focused != hovered) markCell(p.ui, node, *hovered);
}

std::string shapeWords(const StripNode& node) {
  const bool turned = node.stage == Stage::k;
  const std::string rows = grouped(turned ? node.field.cols : node.field.rows);
  const std::string cols = grouped(turned ? node.field.rows : node.field.cols);
  return rows + "×" + cols;
}

std::string tipOf(Stage stage) {
  const StageInfo& stageInfo = info(stage);
  std::string words = std::string(stageInfo.title) + " · " + std::string(stageInfo.id);
  if (!stageInfo.pytorch.empty()) words += " · PyTorch " + std::string(stageInfo.pytorch);
  if (!stageInfo.transformerLens.empty())
    words += " · TransformerLens " + std::string(stageInfo.transformerLens);
  return words;
}

/// Whether the map has more cells than are pooled for a picture of this size.
bool isLeftOut(const Panel& p, const StripNode& node) {
  const auto evaluation = p.session.evaluation();
  // Of a pass that is under way or was stopped there may be less than could be.
  if (!evaluation || p.session.busy() || evaluation->run->overviewRows) return false;
  const auto tile = p.session.tile(node.stage, node.field.head, node.thumb.geometry.level, 0, 0);
  return tile && !tile->classes.empty() &&
         tile->classes.front() == static_cast<std::uint8_t>(CellClass::notComputed);
}

void drawNode(Panel& p, const StripNode& node, bool selected) {
  Ui& ui = p.ui;
  const Layout& l = p.layout;
  const std::string id = "stage." + std::string(info(node.stage).id);
  const Press press = pressable(ui, id, node.box, true, false);
  if (selected) {
    fill(node.box, isDark(ui.theme) ? ui.c.s3 : ui.c.accbg);
    fill({node.box.x0, node.box.y0, node.box.x1, node.box.y0 + ui.u(3)}, ui.c.acc);
  } else if (press.hovered || press.held) {
    fill(node.box, ui.c.s2);
  }
  const ImU32 ink = selected ? ui.c.t1 : press.hovered ? ui.c.t1 : ui.c.t2;
  const Role role = selected ? Role::labelStrong : Role::label;
  const float nameY = l.strip.y0 + (l.stripFolded ? ui.u(14) : ui.u(16));
  const float nameX = std::round(node.box.centreX() - mathWidth(ui, role, node.name) / 2);
  math(ui, role, nameX, centredBaseline(ui, role, nameY - 1, nameY + 1),
       selected && !isDark(ui.theme) ? ink : hueOf(ui, node.stage, ink), node.name);

  drawMap(p, 100 + static_cast<std::uint64_t>(node.stage), node.field, node.thumb.geometry, node.map.min(),
          node.thumb.sx, node.thumb.sy,
          node.thumb.geometry.level == 0 ? stripRange(p, node.stage, node.field.head) : std::nullopt);
  if (const ImU32 hue = hueOf(ui, node.stage, 0); hue != 0) {
    const float away = ui.u(2);
    frame(node.map.inset(-away, -away), hue, ui.u(1));
  }
  drawMarks(p, node);
  const bool leftOut = isLeftOut(p, node);
  if (leftOut) textIn(ui, Role::micro, node.map, Align::centre, ui.c.t2, "…");

  if (!l.stripFolded) {
    std::string shape = shapeWords(node);
    const float baseline = l.strip.y0 + ui.m(101, 134);
    const float width = textWidth(ui, Role::numMicro, shape);
    const float x = std::round(node.box.centreX() - width / 2);
    text(ui, Role::numMicro, x, baseline, selected ? ui.c.t1 : ui.c.t2, shape);
    if (p.session.canUndo() || p.session.canRedo()) {
      const float markX = x + width + ui.u(7);
      const float markY = std::round(baseline - ui.fonts->face(Role::numMicro).capital / 2);
      if (p.session.changed(node.stage)) {
        canvas()->AddCircleFilled({markX, markY}, ui.u(2), ui.c.t1, 12);
      } else {
        text(ui, Role::micro, markX - ui.u(3), baseline, ui.c.t2, "=");
      }
    }
  }
  if (press.pressed) p.session.selectStage(node.stage);
  ui.tip(id, node.box, press.hovered,
         tipOf(node.stage) +
             (leftOut ? " · too many cells for a small picture: select it to have it computed" : ""));
}

/// What multiplies X or concat opens its numbers.
void openByPress(Panel& p, const StripOperator& op, const char* id, std::string_view matrix) {
  Ui& ui = p.ui;
  const Box& strip = p.layout.strip;
  const Box box{op.x0 + ui.u(1), strip.y0 + ui.u(8), op.x1 - ui.u(1), strip.y1 - ui.u(8)};
  const Press press = pressable(ui, id, box);
  if (press.hovered) fill(box, ui.c.s2, ui.u(4));
  focusRing(ui, id, box, ui.u(4));
  ui.tip(id, box, press.hovered, "The numbers of the weight matrices");
  if (press.pressed) openMatrix(p, matrix);
}

void drawOperator(Panel& p, const StripOperator& op) {
  Ui& ui = p.ui;
  const float y = middle(p);
  const float centre = (op.x0 + op.x1) / 2;
  const ImU32 ink = op.off ? ui.c.t2 : ui.c.t1;
  if (op.kind == StripOperator::Kind::sign) {
    const float width = textWidth(ui, Role::title, op.words);
    text(ui, Role::title, centre - width / 2, centredBaseline(ui, Role::title, y - 1, y + 3), ui.c.t2,
         op.words);
    return;
  }
  if (op.kind == StripOperator::Kind::projections) {
    if (hasMatrices(p)) openByPress(p, op, "matrix/projections", "w_q");
    struct Projection {
      const char* name;
      ImU32 colour;
    };
    const Projection all[] = {{"W_Q", ui.c.q}, {"W_K", ui.c.k}, {"W_V", ui.c.v}};
    const float step = p.layout.stripFolded ? ui.u(12) : ui.m(17, 24);
    const float words = mathWidth(ui, Role::label, "W_Q");
    const float x0 = op.x0 + ui.u(2);
    for (int i = 0; i < 3; ++i) {
      const float row = std::round(y + static_cast<float>(i - 1) * step);
      math(ui, Role::label, x0, centredBaseline(ui, Role::label, row - 1, row + 1), all[i].colour,
           all[i].name);
      arrow(ui, x0 + words + ui.u(6), op.x1 - ui.u(4), row, all[i].colour);
    }
    return;
  }
  if (op.words == "· W_O" && hasMatrices(p)) openByPress(p, op, "matrix/output", "w_o");
  const Role role = Role::label;
  const float width = mathWidth(ui, role, op.words);
  const float half = std::min((op.x1 - op.x0) / 2 - ui.u(1), std::max(width / 2, ui.u(21)));
  if (p.layout.stripFolded) {
    math(ui, role, std::round(centre - width / 2), y - ui.u(5), ink, op.words);
    arrow(ui, centre - half, centre + half, y + ui.u(3), op.off ? ui.c.edge : ui.c.t2);
    return;
  }
  math(ui, role, std::round(centre - width / 2), y - ui.u(5), ink, op.words);
  arrow(ui, centre - half, centre + half, y + ui.u(4), op.off ? ui.c.edge : ui.c.t2);
}

}  // namespace

void drawStrip(Panel& p) {
  Ui& ui = p.ui;
  const Box& box = p.layout.strip;
  const Region region(ui, "strip", box, ui.c.s1, kOrderStrip, false);
  StripPlan plan = planStrip(p);
  const Stage selected = stripStage(p.session.view().stage);

  // Too many nodes for the width: the selected one stays in sight.
  float shift = 0;
  for (const StripNode& node : plan.nodes) {
    if (node.stage != selected || plan.width <= box.width()) continue;
    shift = std::clamp(node.box.centreX() - box.centreX(), 0.0f, plan.width - box.width());
  }
  if (shift > 0) {
    shift = std::round(shift);
    for (StripNode& node : plan.nodes)
      node.box = node.box.moved(-shift, 0), node.map = node.map.moved(-shift, 0);
    for (StripOperator& op : plan.operators) op.x0 -= shift, op.x1 -= shift;
  }

  ui.registry.addControl("strip", box, ui.layer);
  const bool focused = ui.focus.add("strip", ui.layer, kOrderStrip, !plan.nodes.empty());
  for (std::size_t i = 0; i < plan.nodes.size(); ++i) {
    drawNode(p, plan.nodes[i], plan.nodes[i].stage == selected);
    if (i < plan.operators.size()) drawOperator(p, plan.operators[i]);
  }
  horizontal(box.x0, box.x1, box.y1 - ui.u(1), ui.c.line, ui.u(1));

  if (focused && !compat::typing() && !plan.nodes.empty()) {
    const auto at = std::find_if(plan.nodes.begin(), plan.nodes.end(),
                                 [selected](const StripNode& n) { return n.stage == selected; });
    const auto index = at == plan.nodes.end() ? 0 : at - plan.nodes.begin();
    const auto last = static_cast<std::ptrdiff_t>(plan.nodes.size()) - 1;
    std::ptrdiff_t next = index;
    if (ui.take(kKeyRight)) next = std::min(index + 1, last);
    if (ui.take(kKeyLeft)) next = std::max<std::ptrdiff_t>(index - 1, 0);
    if (ui.take(kKeyHome)) next = 0;
    if (ui.take(kKeyEnd)) next = last;
    if (next != index) p.session.selectStage(plan.nodes[static_cast<std::size_t>(next)].stage);
    if (ui.take(kKeyEnter)) ui.focus.set("stage", true);
    if (at != plan.nodes.end()) focusRing(ui, "strip", at->box.inset(ui.u(3), ui.u(4)), ui.u(2));
  }
}

}  // namespace headlight
