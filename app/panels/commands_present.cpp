#include "app/panels/commands.h"
#include "app/panels/present.h"
#include "app/widgets/keys.h"

namespace headlight {
namespace {

constexpr int kKeyB = 66;
constexpr int kKeyT = 84;
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
  add(
      "present.next", "Next step", "Presentation", "Page Down", on, [](Panel& q) { presentStep(q, 1); },
      {kKeyPageDown}, kReason);
  add(
      "present.previous", "Previous step", "Presentation", "Page Up", on,
      [](Panel& q) { presentStep(q, -1); }, {kKeyPageUp}, kReason);
  add(
      "present.blank", "Blank the screen", "Presentation", "B", on,
      [](Panel& q) { q.state.part<Presentation>().blank = true; }, {kKeyB}, kReason);
  add("present.theme", "Light or dark page", "Presentation", "T", on, swapTheme, {kKeyT}, kReason);
}

}  // namespace headlight
