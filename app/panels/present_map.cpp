#include <algorithm>
#include <cmath>

#include "app/panels/present.h"
#include "app/panels/stage_parts.h"
#include "app/widgets/draw.h"
#include "app/widgets/imgui_compat.h"
#include "core/base/number.h"
#include "core/picture/labels.h"
#include "core/picture/range.h"

namespace headlight {
namespace {

constexpr double kFade = 0.16;
constexpr double kNumbered = 0.1;  ///< smaller values have no number
constexpr double kWhole = 10;      ///< from here on a number may do without its decimal

/// The token, or the number of what has none.
std::string wordOf(const Panel& p, Axis axis, std::int64_t i) {
  return axisHasTokens(axis) ? axisLabel(p, axis, i) : std::to_string(i);
}

float widest(const Panel& p, Axis axis, std::int64_t count) {
  constexpr std::int64_t kMeasured = 128;
  float width = 0;
  for (std::int64_t i = 0; i < std::min(count, kMeasured); ++i)
    width = std::max(width, textWidth(p.ui, Role::micro, wordOf(p, axis, i)));
  return std::max(width, textWidth(p.ui, Role::micro, wordOf(p, axis, count - 1)));
}

struct AxisWords {
  std::string name;
  std::string_view meaning;
};
AxisWords wordsOf(const StageScene& s, Axis axis, bool across) {
  const std::string arrow = across ? " →" : " ↓";
  const bool map = isMap(s.field.stage);
  if (axis == Axis::query) return {"query" + arrow, map ? "attends from" : "token"};
  if (axis == Axis::key) return {"key" + arrow, map ? "attended to" : "token"};
  return {"dimension" + arrow, ""};
}

class PresentMap {
 public:
  PresentMap(Panel& p, const PresentLayout& layout) : p_(p), ui_(p.ui), layout_(layout) {}

  void draw() {
    scene_.evaluation = p_.session.evaluation();
    if (!scene_.evaluation) return;
    const Stage stage = p_.session.view().stage;
    const auto field = shownField(p_, stage, shownHead(p_));
    if (!field) {
      textIn(ui_, Role::body, layout_.map, Align::centre, ui_.c.t2, absence(*scene_.evaluation->run, stage));
      return;
    }
    scene_.field = *field;
    scene_.turned = p_.session.view().queryColumns && isMap(stage);
    scene_.rows = scene_.turned ? field->cols : field->rows;
    scene_.cols = scene_.turned ? field->rows : field->cols;
    scene_.rowAxis = scene_.turned ? info(stage).cols : info(stage).rows;
    scene_.colAxis = scene_.turned ? info(stage).rows : info(stage).cols;
    place();
    interact();
    image();
    rowLabels();
    columnLabels();
    corner();
    badge();
  }

 private:
  void place() {
    const AxisWords down = wordsOf(scene_, scene_.rowAxis, false);
    const AxisWords across = wordsOf(scene_, scene_.colAxis, true);
    const float corner = std::max(
        {textWidth(ui_, Role::microStrong, down.name), textWidth(ui_, Role::micro, down.meaning),
         textWidth(ui_, Role::microStrong, across.name), textWidth(ui_, Role::micro, across.meaning)});
    const float pill = atLines(p_, 8);
    const float gutter =
        std::clamp(widest(p_, scene_.rowAxis, scene_.rows), corner, layout_.map.width() * 0.34f) + pill;
    const float labels =
        axisHasTokens(scene_.colAxis) ? widest(p_, scene_.colAxis, scene_.cols) + 2 * pill : 0;
    const float zone = std::clamp(labels, atLines(p_, 100), atLines(p_, 150));
    const float away = atLines(p_, 18);
    const auto requested = p_.session.takeViewRequest();
    MapView& view = p_.state.map;
    const std::array<std::int64_t, 2> size{scene_.rows, scene_.cols};
    if (p_.state.mapSize != size) {
      p_.state.mapSize = size;
      view.fit();
    }
    if (requested == ViewRequest::fit) view.fit();
    const int largest = static_cast<int>(atLines(p_, 84));
    const int tallest = isMap(scene_.field.stage) ? 0 : static_cast<int>(atLines(p_, 45));
    Box area{layout_.map.x0 + gutter + away, layout_.map.y0 + zone, layout_.map.x1, layout_.map.y1};
    if (MapView::fittingLevel(area, scene_.rows, scene_.cols) > 0) area.y1 -= atLines(p_, 36);  // the badge
    view.place(area, scene_.rows, scene_.cols, largest, tallest);
    // What is left over stands at both sides of labels and map.
    const float spare = std::max(0.0f, area.width() - view.box().width());
    area = area.moved(std::round(spare / 2), 0);
    area.x1 = std::min(area.x1, layout_.map.x1);
    view.place(area, scene_.rows, scene_.cols, largest, tallest);
    if (requested && *requested != ViewRequest::fit) zoom(*requested);
    scene_.content = layout_.map;
    scene_.labelRight = area.x0 - away;
    scene_.columnTop = layout_.map.y0;
  }

  void zoom(ViewRequest request) {
    MapView& view = p_.state.map;
    const Box& box = view.box();
    if (request == ViewRequest::oneToOne) return view.oneToOne();
    view.zoom(request == ViewRequest::zoomIn ? 1 : -1, box.centreX(), box.centreY());
  }

  void interact() {
    const MapView& view = p_.state.map;
    const Box box = view.box();
    const Press press = pressable(ui_, "stage", box, true, false);
    p_.state.mouseInMap = press.hovered;
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    if (press.pressed && box.contains(mouse))
      p_.session.pin(scene_.fromShown({view.rowAt(mouse.y), view.colAt(mouse.x)}));
    const auto pinned = p_.session.pinned();
    if (pinned && pinned->row < scene_.field.rows && pinned->col < scene_.field.cols)
      scene_.pinned = scene_.toShown(*pinned);
  }

  void image() {
    MapFade& fade = p_.state.part<Presentation>().fade;
    const MapView& view = p_.state.map;
    const auto image = mapImage(p_, scene_.field, view.geometry(scene_.turned), 3);
    if (!drawFadingMap(p_, fade, scene_.field, image, 3, kFade))
      return frame(view.box(), ui_.c.edge, atLines(p_, 1));
    if (view.level() == 0) numbers();
    drawCrosshair(p_, scene_);
  }

  /// One decimal, from 0.1 on, where it fits its cell.
  void numbers() {
    const MapView& view = p_.state.map;
    const float room = static_cast<float>(view.cellPx()) - atLines(p_, 4);
    const Role role = Role::numMicro;
    if (room < textWidth(ui_, role, ".1") || view.stretch() > 1) return;
    const auto look = shownLook(p_, scene_.field.stage, scene_.field.head, 3);
    if (!look) return;
    for (std::int64_t i = view.firstRow(); i < view.endRow(); ++i) {
      for (std::int64_t j = view.firstCol(); j < view.endCol(); ++j) number(*look, role, room, i, j);
    }
  }

  void number(const MapLook& look, Role role, float room, std::int64_t i, std::int64_t j) {
    const MapView& view = p_.state.map;
    const Box box{view.x(j), view.y(i), view.x(j + 1) - 1, view.y(i + 1) - 1};
    if (box.clippedTo(view.box()).width() < box.width() - 1 ||
        box.clippedTo(view.box()).height() < box.height() - 1)
      return;
    const Cell cell = scene_.fromShown({i, j});
    const auto tile =
        p_.session.tile(scene_.field.stage, scene_.field.head, 0, cell.row / kTileSize, cell.col / kTileSize);
    if (!tile) return;
    const auto at = static_cast<std::size_t>((cell.row % kTileSize) * tile->cols + cell.col % kTileSize);
    if (at >= tile->extreme.size()) return;
    const auto value = static_cast<double>(tile->extreme[at]);
    const auto kind = static_cast<CellClass>(tile->classes[at]);
    if (kind != CellClass::value || !std::isfinite(value)) return;
    if (std::abs(value) < kNumbered) return;
    std::string words = fixed(value, 1);
    if (words.ends_with(".0")) words.resize(words.size() - 2);
    if (const auto zero = words.find("0."); zero != std::string::npos && std::abs(value) < 1)
      words.erase(zero, 1);
    // The narrower face before a decimal less, which small numbers cannot spare.
    if (textWidth(ui_, role, words) > room) role = Role::micro;
    if (textWidth(ui_, role, words) > room && std::abs(value) >= kWhole) words = fixed(value, 0);
    if (textWidth(ui_, role, words) > room) return;
    textIn(ui_, role, box, Align::centre, toColour(textOn(flatColour(look, tile->extreme[at], kind))), words);
  }

  void rowLabels() {
    const MapView& view = p_.state.map;
    const double px = view.pxPerCell() * view.stretch();
    const std::int64_t step = labelStep(px, static_cast<double>(atLines(p_, 22)));
    const std::int64_t pinned = scene_.pinned ? scene_.pinned->row : -1;
    const auto label = [&](std::int64_t i, bool here) {
      const float y0 = std::max(view.y(i), view.box().y0);
      const float y1 = std::min(view.y(i + 1), view.box().y1);
      const float centre = std::round((y0 + y1) / 2);
      const Role role = here ? Role::microStrong : Role::micro;
      const std::string word =
          shortened(ui_, role, wordOf(p_, scene_.rowAxis, i), scene_.labelRight - layout_.map.x0);
      const float width = textWidth(ui_, role, word);
      const float x = scene_.labelRight - width;
      if (here) {
        const float half = atLines(p_, 15);
        fill({x - atLines(p_, 9), centre - half, scene_.labelRight + atLines(p_, 9), centre + half},
             axisColour(ui_, scene_, scene_.rowAxis), atLines(p_, 4));
      }
      text(ui_, role, x, centredBaseline(ui_, role, centre, centre), here ? ui_.c.s1 : ui_.c.t1, word);
    };
    const double clear = static_cast<double>(atLines(p_, 26));
    for (std::int64_t i = (view.firstRow() + step - 1) / step * step; i < view.endRow(); i += step) {
      if (pinned >= 0 && std::abs(static_cast<double>(i - pinned)) * px < clear) continue;
      label(i, false);
    }
    if (pinned >= view.firstRow() && pinned < view.endRow()) label(pinned, true);
  }

  void columnLabels() {
    const MapView& view = p_.state.map;
    const bool upright = axisHasTokens(scene_.colAxis);
    const double px = view.pxPerCell();
    const float wide = upright
                           ? atLines(p_, 22)
                           : textWidth(ui_, Role::numMicro, std::to_string(scene_.cols)) + atLines(p_, 10);
    const std::int64_t step = labelStep(px, static_cast<double>(wide));
    const std::int64_t pinned = scene_.pinned ? scene_.pinned->col : -1;
    const auto label = [&](std::int64_t j, bool here) {
      const float x0 = std::max(view.x(j), view.box().x0);
      const float x1 = std::min(view.x(j + 1), view.box().x1);
      const float centre = std::round((x0 + x1) / 2);
      const float bottom = view.box().y0 - atLines(p_, 16);
      const ImU32 ink = here ? ui_.c.s1 : ui_.c.t1;
      if (!upright) {
        const std::string word = std::to_string(j);
        const float width = textWidth(ui_, Role::numMicro, word);
        if (here) {
          fill({centre - width / 2 - atLines(p_, 8), bottom - atLines(p_, 20),
                centre + width / 2 + atLines(p_, 8), bottom + atLines(p_, 8)},
               axisColour(ui_, scene_, scene_.colAxis), atLines(p_, 4));
        }
        text(ui_, Role::numMicro, std::round(centre - width / 2), bottom, ink, word);
        return;
      }
      const Role role = here ? Role::microStrong : Role::micro;
      const std::string word =
          shortened(ui_, role, wordOf(p_, scene_.colAxis, j), bottom - scene_.columnTop - atLines(p_, 8));
      if (here) {
        const float half = atLines(p_, 15);
        fill({centre - half, bottom - textWidth(ui_, role, word) - atLines(p_, 9), centre + half,
              bottom + atLines(p_, 9)},
             axisColour(ui_, scene_, scene_.colAxis), atLines(p_, 4));
      }
      textUp(ui_, role, centredBaseline(ui_, role, centre, centre), bottom, ink, word);
    };
    const double clear = static_cast<double>(upright ? atLines(p_, 26) : wide + atLines(p_, 10));
    for (std::int64_t j = (view.firstCol() + step - 1) / step * step; j < view.endCol(); j += step) {
      if (pinned >= 0 && std::abs(static_cast<double>(j - pinned)) * px < clear) continue;
      label(j, false);
    }
    if (pinned >= view.firstCol() && pinned < view.endCol()) label(pinned, true);
  }

  void corner() {
    const float right = scene_.labelRight;
    const float bottom = p_.state.map.box().y0;
    const auto line = [&](Role role, float up, ImU32 colour, std::string_view words) {
      text(ui_, role, right - textWidth(ui_, role, words), bottom - atLines(p_, up), colour, words);
    };
    const AxisWords across = wordsOf(scene_, scene_.colAxis, true);
    const AxisWords down = wordsOf(scene_, scene_.rowAxis, false);
    line(Role::microStrong, 84, axisColour(ui_, scene_, scene_.colAxis), across.name);
    line(Role::micro, 64, ui_.c.t2, across.meaning);
    line(Role::microStrong, 32, axisColour(ui_, scene_, scene_.rowAxis), down.name);
    line(Role::micro, 12, ui_.c.t2, down.meaning);
  }

  /// What a pixel stands for where there are more cells than pixels.
  void badge() {
    const MapView& view = p_.state.map;
    if (view.level() == 0) return;
    const std::string side = grouped(std::int64_t{1} << view.level());
    const bool isSigned = info(scene_.field.stage).isSigned;
    const std::string_view what = p_.state.poolMean ? "mean" : isSigned ? "extreme" : "max";
    const std::string words = "each pixel = " + std::string(what) + " of " + side + " × " + side + " cells";
    const float y = view.box().y1 + atLines(p_, 16);
    textIn(ui_, Role::micro, {view.box().x0, y, layout_.map.x1, y + atLines(p_, 24)}, Align::left, ui_.c.t1,
           words);
  }

  Panel& p_;
  Ui& ui_;
  const PresentLayout& layout_;
  StageScene scene_;
};

}  // namespace

void drawPresentMap(Panel& p, const PresentLayout& layout) {
  PresentMap(p, layout).draw();
}

}  // namespace headlight
