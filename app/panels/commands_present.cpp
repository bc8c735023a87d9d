#include "app/panels/commands.h"
#include "app/panels/lesson_parts.h"
#include "app/panels/present.h"
#include "app/widgets/keys.h"

namespace headlight {
namespace {

constexpr int kKeyB = 66;
constexpr int kKeyL = 76;
constexpr int kKeyN = 78;
constexpr int kKeyT = 84;
constexpr int kKeyW = 87;
constexpr int kKeyF5 = 294;
constexpr int kKeyF11 = 300;

void swapTheme(Panel& p) {
  p.state.part<Presentation>().dark = !isDark(p.ui.theme);
}

}  // namespace

void addPresentCommands(const Panel& p, std::vector<Command>& list) {
  const bool on = presenting(p);
  const auto add = [&list](const char* id, std::string label, const char* group, const char* chord,
                           bool enabled, std::function<void(Panel&)> run, Chord keys,
                           const char* reason = "") {
    list.push_back({id, std::move(label), group, chord, enabled, std::move(run), keys, 0, reason});
  };
  add("view.present", on ? "Leave the presentation" : "Present", "View", "F5", true,
      [](Panel& q) {
        if (presenting(q)) {
          stopPresenting(q);
        } else {
          startPresenting(q);
        }
      },
      {kKeyF5});
  add("view.fullScreen", p.state.part<Presentation>().fullScreen ? "Leave the full screen" : "Full screen",
      "View", "F11", true,
      [](Panel& q) {
        Presentation& state = q.state.part<Presentation>();
        state.fullScreen = !state.fullScreen;
        q.ui.stayAwake(0.1);
      },
      {kKeyF11});
  constexpr const char* kReason = "only while presenting";
  // A lesson that is not presented has these keys.
  const bool keys = on || p.state.tab != "lessons" || openLessonDesk(p) == nullptr;
  add(
      "present.next", "Next step", "Presentation", keys ? "Page Down" : "", on,
      [](Panel& q) { presentStep(q, 1); }, {keys ? kKeyPageDown : 0}, kReason);
  add(
      "present.previous", "Previous step", "Presentation", keys ? "Page Up" : "", on,
      [](Panel& q) { presentStep(q, -1); }, {keys ? kKeyPageUp : 0}, kReason);
  add(
      "present.blank", "Blank the screen", "Presentation", "B", on,
      [](Panel& q) { q.state.part<Presentation>().blank = true; }, {kKeyB}, kReason);
  const Presentation& now = p.state.part<Presentation>();
  add(
      "present.spotlight", now.spotlight.on ? "Spotlight off" : "Spotlight at the pointer", "Presentation",
      "L", on,
      [](Panel& q) {
        Spotlight& spot = q.state.part<Presentation>().spotlight;
        spot.on = !spot.on;
        spot.at.reset();
      },
      {kKeyL}, kReason);
  add(
      "present.spotlightSize", "Size of the spotlight", "Presentation", "Shift L", on && now.spotlight.on,
      [](Panel& q) { nextSpotlightSize(q.state.part<Presentation>().spotlight); }, {kKeyL, kShift},
      on ? "the spotlight is off" : kReason);
  add("present.hands", now.hands.entering ? "End counting hands" : "Count a show of hands", "Presentation",
      "N", on, startHands, {kKeyN}, kReason);
  add(
      "present.clock", now.clock.shown ? "Hide the time on this step" : "Show the time on this step",
      "Presentation", "W", on,
      [](Panel& q) {
        StepClock& clock = q.state.part<Presentation>().clock;
        clock.shown = !clock.shown;
      },
      {kKeyW}, kReason);
  add("present.theme", "Light or dark page", "Presentation", "T", on, swapTheme, {kKeyT}, kReason);
}

}  // namespace headlight
