#include <algorithm>
#include <cmath>

#include "app/panels/present.h"
#include "app/panels/present_tools.h"
#include "app/widgets/draw.h"

namespace headlight {

std::string clockText(double seconds) {
  constexpr int kMinute = 60;
  const auto whole = static_cast<long>(std::max(0.0, std::floor(seconds)));
  const std::string rest = std::to_string(whole % kMinute);
  return std::to_string(whole / kMinute) + (rest.size() < 2 ? ":0" : ":") + rest;
}

void drawStepClock(Panel& p, const Box& line) {
  Ui& ui = p.ui;
  const StepClock& clock = p.state.part<Presentation>().clock;
  if (!clock.shown) return;
  const double passed = std::max(0.0, ui.seconds - clock.since);
  const std::string words = clockText(passed);
  const float end = textWidth(ui, Role::numMicro, words);
  text(ui, Role::numMicro, line.x0, centredBaseline(ui, Role::numMicro, line.y0, line.y1), ui.c.t2, words);
  textIn(ui, Role::micro, {line.x0 + end + atLines(p, 10), line.y0, line.x1, line.y1}, Align::left, ui.c.t2,
         "on this step");
  // The next second is another picture.
  p.session.wakeIn(std::floor(passed) + 1 - passed + 0.01);
}

}  // namespace headlight
