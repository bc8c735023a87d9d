#include <algorithm>

#include "app/panels/inspector.h"
#include "app/widgets/draw.h"
#include "app/widgets/icons.h"

namespace headlight {
namespace {

/// Which facts are unfolded.
struct OpenFacts {
  bool open[3] = {false, false, false};
};

/// A line of arithmetic: title, expression or words, result. Returns the y below.
float factStep(Panel& p, const ExplainStep& step, float x, float y, float width) {
  Ui& ui = p.ui;
  const float height = ui.m(20, 22);
  const float baseline = centredBaseline(ui, Role::micro, y, y + height);
  float right = x + width;
  if (step.hasResult) {
    const std::string result = resultText(step.result);
    numText(ui, right, centredBaseline(ui, Role::num, y, y + height), ui.c.t1, result);
    right -= textWidth(ui, Role::num, result) + ui.u(12);
  }
  const float after = math(ui, Role::micro, x, baseline, ui.c.t2, step.title) + ui.u(10);
  const std::string& words = step.expression.empty() ? step.detail : step.expression;
  const Role role = step.expression.empty() ? Role::micro : Role::num;
  const float takes = mathWidth(ui, role, words);
  if (takes <= right - after) {
    math(ui, role, step.expression.empty() ? after : right - takes, centredBaseline(ui, role, y, y + height),
         ui.c.t2, words);
    return y + height;
  }
  return paragraph(ui, Role::micro, x, y + height + ui.u(8), width, ui.u(15), ui.c.t2, words) - ui.u(6);
}

}  // namespace

float drawFacts(Panel& p, const Explanation& e, float x, float y, float width) {
  Ui& ui = p.ui;
  OpenFacts& state = p.state.part<OpenFacts>();
  for (const ExplainFact& fact : e.facts) {
    const auto kind = static_cast<std::size_t>(fact.kind);
    const std::string id = "fact." + std::to_string(kind);
    const Box row = Box::at(x, y, width, ui.u(24));
    const bool unfolds = !fact.steps.empty();
    const Press press = unfolds ? pressable(ui, id, row) : Press{};
    if (press.hovered) fill(row.inset(-ui.u(4), 0), ui.c.s2, ui.u(3));
    bool& open = state.open[kind];
    const float end =
        text(ui, Role::strong, x, centredBaseline(ui, Role::strong, row.y0, row.y1), ui.c.t1, fact.name);
    const float cx = end + (unfolds ? ui.u(12) : 0);
    const float s = ui.scale * (open ? -1.0f : 1.0f);
    const ImVec2 points[] = {{cx - 4 * ui.scale, row.centreY() - 2 * s},
                             {cx, row.centreY() + 2 * s},
                             {cx + 4 * ui.scale, row.centreY() - 2 * s}};
    if (unfolds) canvas()->AddPolyline(points, 3, ui.c.t2, 0, std::max(1.0f, 1.4f * ui.scale));
    const float room = row.x1 - cx - ui.u(12);
    float below = row.y1;
    if (const float takes = mathWidth(ui, Role::body, fact.text); takes <= room) {
      math(ui, Role::body, row.x1 - takes, centredBaseline(ui, Role::body, row.y0, row.y1), ui.c.t2,
           fact.text);
    } else {
      math(ui, Role::micro, x, row.y1 + ui.u(10), ui.c.t2, fact.text);
      below += ui.u(16);
    }
    if (unfolds) focusRing(ui, id, row, ui.u(3));
    ui.tip(id, row, press.hovered, open ? "Hide how it is made" : "Show how it is made");
    if (press.pressed) open = !open;
    y = below;
    if (!open) continue;
    for (const ExplainStep& step : fact.steps) y = factStep(p, step, x + ui.u(12), y, width - ui.u(12));
    y += ui.u(4);
  }
  return y;
}

}  // namespace headlight
