#include <cmath>
#include <optional>

#include "app/panels/colour_legend.h"
#include "app/panels/range_editor.h"
#include "app/panels/stage_parts.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/keys.h"
#include "core/base/number.h"
#include "core/picture/range.h"

namespace headlight {
namespace {

/// An end of the bar that is being dragged. The bar keeps the span it had, so that the end stays under the
/// pointer.
struct HeldEnd {
  std::string id;  ///< empty: none
  Range span;
  float grab = 0;  ///< px from the end to where it was taken
};

constexpr float kMore = 26;  ///< px of the button that opens all ranges

void modeSwitch(Panel& p, Stage stage, const Box& box) {
  const std::string_view now = rangeModeNow(p, stage);
  const std::span<const RangeMode> modes = briefRangeModes(stage);
  std::vector<std::string_view> words;
  std::vector<std::string_view> ids;
  int chosen = -1;
  for (std::size_t i = 0; i < modes.size(); ++i) {
    words.push_back(modes[i].brief);
    ids.push_back(modes[i].id);
    if (modes[i].word == now) chosen = static_cast<int>(i);
  }
  const int pressed = segmented(p.ui, "view.range", box, words, chosen, ids);
  if (pressed >= 0) setRangeMode(p, modes[static_cast<std::size_t>(pressed)].word);
}

void bars(Panel& p, const StageScene& s, const Range& range, const Box& box) {
  const auto held = p.session.rangeStatistics(s.field.stage, s.field.head);
  std::vector<const FieldStatistics*> fields;
  for (const auto& one : held) {
    if (one) fields.push_back(one.get());
  }
  if (fields.empty()) return;
  const float width = std::max(2.0f, p.ui.u(3));
  const int bins = std::max(8, static_cast<int>(box.width() / (width + 1)));
  const std::vector<double> counts = histogram(fields, range, bins);
  double most = 0;
  for (const double count : counts) most = std::max(most, count);
  if (most <= 0) return;
  const float pitch = box.width() / static_cast<float>(bins);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] <= 0) continue;
    const float tall =
        std::max(1.0f, std::round(static_cast<float>(std::sqrt(counts[i] / most)) * box.height()));
    const float x = std::round(box.x0 + static_cast<float>(i) * pitch);
    fill({x, box.y1 - tall, x + std::max(1.0f, std::floor(pitch) - 1), box.y1}, p.ui.c.edge);
  }
}

bool canShowReceived(const StageScene& s) {
  return s.field.stage == Stage::weights && !s.turned && s.field.head >= 0;
}

/// Weights can be shown as what they move: times the length of the value.
bool canTimesValue(const StageScene& s) {
  return (s.field.stage == Stage::weights || s.field.stage == Stage::valueWeighted) &&
         s.evaluation->run->has(Stage::valueWeighted);
}

constexpr std::string_view kTimesValue = "× ‖ v ‖";

/// What the bar measures.
std::string_view nameOf(Stage stage) {
  if (stage == Stage::weights) return "weight";
  if (stage == Stage::valueWeighted) return kTimesValue;
  return isMap(stage) && !isGradient(stage) ? "score" : "value";
}

/// What the switches beside the bar take together.
float switchesTake(const Ui& ui, const StageScene& s) {
  float takes = canShowReceived(s) ? textWidth(ui, Role::micro, "received") + ui.u(8 + 28) : 0;
  if (canTimesValue(s))
    takes += textWidth(ui, Role::micro, kTimesValue) + ui.u(8 + 28) + (takes > 0 ? ui.u(16) : 0);
  return takes;
}

/// Where the parts of the bar's row stand.
struct BarRow {
  float width = 0;        ///< of the bar
  float switchWidth = 0;  ///< of the mode switch
  bool switches = false;  ///< the other switches stand here, not in the legend's line
  bool beside = false;    ///< the legend's line stands at the right of the bar, beneath the mode switch
  float line = 0;         ///< how wide that line is
};
float switchWidth(const Ui& ui, Stage stage) {
  const std::size_t modes = briefRangeModes(stage).size();
  return ui.u(modes == 2 ? 118 : 172);
}

/// Few cells are counted at once; many keep the place for what their count will tell.
bool soonCounted(const StageScene& s) {
  constexpr std::int64_t kSoonCounted = 4096;
  return s.rows * s.cols <= kSoonCounted;
}

BarRow barRow(Panel& p, const StageScene& s, float left) {
  const Ui& ui = p.ui;
  BarRow row;
  row.switchWidth = switchWidth(ui, s.field.stage);
  float room = s.content.x1 - left - row.switchWidth - ui.u(24 + 4 + kMore);
  const float takes = switchesTake(ui, s);
  if (takes > 0 && room - ui.u(20) - takes >= ui.u(130)) {
    row.switches = true;
    room -= ui.u(20) + takes;
  }
  row.width = std::round(std::clamp(room, ui.u(90), ui.m(200, 300)));
  if (ui.large || !soonCounted(s) || rangeModeNow(p, s.field.stage) == "custom") return row;
  const float legend = legendTakes(p, s);
  const float line = legend + (row.switches ? 0 : takes + (legend > 0 && takes > 0 ? ui.u(16) : 0));
  const float width = std::min(row.width, std::floor(s.content.x1 - left - ui.u(24) - line));
  if (line <= 0 || width < ui.u(110)) return row;
  row.beside = true;
  row.line = line;
  row.width = width;
  return row;
}

/// What the legend has beside the switches in its line.
float legendWidth(const Ui& ui, const StageScene& s, const BarRow& row, float left) {
  const float takes = row.switches ? 0 : switchesTake(ui, s);
  return s.content.x1 - left - (takes > 0 ? takes + ui.u(16) : 0);
}

/// Words with a toggle behind them, up to `right`. Returns the x before them.
float labelledToggle(Panel& p, std::string_view id, std::string_view words, float right, float middle,
                     bool on, bool* pressed) {
  Ui& ui = p.ui;
  const Box box{right - ui.u(28), middle - ui.u(12), right, middle + ui.u(12)};
  const float width = textWidth(ui, Role::micro, words);
  const float left = box.x0 - ui.u(8) - width;
  text(ui, Role::micro, left, centredBaseline(ui, Role::micro, middle, middle), ui.c.t2, words);
  *pressed = toggle(ui, std::string(id), box, on);
  return left;
}

/// The bottom margin, and the weights times the length of the value.
void switches(Panel& p, const StageScene& s, float right, float middle) {
  bool pressed = false;
  if (canShowReceived(s)) {
    right = labelledToggle(p, "margin/received", "received", right, middle, p.state.received, &pressed) -
            p.ui.u(16);
    if (pressed) p.state.received = !p.state.received;
  }
  if (!canTimesValue(s)) return;
  const bool on = s.field.stage == Stage::valueWeighted;
  const float left = labelledToggle(p, "stage/times_value", kTimesValue, right, middle, on, &pressed);
  if (pressed) p.session.selectStage(on ? Stage::weights : Stage::valueWeighted);
  const Box box{left, middle - p.ui.u(12), right, middle + p.ui.u(12)};
  p.ui.tip("stage/times_value", box, ImGui::IsMouseHoveringRect(box.min(), box.max()),
           info(Stage::valueWeighted).title);
}

/// The colours between the ends, and beyond them what the ends have; pointed where values lie beyond.
void colours(const Ui& ui, const Colormap& map, const Range& range, const Range& span, const Box& bar) {
  const auto at = [&](double value) {
    return bar.x0 + std::round(static_cast<float>(std::clamp(placeOn(span, value), 0.0, 1.0)) * bar.width());
  };
  const float low = at(range.low);
  const float high = std::max(low + 1, at(range.high));
  fill({bar.x0, bar.y0, low, bar.y1}, toColour(map.colours.front()));
  colourRamp(map, {low, bar.y0, high, bar.y1});
  fill({high, bar.y0, bar.x1, bar.y1}, toColour(map.colours.back()));
  if (range.clippedLow) {
    canvas()->AddTriangleFilled({bar.x0 - ui.u(1), bar.y0}, {bar.x0 - ui.u(1), bar.y1},
                                {bar.x0 - ui.u(6), bar.centreY()}, toColour(map.colours.front()));
  }
  if (range.clippedHigh) {
    canvas()->AddTriangleFilled({bar.x1 + ui.u(1), bar.y0}, {bar.x1 + ui.u(1), bar.y1},
                                {bar.x1 + ui.u(6), bar.centreY()}, toColour(map.colours.back()));
  }
}

/// The value that the pointer, else the pin, stands on, as its colour shows it.
std::optional<double> valuePointedAt(Panel& p, const StageScene& s) {
  const std::optional<Cell> shown = s.hovered ? s.hovered : s.pinned;
  if (!shown) return std::nullopt;
  const Cell cell = s.fromShown(*shown);
  const int level = p.state.map.level();
  const std::int64_t row = cell.row >> level;
  const std::int64_t col = cell.col >> level;
  const auto tile = p.session.tile(s.field.stage, s.field.head, level, row / kTileSize, col / kTileSize);
  if (!tile) return std::nullopt;
  const auto at = static_cast<std::size_t>((row % kTileSize) * tile->cols + col % kTileSize);
  if (at >= tile->extreme.size()) return std::nullopt;
  const auto kind = static_cast<CellClass>(tile->classes[at]);
  if (kind == CellClass::masked || kind == CellClass::notComputed) return std::nullopt;
  const float value = p.state.poolMean && !tile->mean.empty() ? tile->mean[at] : tile->extreme[at];
  return std::isnan(value) ? std::nullopt : std::optional<double>(value);
}

/// A line across the bar where the value under the pointer stands.
void pointerMark(Panel& p, const StageScene& s, const Range& span, const Box& bar) {
  const auto value = valuePointedAt(p, s);
  if (!value) return;
  const Ui& ui = p.ui;
  const float share = static_cast<float>(std::clamp(placeOn(span, *value), 0.0, 1.0));
  const float x = std::round(bar.x0 + share * (bar.width() - 1));
  const float half = std::max(1.0f, ui.u(1));
  fill({x - half - ui.u(1), bar.y0 - ui.u(4), x + half + ui.u(1), bar.y1 + ui.u(2)}, ui.c.s0);
  fill({x - half, bar.y0 - ui.u(4), x + half, bar.y1 + ui.u(2)}, ui.c.t1);
}

/// An end of the bar as a control: dragged, moved by the arrow keys, put back by a right click.
void end(Panel& p, const StageScene& s, const Range& range, const Range& span, const Box& bar, bool high) {
  Ui& ui = p.ui;
  HeldEnd& held = p.state.part<HeldEnd>();
  const std::string id = high ? "range/high" : "range/low";
  const double value = high ? range.high : range.low;
  const float place = static_cast<float>(std::clamp(placeOn(span, value), -0.02, 1.02));
  const float x = std::round(bar.x0 + place * bar.width());
  const Press press = pressable(ui, id, {x - ui.u(5), bar.y0 - ui.u(3), x + ui.u(5), bar.y1 + ui.u(9)});
  const float mouse = ImGui::GetIO().MousePos.x;
  if (press.held && held.id != id) held = {id, span, mouse - x};
  if (!press.held && held.id == id) held.id.clear();
  if (press.held && std::abs(mouse - held.grab - x) >= 1) {
    const double share = static_cast<double>((mouse - held.grab - bar.x0) / bar.width());
    const double size = held.span.high - held.span.low;
    const double wanted = held.span.low + std::clamp(share, -3.0, 4.0) * size;
    setRangeEnd(p, range, s.field.stage, high, std::abs(wanted) < 0.008 * size ? 0 : wanted);
    ui.stayAwake(0.05);
  }
  if (press.secondary) setRangeMode(p, "");
  if (press.focused) {
    const double step = (range.high - range.low) / 50;
    if (ui.take(kKeyRight)) setRangeEnd(p, range, s.field.stage, high, value + step);
    if (ui.take(kKeyLeft)) setRangeEnd(p, range, s.field.stage, high, value - step);
  }
  const bool hot = press.hovered || press.held;
  const float wide = ui.u(hot ? 5 : 4);
  canvas()->AddTriangleFilled({x, bar.y1 + ui.u(1)}, {x - wide, bar.y1 + ui.u(8)},
                              {x + wide, bar.y1 + ui.u(8)}, hot ? ui.c.t1 : ui.c.edge);
  focusRing(ui, id, {x - ui.u(6), bar.y0, x + ui.u(6), bar.y1 + ui.u(9)}, ui.u(2));
  if (press.held) {
    const std::string words = withTrueMinus(shortest(static_cast<float>(value)));
    const float width = textWidth(ui, Role::numMicro, words) + ui.u(10);
    const Box tag = Box::at(std::round(x - width / 2), bar.y0 - ui.u(22), width, ui.u(18));
    fill(tag, ui.c.s3, ui.u(3));
    textIn(ui, Role::numMicro, tag, Align::centre, ui.c.t1, words);
  } else {
    ui.tip(id, bar, press.hovered, "Drag to set the end of the scale, right click to put it back");
  }
}

void drawTicks(Panel& p, const Range& span, const Box& bar) {
  Ui& ui = p.ui;
  float lastEnd = -1e9f;
  for (const Tick& tick : ticks(span, std::max(2, static_cast<int>(bar.width() / ui.u(46))))) {
    const float x = std::round(bar.x0 + static_cast<float>(tick.at) * (bar.width() - 1));
    vertical(x, bar.y1, bar.y1 + ui.u(4), ui.c.edge, ui.u(1));
    const float w = textWidth(ui, Role::numMicro, tick.text);
    const float tx = std::round(std::clamp(x - w / 2, bar.x0 - w / 2, bar.x1 - w / 2));
    if (tx < lastEnd + ui.u(4)) continue;
    text(ui, Role::numMicro, tx, bar.y1 + ui.u(19), ui.c.t2, tick.text);
    lastEnd = tx + w;
  }
}

/// What the bar measures, by which rule, and over which heads: beside it, in the gutter of the row labels.
void names(Panel& p, const StageScene& s, const Box& bar) {
  Ui& ui = p.ui;
  const Stage stage = s.field.stage;
  const Box gutter{s.content.x0, 0, s.labelRight, 0};
  const auto line = [&](float middle, std::string_view words) {
    textIn(ui, Role::micro, {gutter.x0, middle - ui.u(7), gutter.x1, middle + ui.u(7)}, Align::right, ui.c.t2,
           words);
  };
  line(bar.centreY(), nameOf(stage));
  const std::string_view mode = rangeModeNow(p, stage);
  const ViewSpec& view = p.session.view();
  const bool several = info(stage).perHead && s.evaluation->run->sizes.heads > 1;
  std::string_view scope;
  if (several) scope = view.sharedRange ? "all heads" : "this head";
  float y = bar.y1 + ui.u(14);
  if (mode.empty()) {
    const std::string_view rule = s.evaluation->run->has(Stage::dot) ? "96 % of QK^T" : "96 % of scores";
    math(ui, Role::micro, s.labelRight - mathWidth(ui, Role::micro, rule),
         centredBaseline(ui, Role::micro, y - 1, y + 1), ui.c.t2, rule);
    y += ui.u(15);
  } else if (mode == "custom") {
    const float width = buttonWidth(ui, "reset");
    const Box box{s.labelRight - width, y - ui.u(3), s.labelRight, y + ui.u(21)};
    if (button(ui, "range/reset", box, "reset")) setRangeMode(p, "");
    return;
  } else {
    for (const RangeMode& one : allRangeModes(stage)) {
      const auto shown = briefRangeModes(stage);
      const bool lit =
          std::any_of(shown.begin(), shown.end(), [&](const RangeMode& m) { return m.word == mode; });
      if (one.word != mode || lit) continue;
      line(y, one.brief);
      y += ui.u(15);
    }
  }
  line(y, scope);
}

}  // namespace

float colourBarHeight(Panel& p, const StageScene& s) {
  const Ui& ui = p.ui;
  const float bar = ui.u(14 + 8 + 24);
  const bool masked =
      s.field.stage >= Stage::masked && isMap(s.field.stage) && !s.evaluation->experiment.mask.empty();
  const float left = s.labelRight + ui.u(14);
  const BarRow row = barRow(p, s, left);
  if (row.beside) return ui.u(rangeModeNow(p, s.field.stage).empty() ? 59 : 54);
  const bool keeps = masked || info(s.field.stage).isSigned || !soonCounted(s) ||
                     (switchesTake(ui, s) > 0 && !row.switches) || rangeModeNow(p, s.field.stage) == "custom";
  const int lines = std::max(keeps ? 1 : 0, legendLines(p, s, legendWidth(ui, s, row, left)));
  return bar + (lines > 0 ? ui.u(2) : 0) + static_cast<float>(lines) * legendLineHeight(ui);
}

void drawColourBar(Panel& p, const StageScene& s) {
  Ui& ui = p.ui;
  const auto range = p.session.range(s.field.stage, s.field.head);
  if (!range) return;
  const HeldEnd& held = p.state.part<HeldEnd>();
  const Range span = held.id.empty() ? *range : held.span;
  const float left = p.state.map.box().x0;
  const BarRow row = barRow(p, s, left);
  const Box bar = Box::at(left, s.barTop + ui.u(14), row.width, ui.u(8));
  bars(p, s, span, {bar.x0, s.barTop, bar.x1, bar.y0 - ui.u(1)});
  colours(ui, shownColormap(p, s.field.stage), *range, span, bar);
  pointerMark(p, s, span, bar);
  drawTicks(p, span, bar);
  if (!range->logarithmic) {
    end(p, s, *range, span, bar, false);
    end(p, s, *range, span, bar, true);
  }
  names(p, s, bar);

  const Box modes{bar.x1 + ui.u(24), bar.y0 - ui.u(10), bar.x1 + ui.u(24) + row.switchWidth,
                  bar.y0 + ui.u(16)};
  modeSwitch(p, s.field.stage, modes);
  const Box more{modes.x1 + ui.u(4), modes.y0, modes.x1 + ui.u(4 + kMore), modes.y1};
  drawRangeMore(p, s, *range, more);

  const float y = bar.y1 + ui.u(row.beside ? 20 : 33);
  if (const float takes = switchesTake(ui, s); takes > 0) {
    float right = row.switches ? more.x1 + ui.u(20) + takes : s.content.x1;
    if (row.beside && !row.switches) right = std::max(more.x1, bar.x1 + ui.u(24) + row.line);
    switches(p, s, right, row.switches ? modes.centreY() : y);
  }
  const float legendLeft = row.beside ? bar.x1 + ui.u(24) : left;
  drawLegend(p, s, *range, legendLeft, y, row.beside ? s.content.x1 : legendWidth(ui, s, row, left));
}

}  // namespace headlight
