#include "app/panels/present.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "app/panels/commands.h"
#include "app/panels/pages.h"
#include "app/panels/stage.h"
#include "app/panels/states.h"
#include "app/session/lesson_desk.h"
#include "app/widgets/draw.h"
#include "app/widgets/keys.h"

namespace headlight {
namespace {

constexpr double kStep = 0.16;
constexpr float kLines = 720;
// What clickers send to blank the screen.
constexpr int kKeyPeriod = 46;
constexpr int kKeyB = 66;

Presentation& state(const Panel& p) {
  return p.state.part<Presentation>();
}

/// The node that stands for a stage that the strip leaves out.
Stage nearest(const std::vector<Stage>& stages, Stage stage) {
  Stage best = stages.front();
  for (const Stage one : stages) {
    if (one <= stage && one > best) best = one;
  }
  return best;
}

/// What stage a document is entered at, once its numbers are there.
void enterDocument(Panel& p) {
  Presentation& now = state(p);
  const auto evaluation = p.session.evaluation();
  if (now.entering == 0 || presentedLesson(p) != nullptr) return;
  if (!evaluation || evaluation == now.left || p.session.busy()) return;
  const std::vector<Stage> stages = presentStages(p);
  if (!stages.empty()) p.session.selectStage(now.entering > 0 ? stages.front() : stages.back());
  now.entering = 0;
}

/// What the deck has gone on to is presented, an experiment or a lesson.
void followDocument(Panel& p) {
  Presentation& now = state(p);
  const int document = p.session.documentNumber();
  if (now.document == document) return;
  now.document = document;
  const LessonDesk* desk = p.session.lessonsIfAny();
  now.lesson = desk != nullptr && desk->isOpen();
  if (now.lesson) enterLesson(p, std::exchange(now.entering, 0));
}

/// As it begins; what was chosen for the window and for the whole lecture stays.
void reset(Presentation& now) {
  Presentation fresh;
  fresh.fullScreen = now.fullScreen;
  fresh.clock.shown = now.clock.shown;
  now = std::move(fresh);
}

/// Another step: its time begins, and what was counted for the one before is put away.
void beginStep(Panel& p) {
  Presentation& now = state(p);
  if (std::string step = shownStep(p); step != now.clock.step) {
    now.clock.step = std::move(step);
    now.clock.since = p.ui.seconds;
  }
  if (now.hands.step != handsStep(p)) now.hands = {};
}

/// How far it has come.
void drawDots(Panel& p, const PresentLayout& layout) {
  Ui& ui = p.ui;
  std::size_t count = 0;
  std::size_t here = 0;
  if (const LessonDesk* lesson = presentedLesson(p)) {
    count = lesson->lesson().steps.size();
    here = lesson->at();
  } else {
    const std::vector<Stage> stages = presentStages(p);
    count = stages.size();
    here = static_cast<std::size_t>(std::find(stages.begin(), stages.end(), p.session.view().stage) -
                                    stages.begin());
  }
  const float pitch = atLines(p, 20);
  const float radius = atLines(p, 4.5f);
  float x = std::round(layout.window.centreX() - pitch * (static_cast<float>(count) - 1) / 2);
  for (std::size_t i = 0; i < count; ++i) {
    if (i == here) {
      canvas()->AddCircleFilled({x, layout.dotsY}, radius, ui.c.acc, 24);
    } else {
      canvas()->AddCircle({x, layout.dotsY}, radius, ui.c.edge, 24, std::max(1.0f, atLines(p, 1.5f)));
    }
    x += pitch;
  }
}

/// Where the numbers come from, at the foot of the page.
void drawOrigin(Panel& p, const PresentLayout& layout) {
  const auto evaluation = p.session.evaluation();
  if (!evaluation) return;
  Ui& ui = p.ui;
  const std::string& whole = evaluation->prepared->origin.chip;
  const float right = layout.panel.x1;
  const Box line{layout.window.centreX() + atLines(p, 110), layout.dotsY - atLines(p, 12), right,
                 layout.dotsY + atLines(p, 12)};
  const std::string brief = whole.substr(0, whole.find(':'));
  const bool fits = textWidth(ui, Role::micro, whole) <= line.width();
  textIn(ui, Role::micro, line, Align::right, ui.c.t2, fits ? whole : brief);
}

/// Every key of the mode.
void drawKeys(Panel& p, const PresentLayout& layout) {
  Ui& ui = p.ui;
  struct Row {
    const char* keys;
    const char* words;
  };
  constexpr std::array kRows{
      Row{"Page Down, Page Up", "next and previous step, then file"},
      Row{"Arrows", "move the pinned cell, with Shift by ten"},
      Row{"0 … 9", "show that head"},
      Row{"B or .", "blank the screen"},
      Row{"L, Shift L", "spotlight at the pointer, its size"},
      Row{"N", "count a show of hands"},
      Row{"W", "time on this step"},
      Row{"T", "light or dark"},
      Row{"Ctrl +, Ctrl −, Ctrl 9", "zoom the map, fit it"},
      Row{"F1", "these keys"},
      Row{"Esc, F5", "leave"},
  };
  const float pitch = atLines(p, 32);
  const float width = std::min(atLines(p, 680), layout.window.width() - atLines(p, 40));
  const float height = pitch * static_cast<float>(kRows.size()) + atLines(p, 48);
  const Box card = Box::at(std::round(layout.window.centreX() - width / 2),
                           std::round(layout.window.centreY() - height / 2), width, height);
  fill(card, ui.c.s1, atLines(p, 6));
  frame(card, ui.c.edge, atLines(p, 1), atLines(p, 6));
  float y = card.y0 + atLines(p, 24);
  for (const Row& row : kRows) {
    const Box line{card.x0 + atLines(p, 24), y, card.x1 - atLines(p, 24), y + pitch};
    const float split = line.x0 + atLines(p, 230);
    textIn(ui, Role::strong, {line.x0, line.y0, split, line.y1}, Align::left, ui.c.t1, row.keys);
    textIn(ui, Role::body, {split + atLines(p, 12), line.y0, line.x1, line.y1}, Align::left, ui.c.t1,
           row.words);
    y += pitch;
  }
}

/// A document: its stages, the one that is shown, how its number is made.
void drawPipeline(Panel& p, const PresentLayout& layout) {
  drawPresentStrip(p, layout);
  PresentLayout below = layout;
  const float band = drawMistake(p, {0, layout.strip.y1, layout.window.x1, layout.window.y1});
  below.map.y0 += band;
  below.panel.y0 += band;
  drawPresentMap(p, below);
  drawPresentSteps(p, below);
}

}  // namespace

float Glide::to(Ui& ui, float target) {
  const auto place = [this, &ui] {
    const double passed = ui.seconds - since_;
    if (since_ < 0 || passed >= kStep) return target_;
    const auto t = static_cast<float>(std::max(0.0, passed) / kStep);
    return target_ + (from_ - target_) * (1 - t) * (1 - t);
  };
  if (target != target_) {
    from_ = place();
    target_ = target;
    since_ = begun_ && !ui.reducedMotion ? ui.seconds : -1;
  }
  begun_ = true;
  const float now = place();
  if (now != target_) ui.stayAwake(since_ + kStep - ui.seconds + 0.03);
  return now;
}

bool presenting(const Panel& p) {
  return state(p).on;
}

float presentScale(float height) {
  return 1.5f * height / kLines;
}

Theme presentTheme(const PanelState& panels, Theme theme) {
  const auto found = panels.parts.find(std::type_index(typeid(Presentation)));
  const auto* now =
      found == panels.parts.end() ? nullptr : static_cast<const Presentation*>(found->second.get());
  if (now == nullptr || !now->on) return theme;
  return now->dark.value_or(isDark(theme)) ? Theme::projectorDark : Theme::projectorLight;
}

float atLines(const Panel& p, float px) {
  return std::round(px * p.ui.scale / 1.5f);
}

PresentLayout presentLayout(float width, float height) {
  const float unit = height / kLines;
  const auto at = [unit](float px) { return std::round(px * unit); };
  const float w = width / unit;
  const float panel = std::clamp(w * 0.55f - 160, std::min(350.0f, w * 0.5f), 640.0f);
  PresentLayout l;
  l.window = {0, 0, width, height};
  l.strip = {0, 0, width, at(96)};
  l.panel = {at(w - 40 - panel), at(120), at(w - 40), at(680)};
  l.map = {at(24), at(112), at(w - 40 - panel - 46), at(670)};
  l.dotsY = at(706);
  return l;
}

Layout layoutOf(const PresentLayout& layout) {
  Layout l;
  l.window = layout.window;
  l.strip = layout.strip;
  l.stage = {0, layout.strip.y1, layout.window.x1, layout.window.y1};
  return l;
}

std::string handsStep(const Panel& p) {
  if (const LessonDesk* lesson = presentedLesson(p))
    return "lesson " + std::to_string(lesson->number()) + " " + std::to_string(lesson->at());
  return "document " + std::to_string(p.session.documentNumber());
}

std::string shownStep(const Panel& p) {
  if (presentedLesson(p) != nullptr) return handsStep(p);
  return handsStep(p) + " " + std::string(info(p.session.view().stage).id);
}

std::vector<Stage> presentStages(const Panel& p) {
  constexpr std::array kNodes{Stage::q,      Stage::k,       Stage::dot, Stage::scaled,    Stage::biased,
                              Stage::masked, Stage::weights, Stage::v,   Stage::headOutput};
  const auto evaluation = p.session.evaluation();
  std::vector<Stage> stages;
  if (!evaluation) return stages;
  const std::vector<Stage> there = p.session.stagesShown();
  const Experiment& e = evaluation->experiment;
  for (const Stage stage : kNodes) {
    if (std::find(there.begin(), there.end(), stage) == there.end()) continue;
    // A step that is switched off has no node here.
    if (stage == Stage::masked && e.mask.empty()) continue;
    stages.push_back(stage);
  }
  return stages;
}

void presentStep(Panel& p, int by) {
  if (presentedLesson(p) != nullptr) return presentLessonStep(p, by);
  const std::vector<Stage> stages = presentStages(p);
  const auto at = std::find(stages.begin(), stages.end(), p.session.view().stage);
  const auto next = (at == stages.end() ? 0 : at - stages.begin()) + by;
  if (next >= 0 && next < static_cast<std::ptrdiff_t>(stages.size())) {
    p.session.selectStage(stages[static_cast<std::size_t>(next)]);
    return;
  }
  presentDeckStep(p, by);
}

void presentDeckStep(Panel& p, int by) {
  Presentation& now = state(p);
  now.left = p.session.evaluation();
  now.entering = runCommand(p, by > 0 ? "deck.next" : "deck.previous") ? by : 0;
}

void startPresenting(Panel& p) {
  Presentation& now = state(p);
  reset(now);
  now.on = true;
  now.document = p.session.documentNumber();
  p.state.folds.railOpen = false;
  if (!p.ui.open.empty()) p.ui.closePopup();
  const LessonDesk* desk = p.session.lessonsIfAny();
  now.lesson = p.state.tab == "lessons" && desk != nullptr && desk->isOpen();
  if (now.lesson) {
    if (desk->atEnd()) p.session.goToLessonStep(0);
    p.ui.stayAwake(0.1);
    return;
  }
  const std::vector<Stage> stages = presentStages(p);
  const Stage stage = p.session.view().stage;
  if (!stages.empty() && std::find(stages.begin(), stages.end(), stage) == stages.end()) {
    p.session.selectStage(nearest(stages, stage));
  }
  p.ui.stayAwake(0.1);
}

void stopPresenting(Panel& p) {
  reset(state(p));
  if (p.session.helpOpen()) p.session.toggleHelp();
  p.ui.stayAwake(0.1);
}

bool presentAllows(std::string_view id) {
  constexpr std::array<std::string_view, 11> kAllowed{
      "view.present", "view.fullScreen", "view.fit",  "view.oneToOne", "view.zoomIn",   "view.zoomOut",
      "view.theme",   "help.keys",       "deck.next", "deck.previous", "document.quit",
  };
  return id.substr(0, 8) == "present." || id.substr(0, 5) == "head." ||
         std::find(kAllowed.begin(), kAllowed.end(), id) != kAllowed.end();
}

void presentKey(Panel& p, Chord chord) {
  Presentation& now = state(p);
  if (now.blank) {
    // Whoever comes back from a blank screen wants to see it first.
    now.blank = false;
    return;
  }
  if (now.hands.entering && handsKey(now.hands, chord)) return;
  if (chord == Chord{kKeyPeriod}) chord.key = kKeyB;
  if (chord.key == kKeyEscape && chord.modifiers == kNoModifier) {
    if (p.session.helpOpen()) return p.session.toggleHelp();
    if (p.session.problem()) return p.session.closeProblem();
    return stopPresenting(p);
  }
  const bool arrow = chord.key >= kKeyRight && chord.key <= kKeyUp;
  // Some clickers send arrows; a lesson has nothing else to do with them.
  if (presentedLesson(p) != nullptr && arrow && chord.modifiers == kNoModifier)
    return presentStep(p, chord.key == kKeyRight || chord.key == kKeyDown ? 1 : -1);
  if (arrow && !p.session.pinned() && chord.modifiers == kNoModifier) {
    p.session.pin(Cell{0, 0});
    return;
  }
  runKey(p, chord);
}

void drawPresent(Panel& p) {
  Ui& ui = p.ui;
  Presentation& now = state(p);
  const PresentLayout layout = presentLayout(p.layout.window.width(), p.layout.window.height());
  followDocument(p);
  enterDocument(p);
  beginStep(p);
  if (now.blank) {
    fill(layout.window, IM_COL32_BLACK);
    return;
  }
  fill(layout.window, ui.c.s0);
  if (problemWanted(p)) {
    drawStagePage(p, true);
    return;
  }
  if (presentedLesson(p) != nullptr) {
    drawPresentLesson(p, layout);
  } else {
    drawPipeline(p, layout);
  }
  drawDots(p, layout);
  drawOrigin(p, layout);
  drawStepClock(p, {layout.window.x0 + atLines(p, 24), layout.dotsY - atLines(p, 12),
                    layout.window.centreX() - atLines(p, 110), layout.dotsY + atLines(p, 12)});
  drawSpotlight(p, layout.window);
  if (!p.session.helpOpen()) return;
  ++ui.layer;
  drawKeys(p, layout);
  --ui.layer;
}

}  // namespace headlight
