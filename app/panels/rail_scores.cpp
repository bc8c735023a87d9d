#include <algorithm>
#include <cmath>

#include "app/panels/parameter_control.h"
#include "app/panels/rail.h"
#include "app/panels/rail_pen.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"

namespace headlight {
namespace {

void scale(RailPen& pen) {
  Ui& ui = pen.ui;
  const Box row = Box::at(pen.x, pen.y, pen.width, ui.u(24));
  const Experiment& e = pen.now();
  const bool isNumber = e.scale.isNumber();
  math(ui, Role::body, row.x0, centredBaseline(ui, Role::body, row.y0, row.y1), ui.c.t2,
       isNumber ? "scale by" : "scale by 1/√d_k");
  const Box switchBox{row.x1 - ui.u(40), row.y0, row.x1, row.y1};
  Box name{row.x0, row.y0, switchBox.x0, row.y1};
  const bool on = isNumber || (e.scale.isString() && e.scale.string() != "none");
  if (isNumber) {
    const Box field = Box::at(switchBox.x0 - ui.u(58), row.y0 + ui.u(2), ui.u(54), ui.u(20));
    name.x1 = field.x0;
    applyNumber(pen.p, "score.scale", numberField(ui, "score.scale/field", field, e.scale.number(), 3), false,
                Value("inverse_sqrt_d_k"));
  } else if (on) {
    // A number of one's own begins where 1/√d_k stands.
    const auto evaluation = pen.p.session.evaluation();
    const std::int64_t dK = evaluation ? evaluation->run->sizes.dK : 0;
    const Box own = Box::at(switchBox.x0 - ui.u(34), row.y0, ui.u(30), ui.u(24));
    name.x1 = own.x0;
    if (dK > 0 && button(ui, "score.scale/own", own, "…", "", ButtonKind::quiet)) {
      pen.p.session.change("score.scale", Value(std::round(1e4 / std::sqrt(static_cast<double>(dK))) / 1e4),
                           Phase::done);
    }
  }
  pen.tip("score.scale", name);
  if (toggle(ui, "score.scale", switchBox, on)) {
    pen.p.session.change("score.scale", Value(on ? "none" : "inverse_sqrt_d_k"), Phase::done);
  }
  pen.y = fieldErrorBelow(pen.p, "score.scale", pen.x, row.y1, pen.width) + ui.u(8);
}

void softcap(RailPen& pen) {
  const Experiment& e = pen.now();
  // 50 is what Gemma 2 caps its scores at.
  constexpr double kGemma = 50;
  if (pen.flag("score.softcap", "softcap", e.softcap.has_value())) {
    pen.p.session.change("score.softcap", e.softcap ? Value() : Value(kGemma), Phase::done);
  }
  if (e.softcap) {
    pen.y += pen.ui.u(2);
    pen.number("score.softcap", "c in c · tanh(s ÷ c)", *e.softcap, {}, {}, "score.softcap/value");
  }
  pen.y += pen.ui.u(8);
}

/// Which heads are silenced, each by a press.
void silenced(RailPen& pen) {
  const auto evaluation = pen.p.session.evaluation();
  if (!evaluation || !evaluation->run->has(Stage::headOutput)) return;
  Ui& ui = pen.ui;
  const int heads = evaluation->run->sizes.heads;
  const std::vector<int> silent = pen.now().ablatedHeads;
  const Box name = Box::at(pen.x, pen.y, pen.width, ui.u(20));
  textIn(ui, Role::body, name, Align::left, ui.c.t2, "silenced heads");
  pen.tip("ablate.heads", name);
  pen.y = name.y1 + ui.u(4);
  constexpr int kMost = 32;
  const float side = ui.u(26);
  const float gap = ui.u(3);
  float x = pen.x;
  for (int h = 0; h < std::min(heads, kMost); ++h) {
    if (x + side > pen.x + pen.width + 1) {
      x = pen.x;
      pen.y += side + gap;
    }
    const Box place = Box::at(x, pen.y, side, side);
    const std::string id = "ablate.heads=" + std::to_string(h);
    const bool on = std::find(silent.begin(), silent.end(), h) != silent.end();
    const Press press = pressable(ui, id, place);
    fill(place, on ? ui.c.s3 : press.hovered ? ui.c.s3 : ui.c.s2, ui.u(4));
    frame(place, on ? ui.c.edge : ui.c.line, ui.u(1), ui.u(4));
    textIn(ui, Role::numMicro, place, Align::centre, on ? ui.c.t2 : ui.c.t1, std::to_string(h));
    if (on) horizontal(place.x0 + ui.u(5), place.x1 - ui.u(5), std::round(place.centreY()), ui.c.t1, ui.u(1));
    focusRing(ui, id, place, ui.u(4));
    if (press.pressed) {
      List next;
      for (const int other : silent) {
        if (other != h) next.emplace_back(other);
      }
      if (!on) next.emplace_back(h);
      std::sort(next.begin(), next.end(),
                [](const Value& a, const Value& b) { return a.integer() < b.integer(); });
      pen.p.session.change("ablate.heads", Value(std::move(next)), Phase::done);
    }
    x += side + gap;
  }
  pen.y += side + ui.u(10);
  if (heads <= kMost) return;
  static const KeySpec key{"ablate.heads", KeyType::list, List{}, false, 0, 0, {}, ""};
  pen.y = keyControl(pen.p, "ablate.heads", key, Value(List(silent.begin(), silent.end())), pen.x, pen.y,
                     pen.width);
}

}  // namespace

void drawScoresSection(RailPen& pen) {
  Ui& ui = pen.ui;
  pen.head("Scores", "Scores");
  pen.y -= ui.u(2);
  if (pen.givesMaps(Stage::weights)) {
    pen.y = paragraph(ui, Role::body, pen.x, pen.y + ui.u(14), pen.width, ui.u(18), ui.c.t2,
                      "The file gives the weights: no scale, bias, mask or normalizer is applied to them.") -
            ui.u(10);
    return;
  }
  if (!pen.givesMaps()) scale(pen);
  softcap(pen);
  pen.y = drawBiases(pen.p, pen.x, pen.y, pen.width) + ui.u(8);
  pen.y = drawMasks(pen.p, pen.x, pen.y, pen.width) + ui.u(2);
}

void drawWeightsSection(RailPen& pen) {
  Ui& ui = pen.ui;
  const Experiment& e = pen.now();
  if (pen.givesMaps(Stage::weights)) return;
  pen.head("Weights", "Weights");
  const KindFamily& family = normalizerFamily();
  pen.labelled("normalizer", "normalizer.kind", e.normalizer.kind, kindsOf(family, {}, e.normalizer.kind));
  pen.kindKeys(family.find(e.normalizer.kind), e.normalizer, "normalizer");
  pen.number("normalizer.temperature", "temperature τ", e.temperature);
  if (!e.mask.empty()) {
    const Box name = Box::at(pen.x, pen.y, pen.width, ui.u(18));
    text(ui, Role::body, pen.x, pen.y + ui.u(12), ui.c.t2, "rows without keys");
    pen.tip("normalizer.empty_row", name);
    pen.y += ui.u(20);
    drawEmptyRowSwitch(pen.p, Box::at(pen.x, pen.y, pen.width, ui.u(28)), "normalizer.empty_row");
    pen.y += ui.u(38);
  }
  silenced(pen);
}

}  // namespace headlight
