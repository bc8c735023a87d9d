#include <array>

#include "app/panels/parameter_control.h"
#include "app/panels/rail_pen.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/experiment/parameters.h"

namespace headlight {
namespace {

struct MistakeFold {
  bool open = false;
};

/// A mistake that is there or not: `wrong` is what its toggle sets.
struct Mistaken {
  const char* id;
  std::string_view label;  ///< math markup
  Value wrong;
  bool (*made)(const Experiment&);
};

bool any(const Experiment& e) {
  return e.tiesKeys || !(e.mistake == Mistake());
}

std::string maskAs(const Experiment& e) {
  if (e.mistake.maskAs == Mistake::MaskAs::zeroScore) return "zero_score";
  return e.mistake.maskAs == Mistake::MaskAs::zeroWeight ? "zero_weight" : "";
}

void rows(RailPen& pen) {
  Ui& ui = pen.ui;
  static const std::array kRows{
      Mistaken{"mistake.softmax_over", "softmax over the queries", "queries",
               [](const Experiment& e) { return e.mistake.overQueries; }},
      Mistaken{"mistake.normalize", "s ÷ Σs, without e^s", "plain_sum",
               [](const Experiment& e) { return e.mistake.plainSum; }},
      Mistaken{"mistake.subtract_max", "no maximum taken off", false,
               [](const Experiment& e) { return e.mistake.keepsMaximum; }},
      Mistaken{"mistake.merge", "mean of the heads", "mean",
               [](const Experiment& e) { return e.mistake.meanMerge; }},
      Mistaken{"mistake.tie", "W_K = W_Q", "w_k=w_q", [](const Experiment& e) { return e.tiesKeys; }},
  };
  for (const Mistaken& row : kRows) {
    const bool wrong = row.made(pen.now());
    if (pen.flag(row.id, row.label, wrong)) {
      const ParameterInfo* info = parameter(row.id);
      pen.p.session.change(row.id, wrong ? info->key.fallback : row.wrong, Phase::done);
    }
    pen.y += ui.u(4);
  }
  pen.labelled("masked is", "mistake.mask_as", maskAs(pen.now()),
               {{"", "−∞"}, {"zero_score", "score 0"}, {"zero_weight", "weight 0"}});
}

}  // namespace

void drawMistakesSection(RailPen& pen) {
  Ui& ui = pen.ui;
  auto& fold = pen.p.state.part<MistakeFold>();
  const bool wrong = any(pen.now());
  const float top = pen.y + ui.u(14);
  pen.head("Deliberately wrong", "Mistakes");
  const Box head{pen.x - ui.u(4), top + ui.u(8), pen.x + pen.width - ui.u(30), top + ui.u(32)};
  const Press press = pressable(ui, "mistakes", head, !wrong);
  const bool open = fold.open || wrong;
  if (!wrong) {
    icon(ui, Icon::chevron, head.x1 - ui.u(12), head.centreY(), press.hovered ? ui.c.t1 : ui.c.t2);
    focusRing(ui, "mistakes", head, ui.u(4));
    if (press.pressed) fold.open = !fold.open;
  }
  if (!open) return;
  icon(ui, Icon::warning, pen.x + ui.u(7), pen.y + ui.u(2), ui.c.err);
  pen.y =
      paragraph(ui, Role::micro, pen.x + ui.u(20), pen.y + ui.u(6), pen.width - ui.u(20), ui.u(15), ui.c.err,
                "For lessons: the window, every figure and its description say what is wrong.") -
      ui.u(2);
  rows(pen);
}

}  // namespace headlight
