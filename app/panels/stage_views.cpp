#include "app/panels/stage_views.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "app/panels/patch_view.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/picture/map_marks.h"

namespace headlight {
namespace {

constexpr std::array<std::string_view, 4> kWords{"map", "row", "lines", "picture"};

bool hasLines(Stage stage) {
  return stage == Stage::weights || stage == Stage::valueWeighted;
}

std::vector<StageView> viewsOf(const Panel& p, Stage stage) {
  std::vector<StageView> views{StageView::map};
  if (!isMap(stage)) return views;
  views.push_back(StageView::row);
  if (hasLines(stage)) views.push_back(StageView::lines);
  if (patchKeys(p)) views.push_back(StageView::picture);
  return views;
}

struct RowChoice {
  std::int64_t row = 0;
};

}  // namespace

bool hasStageView(const Panel& p, StageView view, Stage stage) {
  const std::vector<StageView> views = viewsOf(p, stage);
  return std::find(views.begin(), views.end(), view) != views.end();
}

StageView stageView(const Panel& p, Stage stage) {
  StageViewState& state = p.state.part<StageViewState>();
  // A document of a picture is looked at as such until something else is chosen.
  const int document = p.session.documentNumber();
  if (state.pictureOf != document && patchKeys(p)) {
    state.pictureOf = document;
    state.chosen = StageView::picture;
  }
  return hasStageView(p, state.chosen, stage) ? state.chosen : StageView::map;
}

void nextStageView(Panel& p, Stage stage) {
  const std::vector<StageView> views = viewsOf(p, stage);
  const auto now = std::find(views.begin(), views.end(), stageView(p, stage));
  p.state.part<StageViewState>().chosen = now + 1 == views.end() ? views.front() : *(now + 1);
}

float viewSwitchWidth(const Panel& p, Stage stage) {
  const std::vector<StageView> views = viewsOf(p, stage);
  if (views.size() < 2) return 0;
  const bool picture = views.back() == StageView::picture;
  return p.ui.u((picture ? 56 : 48) * static_cast<float>(views.size()));
}

void drawViewSwitch(Panel& p, Stage stage, const Box& box) {
  const std::vector<StageView> views = viewsOf(p, stage);
  if (views.size() < 2) return;
  std::vector<std::string_view> words;
  words.reserve(views.size());
  for (const StageView view : views) words.push_back(kWords[static_cast<std::size_t>(view)]);
  const auto now = std::find(views.begin(), views.end(), stageView(p, stage)) - views.begin();
  const int pressed = segmented(p.ui, "view.as", box, words, static_cast<int>(now), words);
  if (pressed >= 0) p.state.part<StageViewState>().chosen = views[static_cast<std::size_t>(pressed)];
}

bool drawStageView(Panel& p, StageScene& scene, float top) {
  const Box box{scene.content.x0, top, scene.content.x1, scene.content.y1 - p.ui.u(12)};
  switch (stageView(p, scene.field.stage)) {
    case StageView::map:
      return false;
    case StageView::row:
      drawRowView(p, scene, box);
      return true;
    case StageView::lines:
      drawLinesView(p, scene, box);
      return true;
    case StageView::picture:
      drawPatchView(p, scene, box);
      return true;
  }
  return false;
}

std::int64_t shownRow(Panel& p, const ShownField& field) {
  RowChoice& choice = p.state.part<RowChoice>();
  if (const auto cell = p.session.focusCell()) choice.row = cell->row;
  choice.row = std::clamp<std::int64_t>(choice.row, 0, std::max<std::int64_t>(field.rows - 1, 0));
  return choice.row;
}

void showRow(Panel& p, const ShownField& field, std::int64_t row) {
  row = std::clamp<std::int64_t>(row, 0, std::max<std::int64_t>(field.rows - 1, 0));
  p.state.part<RowChoice>().row = row;
  p.session.hover(std::nullopt);
  if (const auto pinned = p.session.pinned()) p.session.pin(Cell{row, pinned->col});
}

float drawRowStep(Panel& p, const ShownField& field, std::int64_t row, int by, float x, float y,
                  std::string_view words) {
  Ui& ui = p.ui;
  const char* id = by < 0 ? "row/previous" : "row/next";
  const std::int64_t to = row + by;
  const bool can = to >= 0 && to < field.rows;
  const Box box = Box::at(x, y, ui.u(24), ui.u(26));
  const Press press = pressable(ui, id, box, can);
  if (can && press.hovered) fill(box, ui.c.s3, ui.u(4));
  const float arm = 4 * ui.scale;
  const float tip = by < 0 ? -arm / 2 : arm / 2;
  const ImVec2 points[] = {{box.centreX() - tip, box.centreY() - arm},
                           {box.centreX() + tip, box.centreY()},
                           {box.centreX() - tip, box.centreY() + arm}};
  canvas()->AddPolyline(points, 3, can ? ui.c.t1 : ui.c.t3, 0, std::max(1.0f, 1.5f * ui.scale));
  focusRing(ui, id, box, ui.u(4));
  ui.tip(id, box, press.hovered, words);
  if (press.pressed) showRow(p, field, to);
  return box.x1;
}

float placeIn(const Range& range, double value) {
  double low = range.low;
  double high = range.high;
  if (range.logarithmic) {
    if (!(value > 0)) return 0;
    value = std::log(value);
    low = std::log(low);
    high = std::log(high);
  }
  if (!(high > low) || std::isnan(value)) return 0;
  return static_cast<float>(std::clamp((value - low) / (high - low), 0.0, 1.0));
}

void drawHatched(const Ui& ui, const Box& box) {
  if (box.empty()) return;
  fill(box, ui.c.mask);
  const auto period = static_cast<float>(hatchPeriod(ui.scale));
  const float height = box.height();
  canvas()->PushClipRect(box.min(), box.max(), true);
  const float first = std::floor((box.x0 - height) / period) * period;
  const int stripes = static_cast<int>(std::ceil((box.x1 - first) / period));
  for (int n = 0; n < stripes; ++n) {
    const float x = first + period * static_cast<float>(n);
    canvas()->AddLine({x, box.y1}, {x + height, box.y0}, ui.c.hatch, std::max(1.0f, ui.scale));
  }
  canvas()->PopClipRect();
}

}  // namespace headlight
