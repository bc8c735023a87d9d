#include "app/panels/lesson_tab.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "app/panels/import_page.h"
#include "app/panels/lesson_parts.h"
#include "app/panels/matrix_page.h"
#include "app/panels/stage.h"
#include "app/panels/stage_views.h"
#include "app/panels/states.h"
#include "app/widgets/draw.h"

namespace headlight {
namespace {

constexpr float kCard = 392;
constexpr float kControls = 264;

/// How the window goes from the open lesson to other tabs and back.
struct LessonWay {
  struct Look {
    std::uint64_t number = 0;  ///< lesson and step that were looked at
    std::size_t step = 0;
    ViewSpec view;
    StageView as = StageView::map;
  };
  bool open = false;   ///< a lesson was, at the last frame
  bool shown = false;  ///< in its tab
  std::optional<Look> left;
};

/// What is looked at in other tabs leaves the look of the step as it was.
void followLook(Panel& p, const LessonDesk& desk, LessonWay& way) {
  const bool shown = p.state.tab == "lessons";
  StageViewState& views = p.state.part<StageViewState>();
  if (shown == way.shown) return;
  way.shown = shown;
  if (!shown) {
    way.left = LessonWay::Look{desk.number(), desk.at(), p.session.view(), views.chosen};
    return;
  }
  const auto left = std::exchange(way.left, std::nullopt);
  if (!left || left->number != desk.number() || left->step != desk.at()) return;
  // Signed stages and weights have ranges of their own, which go along with the stage.
  p.session.selectStage(left->view.stage);
  p.session.setView(left->view);
  views.chosen = left->as;
}

/// The panel with other regions, for what draws into them.
Panel inRegions(Panel& p, const Box& stage) {
  Panel q = p;
  q.layout.stage = stage;
  q.layout.galleryFolded = true;
  return q;
}

void drawMapAndControls(Panel& p, LessonDesk& desk) {
  Box stage = p.layout.stage;
  if (hasLessonControls(desk) && !asksStill(desk) && !lessonControlsInCard(p)) {
    const Box controls{stage.x1 - p.ui.u(kControls), stage.y0, stage.x1, stage.y1};
    stage.x1 = controls.x0;
    drawLessonControls(p, desk, controls);
  }
  if (matrixWanted(p)) {
    Panel q = inRegions(p, stage);
    drawMatrix(q);
  } else if (hasLessonPlane(p)) {
    drawLessonPlane(p, stage);
  } else {
    Panel q = inRegions(p, stage);
    drawStage(q);
  }
}

}  // namespace

void drawLessonStage(Panel& p) {
  LessonDesk* desk = openLessonDesk(p);
  if (desk == nullptr) return drawLessonList(p);
  lessonRoom(p, *desk);
  const Box& stage = p.layout.stage;
  if (!desk->atEnd() && !desk->step().panels.empty() && !matrixWanted(p)) {
    const float split = hasLessonPlane(p) ? stage.y0 + std::round(stage.height() * 0.6f) : stage.y0;
    if (split > stage.y0) drawLessonPlane(p, {stage.x0, stage.y0, stage.x1, split});
    drawLessonPanels(p, *desk, {stage.x0, split, stage.x1, stage.y1});
  } else {
    drawMapAndControls(p, *desk);
  }
}

void drawLessonInspector(Panel&) {}

void fitLessonRegions(const Panel& p, Layout& layout) {
  if (importWanted(p) && !problemWanted(p)) return;
  layout.strip = {0, layout.top.y1, layout.window.x1, layout.top.y1};
  layout.railFolded = layout.railOver = false;
  layout.inspectorFolded = true;
  layout.inspector = {layout.window.x1, layout.top.y1, layout.window.x1, layout.status.y0};
  const float card = openLessonDesk(p) == nullptr ? 0 : p.ui.u(kCard);
  layout.rail = {0, layout.top.y1, card, layout.status.y0};
  layout.stage = {card, layout.top.y1, layout.window.x1, layout.status.y0};
  layout.galleryFolded = true;
}

void followLesson(Panel& p) {
  const LessonDesk* desk = openLessonDesk(p);
  LessonWay& way = p.state.part<LessonWay>();
  if (desk == nullptr) {
    // The deck has gone on to an experiment.
    if (way.open && way.shown && p.state.tab == "lessons" && !p.session.deck().empty())
      p.state.tab = "explore";
    way = {};
    return;
  }
  way.open = true;
  LessonRoom& room = p.state.part<LessonRoom>();
  if (room.number != desk->number()) {
    room.number = desk->number();
    p.state.tab = "lessons";
    way.left.reset();
    way.shown = true;
  }
  followLook(p, *desk, way);
}

std::vector<std::string> lessonStatusWords(Panel& p) {
  LessonDesk* desk = openLessonDesk(p);
  if (desk == nullptr || p.state.tab != "lessons") return {};
  std::vector<std::string> words;
  if (desk->atEnd()) return {"end of the lesson"};
  const LessonStep& step = desk->step();
  if (step.kind == LessonStep::Kind::attempt) {
    const auto& verdict = desk->verdict();
    if (!verdict) return {"measuring"};
    if (!verdict->fault.empty()) return {"not measured: " + verdict->fault};
    std::string told = verdict->passed ? "check passed: " : "not yet: ";
    for (std::size_t n = 0; n < verdict->checks.size(); ++n) {
      if (!verdict->passed && verdict->checks[n].holds) continue;
      told += checkText(step.check[n], verdict->checks[n]);
      break;
    }
    words.push_back(std::move(told));
  } else if (step.kind == LessonStep::Kind::see) {
    words.emplace_back("all numbers here are measured");
  } else if (asksStill(*desk)) {
    words.emplace_back("the answer is locked before anything is revealed");
  } else {
    words.emplace_back(step.kind == LessonStep::Kind::predict ? "prediction stored before the reveal"
                                                              : "answer stored before the reveal");
    const auto found = desk->measured(desk->at());
    if (found && found->right) {
      const auto& checks = step.ask.options[*found->right].when;
      const auto& results = found->options[*found->right].checks;
      if (!checks.empty()) words.push_back("check passed: " + checkText(checks[0], results[0]));
    }
  }
  return words;
}

bool lessonStepDone(const Panel& p) {
  const LessonDesk* desk = openLessonDesk(p);
  return desk != nullptr && (desk->atEnd() || desk->isDone(desk->at()));
}

}  // namespace headlight
