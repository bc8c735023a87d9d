#include <cmath>

#include "app/panels/stage_parts.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"
#include "core/picture/labels.h"

namespace headlight {
namespace {

constexpr std::int64_t kMeasured = 256;  ///< labels looked at to size the zones

const std::vector<Token>* tokensOf(const Panel& p, Axis axis) {
  const auto evaluation = p.session.evaluation();
  if (!evaluation) return nullptr;
  if (axis == Axis::query) return &evaluation->prepared->queryTokens;
  if (axis == Axis::key) return &evaluation->prepared->keyTokens;
  return nullptr;
}

/// The token beside its number, unless it is that number.
std::string wordOf(const Panel& p, Axis axis, std::int64_t i) {
  std::string word = axisLabel(p, axis, i);
  return word == std::to_string(i) ? "" : word;
}

float widest(const Panel& p, Axis axis, std::int64_t count) {
  const Ui& ui = p.ui;
  float width = 0;
  if (axisHasTokens(axis)) {
    for (std::int64_t i = 0; i < std::min(count, kMeasured); ++i) {
      width = std::max(width, textWidth(ui, Role::body, wordOf(p, axis, i)));
    }
  }
  return width;
}

float indexWidth(const Ui& ui, std::int64_t count) {
  return textWidth(ui, Role::numMicro, std::to_string(std::max<std::int64_t>(count - 1, 0)));
}

/// The number and the word of a row or column, with a pill where it is pinned.
struct Look {
  ImU32 index;
  ImU32 word;
  Role role;
};
Look lookOf(const Ui& ui, bool pinned, bool hovered) {
  if (pinned) return {ui.c.s1, ui.c.s1, Role::strong};
  if (hovered) return {ui.c.t1, ui.c.t1, Role::strong};
  return {ui.c.t2, ui.c.t1, Role::body};
}

/// Half the thickness of a pinned label's pill.
float pillHalf(const Ui& ui, float cell) {
  return std::round(std::clamp(cell / 2, ui.u(9), ui.u(11)));
}

/// A label of 13 px type keeps clear of a pill and of a label in semibold when it is so far away.
float clearance(const Ui& ui) {
  return ui.u(17);
}

void rowLabel(Panel& p, const StageScene& s, std::int64_t i, bool pinned, bool hovered) {
  Ui& ui = p.ui;
  const MapView& map = p.state.map;
  const float y0 = std::max(map.y(i), map.box().y0);
  const float y1 = std::min(map.y(i + 1), map.box().y1);
  const float centre = std::round((y0 + y1) / 2);
  const Look look = lookOf(ui, pinned, hovered);
  const float right = s.labelRight;
  const float room = right - s.content.x0 - indexWidth(ui, s.rows) - ui.u(8);
  const std::string word =
      axisHasTokens(s.rowAxis) ? shortened(ui, look.role, wordOf(p, s.rowAxis, i), room) : "";
  const float wordWidth = word.empty() ? 0 : textWidth(ui, look.role, word);
  const std::string index = std::to_string(i);
  const float indexX =
      right - wordWidth - (word.empty() ? 0 : ui.u(8)) - textWidth(ui, Role::numMicro, index);
  if (pinned) {
    const float half = pillHalf(ui, y1 - y0);
    fill({indexX - ui.u(8), centre - half, right + ui.u(6), centre + half}, axisColour(ui, s, s.rowAxis),
         ui.u(4));
  }
  text(ui, Role::numMicro, indexX, centredBaseline(ui, Role::numMicro, centre, centre), look.index, index);
  if (!word.empty())
    text(ui, look.role, right - wordWidth, centredBaseline(ui, look.role, centre, centre), look.word, word);
}

void colLabel(Panel& p, const StageScene& s, std::int64_t j, bool pinned, bool hovered) {
  Ui& ui = p.ui;
  const MapView& map = p.state.map;
  const float x0 = std::max(map.x(j), map.box().x0);
  const float x1 = std::min(map.x(j + 1), map.box().x1);
  const float centre = std::round((x0 + x1) / 2);
  const float bottom = map.box().y0 - ui.u(8);
  const Look look = lookOf(ui, pinned, hovered);
  const std::string index = std::to_string(j);
  if (!axisHasTokens(s.colAxis)) {
    const float width = textWidth(ui, Role::numMicro, index);
    if (pinned) {
      fill({centre - width / 2 - ui.u(5), bottom - ui.u(14), centre + width / 2 + ui.u(5), bottom + ui.u(4)},
           axisColour(ui, s, s.colAxis), ui.u(4));
    }
    text(ui, Role::numMicro, centre - width / 2, bottom, look.index, index);
    return;
  }
  const float indexLength = textWidth(ui, Role::numMicro, index);
  const float room = bottom - s.columnTop - indexLength - ui.u(8);
  const std::string word = shortened(ui, look.role, wordOf(p, s.colAxis, j), room);
  if (pinned) {
    const float half = pillHalf(ui, x1 - x0);
    const float top = bottom - indexLength - ui.u(8) - textWidth(ui, look.role, word) - ui.u(7);
    fill({centre - half, top, centre + half, bottom + ui.u(5)}, axisColour(ui, s, s.colAxis), ui.u(4));
  }
  textUp(ui, Role::numMicro, centredBaseline(ui, Role::numMicro, centre, centre), bottom, look.index, index);
  textUp(ui, look.role, centredBaseline(ui, look.role, centre, centre), bottom - indexLength - ui.u(8),
         look.word, word);
}

struct AxisWords {
  const char* name;
  const char* meaning;
};
AxisWords axisWords(const StageScene& s, Axis axis) {
  const bool map = isMap(s.field.stage);
  switch (axis) {
    case Axis::query:
      return {"query", map ? "attends from" : "token"};
    case Axis::key:
      return {"key", map ? "attended to" : "token"};
    case Axis::modelDim:
      return {"dimension", "of d_model"};
    case Axis::keyDim:
      return {"dimension", "of d_k"};
    case Axis::valueDim:
      return {"dimension", "of d_v"};
    case Axis::concatDim:
      return {"dimension", "head by head"};
  }
  return {"", ""};
}

void corner(Panel& p, const StageScene& s) {
  Ui& ui = p.ui;
  const float right = s.labelRight;
  const float bottom = p.state.map.box().y0;
  const auto line = [&](Role role, float baseline, ImU32 colour, std::string_view words) {
    math(ui, role, right - mathWidth(ui, role, words), baseline, colour, words);
  };
  const AxisWords across = axisWords(s, s.colAxis);
  const AxisWords down = axisWords(s, s.rowAxis);
  line(Role::labelStrong, bottom - ui.u(58), axisColour(ui, s, s.colAxis), std::string(across.name) + " →");
  line(Role::micro, bottom - ui.u(44), ui.c.t2, across.meaning);
  line(Role::labelStrong, bottom - ui.u(24), axisColour(ui, s, s.rowAxis), std::string(down.name) + " ↓");
  line(Role::micro, bottom - ui.u(10), ui.c.t2, down.meaning);
}

}  // namespace

const HeadStatistics* StageScene::rowNumbers() const {
  if (field.stage != Stage::weights || !evaluation || field.head < 0) return nullptr;
  const auto& statistics = evaluation->run->statistics;
  if (!statistics || field.head >= static_cast<int>(statistics->heads.size())) return nullptr;
  const HeadStatistics& head = statistics->heads[static_cast<std::size_t>(field.head)];
  return static_cast<std::int64_t>(head.rows.size()) == field.rows ? &head : nullptr;
}

bool axisHasTokens(Axis axis) {
  return axis == Axis::query || axis == Axis::key;
}

std::string axisLabel(const Panel& p, Axis axis, std::int64_t index) {
  if (const auto* tokens = tokensOf(p, axis)) {
    if (index >= 0 && index < static_cast<std::int64_t>(tokens->size())) {
      return axis == Axis::query ? queryLabel(p, index) : keyLabel(p, index);
    }
  }
  return std::to_string(index);
}

ImU32 axisColour(const Ui& ui, const StageScene& scene, Axis axis) {
  switch (axis) {
    case Axis::query:
      return ui.c.q;
    case Axis::key:
      return scene.field.stage == Stage::v ? ui.c.v : ui.c.k;
    default:
      return ui.c.t1;
  }
}

float columnZone(const Panel& p, const StageScene& scene) {
  const Ui& ui = p.ui;
  float labels = ui.u(26);
  if (axisHasTokens(scene.colAxis)) {
    labels = widest(p, scene.colAxis, scene.cols) + indexWidth(ui, scene.cols) + ui.u(8 + 8 + 10);
    labels = std::min(labels, ui.m(112, 140));
  }
  return std::max(labels, ui.u(72));
}

float rowZone(const Panel& p, const StageScene& scene) {
  const Ui& ui = p.ui;
  float labels = indexWidth(ui, scene.rows) + ui.u(10);
  if (axisHasTokens(scene.rowAxis)) labels += widest(p, scene.rowAxis, scene.rows) + ui.u(8);
  return std::clamp(labels, ui.m(78, 100), ui.m(130, 180));
}

void drawAxes(Panel& p, const StageScene& s) {
  const Ui& ui = p.ui;
  const MapView& map = p.state.map;
  corner(p, s);
  const auto hoverRow = s.hovered ? s.hovered->row : -1;
  const auto hoverCol = s.hovered ? s.hovered->col : -1;
  const auto pinRow = s.pinned ? s.pinned->row : -1;
  const auto pinCol = s.pinned ? s.pinned->col : -1;

  // Pinned and hovered labels are always there; others keep clear of them.
  const double rowPx = map.pxPerCell() * map.stretch();
  const std::int64_t rowStep = labelStep(rowPx, static_cast<double>(ui.u(15)));
  const auto rowNear = [&](std::int64_t i, std::int64_t marked) {
    return marked >= 0 && i != marked &&
           std::abs(static_cast<double>(i - marked)) * rowPx < static_cast<double>(clearance(ui));
  };
  for (std::int64_t i = map.firstRow() / rowStep * rowStep; i < map.endRow(); i += rowStep) {
    if (i < map.firstRow() || i == pinRow || i == hoverRow) continue;
    if (rowNear(i, pinRow) || rowNear(i, hoverRow)) continue;
    if (std::min(map.y(i + 1), map.box().y1) - std::max(map.y(i), map.box().y0) < std::min(rowPx, 8.0))
      continue;
    rowLabel(p, s, i, false, false);
  }
  const auto visibleRow = [&](std::int64_t i) { return i >= map.firstRow() && i < map.endRow(); };
  if (hoverRow >= 0 && hoverRow != pinRow && visibleRow(hoverRow) && !rowNear(hoverRow, pinRow)) {
    rowLabel(p, s, hoverRow, false, true);
  }
  if (pinRow >= 0 && visibleRow(pinRow)) rowLabel(p, s, pinRow, true, false);

  const double colPx = map.pxPerCell();
  const float labelPx = axisHasTokens(s.colAxis) ? ui.u(15) : indexWidth(ui, s.cols) + ui.u(8);
  const std::int64_t colStep = labelStep(colPx, static_cast<double>(labelPx));
  const auto colNear = [&](std::int64_t j, std::int64_t marked) {
    return marked >= 0 && j != marked &&
           std::abs(static_cast<double>(j - marked)) * colPx < static_cast<double>(labelPx + ui.u(2));
  };
  for (std::int64_t j = map.firstCol() / colStep * colStep; j < map.endCol(); j += colStep) {
    if (j < map.firstCol() || j == pinCol || j == hoverCol) continue;
    if (colNear(j, pinCol) || colNear(j, hoverCol)) continue;
    colLabel(p, s, j, false, false);
  }
  const auto visibleCol = [&](std::int64_t j) { return j >= map.firstCol() && j < map.endCol(); };
  if (hoverCol >= 0 && hoverCol != pinCol && visibleCol(hoverCol) && !colNear(hoverCol, pinCol)) {
    colLabel(p, s, hoverCol, false, true);
  }
  if (pinCol >= 0 && visibleCol(pinCol)) colLabel(p, s, pinCol, true, false);
}

}  // namespace headlight
