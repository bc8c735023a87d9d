#include "app/panels/stage_views.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/picture/map_marks.h"

namespace headlight {
namespace {

constexpr std::array<std::string_view, 3> kWords{"map", "row", "lines"};

bool hasLines(Stage stage) {
  return stage == Stage::weights || stage == Stage::valueWeighted;
}

std::size_t viewsOf(Stage stage) {
  return !isMap(stage) ? 1 : hasLines(stage) ? 3 : 2;
}

struct RowChoice {
  std::int64_t row = 0;
};

}  // namespace

bool hasStageView(StageView view, Stage stage) {
  return static_cast<std::size_t>(view) < viewsOf(stage);
}

StageView stageView(PanelState& state, Stage stage) {
  const StageView chosen = state.part<StageViewState>().chosen;
  return hasStageView(chosen, stage) ? chosen : StageView::map;
}

void nextStageView(Panel& p, Stage stage) {
  const auto now = static_cast<std::size_t>(stageView(p.state, stage));
  p.state.part<StageViewState>().chosen = static_cast<StageView>((now + 1) % viewsOf(stage));
}

float viewSwitchWidth(const Panel& p, Stage stage) {
  const std::size_t views = viewsOf(stage);
  return views < 2 ? 0 : p.ui.u(views == 2 ? 96 : 144);
}

void drawViewSwitch(Panel& p, Stage stage, const Box& box) {
  const std::span<const std::string_view> words(kWords.data(), viewsOf(stage));
  if (words.size() < 2) return;
  const int pressed =
      segmented(p.ui, "view.as", box, words, static_cast<int>(stageView(p.state, stage)), words);
  if (pressed >= 0) p.state.part<StageViewState>().chosen = static_cast<StageView>(pressed);
}

bool drawStageView(Panel& p, StageScene& scene, float top) {
  const Box box{scene.content.x0, top, scene.content.x1, scene.content.y1 - p.ui.u(12)};
  switch (stageView(p.state, scene.field.stage)) {
    case StageView::map:
      return false;
    case StageView::row:
      drawRowView(p, scene, box);
      return true;
    case StageView::lines:
      drawLinesView(p, scene, box);
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
