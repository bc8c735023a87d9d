#include "app/panels/home.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/panels/import_page.h"
#include "app/session/home_desk.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "app/widgets/keys.h"
#include "core/base/value.h"
#include "core/experiment/scenario_code.h"

namespace headlight {
namespace {

constexpr std::string_view kTitle = "Type a sentence to see attention";
constexpr std::string_view kHint = "The animal didn't cross the street …";
constexpr std::string_view kNothingLearned =
    "No trained model is loaded: its heads are constructed, nothing in them was learned.";
constexpr std::string_view kAccepted =
    ".headlight.json .npz .npy .csv .safetensors, or a figure exported here";

HomeView& state(const Panel& p) {
  return p.state.part<HomeView>();
}

/// A document of its own for the sentence that was typed.
void startSentence(Panel& p) {
  const std::string words = state(p).sentence;
  if (words.find_first_not_of(" \t") == std::string::npos) return;
  if (!p.session.mayLeave("home.sentence")) return;
  if (isScenarioCode(words)) {
    p.session.openFile(words);
    state(p).sentence.clear();
    p.state.tab = "explore";
    return;
  }
  p.session.newDocument();
  p.session.change("tokens", Value(Object{{"text", Value(words)}}), Phase::done);
  state(p).sentence.clear();
  p.state.tab = "explore";
  closeHome(p);
}

/// Arrows walk what Tab walks; the page keeps all of them to itself.
void takeKeys(Panel& p) {
  Ui& ui = p.ui;
  if (!ui.open.empty() || compat::typing() || ui.fieldOpens()) return;
  const bool on = ui.take(kKeyRight) || ui.take(kKeyDown);
  const bool back = ui.take(kKeyLeft) || ui.take(kKeyUp);
  for (const int key : {kKeyRight, kKeyLeft, kKeyUp, kKeyDown}) ui.take(key, kShift);
  if (on != back) {
    ui.focus.walk(on ? 1 : -1);
    ui.stayAwake(0.05);
  }
  if (ui.take(kKeyEscape)) {
    if (p.session.helpOpen()) return p.session.toggleHelp();
    closeHome(p);
  }
}

}  // namespace

bool homeWanted(const Panel& p) {
  const HomeView& view = state(p);
  return view.open && view.document == p.session.documentNumber() && !p.session.problem() && !importWanted(p);
}

void openHome(Panel& p) {
  HomeView& view = state(p);
  view.open = true;
  view.document = p.session.documentNumber();
  p.state.folds.railOpen = false;
  p.session.homeDesk().open();
}

void closeHome(Panel& p) {
  state(p).open = false;
}

void openHomeLesson(Panel& p, const std::string& id) {
  p.state.tab = "lessons";
  p.session.openLesson(id);
}

void leaveHomeFirst(std::vector<Command>& list) {
  constexpr std::array<std::string_view, 8> kStay{"home",         "palette",         "settings.open",
                                                  "view.theme",   "view.fullScreen", "view.larger",
                                                  "view.smaller", "view.scale100"};
  // These leave it by themselves, once another document is there.
  constexpr std::array<std::string_view, 7> kOpens{"document.", "example.", "recent.", "scene.",
                                                   "help.",     "theme.",   "share."};
  for (Command& command : list) {
    const std::string_view id = command.id;
    const bool stays = std::find(kStay.begin(), kStay.end(), id) != kStay.end() ||
                       std::any_of(kOpens.begin(), kOpens.end(), [id](std::string_view group) {
                         return id.substr(0, group.size()) == group;
                       });
    if (stays) continue;
    command.run = [run = std::move(command.run)](Panel& q) {
      closeHome(q);
      run(q);
    };
  }
}

float drawHomeStart(Panel& p, float x, float y, float width) {
  Ui& ui = p.ui;
  HomeView& view = state(p);
  text(ui, Role::lesson, x, y + ui.u(22), ui.c.t1, kTitle);
  y += ui.u(38);
  const float height = ui.u(36);
  const float showWidth = ui.u(112);
  const Box field{x, y, x + width - showWidth - ui.u(12), y + height};
  const FieldEvent event = lineField(ui, "home/sentence", field, view.sentence, kHint);
  focusRing(ui, "home/sentence", field, ui.u(3));
  const bool typed = view.sentence.find_first_not_of(" \t") != std::string::npos;
  const bool pressed = button(ui, "home/show", Box::at(x + width - showWidth, y, showWidth, height),
                              "Show it", "Enter", ButtonKind::primary, typed, "type a sentence first");
  y += height;
  y = paragraph(ui, Role::micro, x, y + ui.u(20), width, ui.u(16), ui.c.t2, kNothingLearned);
  if (pressed || event.entered) startSentence(p);

  const float row = ui.u(30);
  const float openWidth = buttonWidth(ui, "Open…", "Ctrl O");
  const float newWidth = buttonWidth(ui, "New", "Ctrl N");
  const Box open = Box::at(x, y, openWidth, row);
  const Box fresh = Box::at(open.x1 + ui.u(8), y, newWidth, row);
  if (button(ui, "home/open", open, "Open…", "Ctrl O")) runCommand(p, "document.open");
  if (button(ui, "home/new", fresh, "New", "Ctrl N")) runCommand(p, "document.new");
  textIn(ui, Role::micro, {fresh.x1 + ui.u(14), y, x + width, y + row}, Align::left, ui.c.t2, kAccepted);
  return y + row;
}

void drawHome(Panel& p) {
  Ui& ui = p.ui;
  p.session.homeDesk().open();
  const Box area{p.layout.window.x0, p.layout.top.y1, p.layout.window.x1, p.layout.status.y0};
  const Region region(ui, "home", area, ui.c.s0, kOrderStage, true);
  // Two columns, as wide as their lines are read with ease.
  const float gap = ui.m(40, 64);
  const float side = ui.u(area.width() < ui.u(1100) ? 288.0f : 352.0f);
  const float margin =
      std::max(ui.u(area.width() < ui.u(1100) ? 28.0f : 56.0f), (area.width() - side - gap - ui.u(1180)) / 2);
  const float x = std::round(area.x0 + margin);
  const float right = std::round(area.x1 - margin - side);
  const float top = region.top() + ui.m(28, 44);
  float y = drawHomeStart(p, x, top, right - gap - x);
  y = drawHomeCards(p, x, y + ui.u(26), right - gap - x);
  float beside = drawHomeLessons(p, right, top, side);
  beside = drawHomeRecent(p, right, beside + ui.u(22), side);
  region.contentEnds(std::max(y, beside) + ui.u(24));
  takeKeys(p);
}

}  // namespace headlight
