#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "app/panels/find_token.h"
#include "app/panels/stage_parts.h"
#include "app/panels/token_scan.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"
#include "core/picture/labels.h"

namespace headlight {
namespace {

constexpr std::int64_t kMeasured = 256;  ///< labels looked at to size the zones

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

/// Why a label stands out: `current` is the one that the search stands on.
enum class Emphasis : std::uint8_t { none, found, hovered, current, pinned };

/// The number and the word of a row or column, with a pill where it is pinned.
struct Look {
  ImU32 index;
  ImU32 word;
  Role role;
};
Look lookOf(const Ui& ui, Emphasis why) {
  if (why == Emphasis::pinned) return {ui.c.s1, ui.c.s1, Role::strong};
  if (why != Emphasis::none) return {ui.c.t1, ui.c.t1, Role::strong};
  return {ui.c.t2, ui.c.t1, Role::body};
}

/// The pill of a pinned label, or the ring of the one that the search stands on.
void surround(const Ui& ui, const Box& box, Emphasis why, ImU32 hue) {
  if (why == Emphasis::pinned) fill(box, hue, ui.u(4));
  if (why == Emphasis::current) frame(box, ui.c.acc, ui.u(2), ui.u(4));
}

/// Half the thickness of a pinned label's pill.
float pillHalf(const Ui& ui, float cell) {
  return std::round(std::clamp(cell / 2, ui.u(9), ui.u(11)));
}

/// A label of 13 px type keeps clear of a pill and of a label in semibold when it is so far away.
float clearance(const Ui& ui) {
  return ui.u(17);
}

void rowLabel(Panel& p, const StageScene& s, std::int64_t i, Emphasis why) {
  Ui& ui = p.ui;
  const MapView& map = p.state.map;
  const float y0 = std::max(map.y(i), map.box().y0);
  const float y1 = std::min(map.y(i + 1), map.box().y1);
  const float centre = std::round((y0 + y1) / 2);
  const Look look = lookOf(ui, why);
  const float right = s.labelRight;
  const float room = right - s.content.x0 - indexWidth(ui, s.rows) - ui.u(8);
  const std::string word =
      axisHasTokens(s.rowAxis) ? shortened(ui, look.role, wordOf(p, s.rowAxis, i), room) : "";
  const float wordWidth = word.empty() ? 0 : textWidth(ui, look.role, word);
  const std::string index = std::to_string(i);
  const float indexX =
      right - wordWidth - (word.empty() ? 0 : ui.u(8)) - textWidth(ui, Role::numMicro, index);
  const float half = pillHalf(ui, y1 - y0);
  surround(ui, {indexX - ui.u(8), centre - half, right + ui.u(6), centre + half}, why,
           axisColour(ui, s, s.rowAxis));
  text(ui, Role::numMicro, indexX, centredBaseline(ui, Role::numMicro, centre, centre), look.index, index);
  if (!word.empty())
    text(ui, look.role, right - wordWidth, centredBaseline(ui, look.role, centre, centre), look.word, word);
}

void colLabel(Panel& p, const StageScene& s, std::int64_t j, Emphasis why) {
  Ui& ui = p.ui;
  const MapView& map = p.state.map;
  const float x0 = std::max(map.x(j), map.box().x0);
  const float x1 = std::min(map.x(j + 1), map.box().x1);
  const float centre = std::round((x0 + x1) / 2);
  const float bottom = map.box().y0 - ui.u(8);
  const Look look = lookOf(ui, why);
  const std::string index = std::to_string(j);
  if (!axisHasTokens(s.colAxis)) {
    const float width = textWidth(ui, Role::numMicro, index);
    surround(
        ui, {centre - width / 2 - ui.u(5), bottom - ui.u(14), centre + width / 2 + ui.u(5), bottom + ui.u(4)},
        why, axisColour(ui, s, s.colAxis));
    text(ui, Role::numMicro, centre - width / 2, bottom, look.index, index);
    return;
  }
  const float indexLength = textWidth(ui, Role::numMicro, index);
  const float room = bottom - s.columnTop - indexLength - ui.u(8);
  const std::string word = shortened(ui, look.role, wordOf(p, s.colAxis, j), room);
  const float half = pillHalf(ui, x1 - x0);
  const float top = bottom - indexLength - ui.u(8) - textWidth(ui, look.role, word) - ui.u(7);
  surround(ui, {centre - half, top, centre + half, bottom + ui.u(5)}, why, axisColour(ui, s, s.colAxis));
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

namespace {

/// What is to be said of an axis beside its labels.
struct Marked {
  std::int64_t pinned = -1;
  std::int64_t hovered = -1;
  std::int64_t current = -1;                         ///< that the search stands on
  const std::vector<std::int64_t>* found = nullptr;  ///< by the search
  std::int64_t first = 0;                            ///< in sight
  std::int64_t end = 0;
  double px = 1;    ///< of a row or column
  float clear = 0;  ///< px between labels

  bool inSight(std::int64_t i) const { return i >= first && i < end; }
  bool near(std::int64_t i, std::int64_t other) const {
    return other >= 0 && i != other &&
           std::abs(static_cast<double>(i - other)) * px < static_cast<double>(clear);
  }
  bool isFound(std::int64_t i) const {
    return found != nullptr && std::binary_search(found->begin(), found->end(), i);
  }
  /// The labels that are always there, the more important last; those that would touch one of them are not.
  std::vector<std::pair<std::int64_t, Emphasis>> always() const {
    std::vector<std::pair<std::int64_t, Emphasis>> list;
    const bool hoverClear = !near(hovered, pinned) && !near(hovered, current);
    if (hovered != pinned && hovered != current && inSight(hovered) && hoverClear)
      list.emplace_back(hovered, Emphasis::hovered);
    if (current != pinned && inSight(current) && !near(current, pinned))
      list.emplace_back(current, Emphasis::current);
    if (inSight(pinned)) list.emplace_back(pinned, Emphasis::pinned);
    return list;
  }
  bool free(std::int64_t i) const {
    for (const std::int64_t other : {pinned, hovered, current}) {
      if (i == other || near(i, other)) return false;
    }
    return true;
  }
};

Marked markedOn(Panel& p, Axis axis) {
  Marked marked;
  marked.found = foundOn(p, axis);
  marked.current = foundNow(p, axis).value_or(-1);
  return marked;
}

/// Something at the map's edge for all that was found in sight, once a px.
template <class Draw>
void foundTicks(const Marked& marked, Draw draw) {
  if (marked.found == nullptr) return;
  const auto together = static_cast<std::int64_t>(std::ceil(1 / marked.px));
  auto at = std::lower_bound(marked.found->begin(), marked.found->end(), marked.first);
  while (at != marked.found->end() && *at < marked.end) {
    draw(*at);
    at = std::lower_bound(at + 1, marked.found->end(), *at + together);
  }
}

}  // namespace

void drawAxes(Panel& p, const StageScene& s) {
  corner(p, s);
  drawRowLabels(p, s);
  drawColumnLabels(p, s);
}

void drawRowLabels(Panel& p, const StageScene& s) {
  const Ui& ui = p.ui;
  const MapView& map = p.state.map;
  Marked rows = markedOn(p, s.rowAxis);
  rows.pinned = s.pinned ? s.pinned->row : -1;
  rows.hovered = s.hovered ? s.hovered->row : -1;
  rows.first = map.firstRow();
  rows.end = map.endRow();
  rows.px = map.pxPerCell() * map.stretch();
  rows.clear = clearance(ui);
  const std::int64_t step = labelStep(rows.px, static_cast<double>(ui.u(15)));
  for (std::int64_t i = (rows.first + step - 1) / step * step; i < rows.end; i += step) {
    if (!rows.free(i)) continue;
    const float seen = std::min(map.y(i + 1), map.box().y1) - std::max(map.y(i), map.box().y0);
    if (rows.px >= 1 && static_cast<double>(seen) < std::min(rows.px, 8.0)) continue;
    rowLabel(p, s, i, rows.isFound(i) ? Emphasis::found : Emphasis::none);
  }
  for (const auto& [i, why] : rows.always()) rowLabel(p, s, i, why);
  foundTicks(rows, [&](std::int64_t i) {
    const float y = std::round(std::max(map.y(i), map.box().y0));
    const float tall = std::max(ui.u(1), map.y(i + 1) - map.y(i) - ui.u(1));
    fill({map.box().x0 - ui.u(6), y, map.box().x0 - ui.u(3), std::min(y + tall, map.box().y1)},
         i == rows.current ? ui.c.acc : ui.c.t2);
  });
}

void drawColumnLabels(Panel& p, const StageScene& s) {
  const Ui& ui = p.ui;
  const MapView& map = p.state.map;
  const float labelPx = axisHasTokens(s.colAxis) ? ui.u(15) : indexWidth(ui, s.cols) + ui.u(8);
  Marked cols = markedOn(p, s.colAxis);
  cols.pinned = s.pinned ? s.pinned->col : -1;
  cols.hovered = s.hovered ? s.hovered->col : -1;
  cols.first = map.firstCol();
  cols.end = map.endCol();
  cols.px = map.pxPerCell();
  cols.clear = labelPx + ui.u(2);
  const std::int64_t step = labelStep(cols.px, static_cast<double>(labelPx));
  for (std::int64_t j = (cols.first + step - 1) / step * step; j < cols.end; j += step) {
    if (cols.free(j)) colLabel(p, s, j, cols.isFound(j) ? Emphasis::found : Emphasis::none);
  }
  for (const auto& [j, why] : cols.always()) colLabel(p, s, j, why);
  foundTicks(cols, [&](std::int64_t j) {
    const float x = std::round(std::max(map.x(j), map.box().x0));
    const float wide = std::max(ui.u(1), map.x(j + 1) - map.x(j) - ui.u(1));
    fill({x, map.box().y0 - ui.u(6), std::min(x + wide, map.box().x1), map.box().y0 - ui.u(3)},
         j == cols.current ? ui.c.acc : ui.c.t2);
  });
}

}  // namespace headlight
