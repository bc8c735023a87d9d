#include "app/window/measure_window.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include <epoxy/gl.h>

#include "app/session/state.h"
#include "app/window/main_window.h"
#include "app/window/measure.h"

namespace headlight {
namespace {

constexpr double kPatience = 60;

/// The numbers shown are those of the document, and all of them are on the screen.
bool shown(MainWindow& window) {
  const auto evaluation = window.session().evaluation();
  return evaluation && sameNumbers(evaluation->experiment, window.session().experiment()) && window.settled();
}

/// Draws when a frame is due, as the window does, until all is shown; seconds, negative when it never came.
double drawUntilShown(MainWindow& window, Offscreen* target) {
  const double begin = window.now();
  while (window.now() - begin < kPatience) {
    if (window.collect()) {
      window.draw(target);
      if (shown(window)) {
        glFinish();
        return window.now() - begin;
      }
    }
    window.wait(kPatience);
  }
  return -1;
}

}  // namespace

void measureFirstFrame(MainWindow& window) {
  drawUntilShown(window, nullptr);
  std::fprintf(stderr, "measure: first_frame_ms=%.1f\n", secondsSinceStart() * 1e3);
}

void measureTicks(MainWindow& window, Offscreen* target) {
  constexpr int kTicks = 11;
  const auto evaluation = window.session().evaluation();
  if (!evaluation) return;
  const std::int64_t before = evaluation->run->sizes.dK;
  std::vector<double> ticks;
  for (int tick = 0; tick < kTicks; ++tick) {
    const std::int64_t next = before + (tick % 2 == 0 ? (before > 1 ? -1 : 1) : 0);
    window.session().change("shape.d_k", Value(next), Phase::live);
    const double seconds = drawUntilShown(window, target);
    if (seconds >= 0) ticks.push_back(seconds * 1e3);
  }
  window.session().commit();
  if (ticks.empty()) return;
  std::sort(ticks.begin(), ticks.end());
  std::fprintf(stderr, "measure: dk_tick_ms=%.1f least=%.1f most=%.1f ticks=%zu\n", ticks[ticks.size() / 2],
               ticks.front(), ticks.back(), ticks.size());
}

void measureIdle(MainWindow& window, double seconds) {
  if (seconds <= 0) return;
  window.drawUntilSettled(nullptr, kPatience);
  // What is still written or remembered after the last change belongs to the change.
  for (const double end = window.now() + kAutosaveDelay + 1; window.now() < end;) {
    window.wait(0.1);
    if (window.collect()) window.draw();
  }
  const std::uint64_t frames = window.framesDrawn();
  const double processor = processorSeconds();
  const double begin = window.now();
  while (window.now() - begin < seconds) {
    window.wait(seconds - (window.now() - begin));
    if (window.collect()) window.draw();
  }
  std::fprintf(stderr, "measure: idle_s=%.1f frames=%llu cpu_s=%.3f\n", window.now() - begin,
               static_cast<unsigned long long>(window.framesDrawn() - frames),
               processorSeconds() - processor);
}

}  // namespace headlight
