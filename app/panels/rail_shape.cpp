#include <algorithm>

#include "app/panels/rail_pen.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/slider.h"

namespace headlight {
namespace {

Sizes shownSizes(const RailPen& pen) {
  const auto evaluation = pen.p.session.evaluation();
  if (pen.fromFile() && evaluation) return evaluation->run->sizes;
  const ShapeSpec& shape = pen.now().shape;
  Sizes sizes;
  sizes.dModel = shape.dModel.value_or(64);
  sizes.heads = static_cast<int>(shape.heads.value_or(4));
  sizes.kvHeads = static_cast<int>(shape.kvHeads.value_or(sizes.heads));
  sizes.dK = shape.dK.value_or(sizes.heads > 0 ? sizes.dModel / sizes.heads : 1);
  sizes.dV = shape.dV.value_or(sizes.dK);
  return sizes;
}

/// "d_k = d_model ÷ heads" or "d_v = d_k", and the toggle that keeps it so.
void lock(RailPen& pen, const std::string& id, const std::string& words, bool locked, bool enabled,
          Value unlocked) {
  Ui& ui = pen.ui;
  const Box row = Box::at(pen.x, pen.y, pen.width, ui.u(24));
  math(ui, Role::micro, row.x0, centredBaseline(ui, Role::micro, row.y0, row.y1), ui.c.t2, words);
  pen.tip(id, {row.x0, row.y0, row.x1 - ui.u(44), row.y1});
  if (toggle(ui, id + "/lock", {row.x1 - ui.u(40), row.y0, row.x1, row.y1}, locked, locked || enabled)) {
    pen.p.session.change(id, locked ? std::move(unlocked) : Value(), Phase::done);
  }
  pen.y = row.y1 + ui.u(8);
}

/// A width that follows from others: the number beside a lock.
void derived(RailPen& pen, const std::string& id, std::string_view label, std::int64_t value) {
  SliderSpec spec;
  spec.id = id;
  spec.label = label;
  spec.value = static_cast<double>(value);
  spec.derived = true;
  const Box row = Box::at(pen.x, pen.y, pen.width, pen.ui.u(20));
  slider(pen.ui, row, spec);
  pen.tip(id, {row.x0, row.y0, row.x1 - pen.ui.u(62), row.y1});
  pen.y += pen.ui.u(22);
}

}  // namespace

void drawShapeSection(RailPen& pen) {
  Ui& ui = pen.ui;
  pen.head("Shape", "Shape");
  const ShapeSpec& shape = pen.now().shape;
  const std::string_view fixedBy = pen.fromFile() ? "the file decides the shape" : "";
  const Sizes sizes = shownSizes(pen);
  const bool locked = !shape.dK && !pen.fromFile();
  std::vector<double> headChoices;
  if (locked) {
    for (std::int64_t h = 1; h <= std::min<std::int64_t>(sizes.dModel, 64); ++h) {
      if (sizes.dModel % h == 0) headChoices.push_back(static_cast<double>(h));
    }
  }
  pen.number("shape.heads", "heads", sizes.heads, headChoices, fixedBy);
  if (pen.givesMaps()) {
    pen.y -= ui.u(4);
    return;
  }
  std::vector<double> kvChoices;
  for (int h = 1; h <= sizes.heads; ++h) {
    if (sizes.heads % h == 0) kvChoices.push_back(h);
  }
  pen.number("shape.kv_heads", "kv heads", sizes.kvHeads, kvChoices, fixedBy);
  if (locked) {
    derived(pen, "shape.d_k", "d_k", sizes.dK);
  } else {
    pen.number("shape.d_k", "d_k", static_cast<double>(sizes.dK), {}, fixedBy);
    pen.y -= ui.u(4);
  }
  if (!pen.fromFile()) {
    const bool divides = sizes.heads > 0 && sizes.dModel % sizes.heads == 0;
    const std::string words =
        locked ? "= d_model ÷ heads = " + std::to_string(sizes.dModel) + " ÷ " + std::to_string(sizes.heads)
               : "d_k = d_model ÷ heads";
    lock(pen, "shape.d_k", words, locked, divides, Value(sizes.dK));
    // One line while it follows d_k, as it does nearly everywhere.
    if (shape.dV) {
      pen.number("shape.d_v", "d_v", static_cast<double>(sizes.dV));
      pen.y -= ui.u(4);
    }
    lock(pen, "shape.d_v", shape.dV ? "d_v = d_k" : "d_v = d_k = " + std::to_string(sizes.dV), !shape.dV,
         true, Value(sizes.dV));
  } else if (sizes.dV > 0) {
    pen.number("shape.d_v", "d_v", static_cast<double>(sizes.dV), {}, fixedBy);
  }
  if (sizes.dModel > 0)
    pen.number("shape.d_model", "d_model", static_cast<double>(sizes.dModel), {}, fixedBy);
  pen.y -= ui.u(4);
}

}  // namespace headlight
