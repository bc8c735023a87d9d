#include <array>
#include <cmath>

#include "app/panels/stage_parts.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/picture/range.h"

namespace headlight {
namespace {

struct Mode {
  std::string_view word;  ///< contract view.range
  std::string_view label;
};
constexpr std::array<Mode, 4> kWeightModes{
    {{"unit", "0–1"}, {"zero_max", "0–max"}, {"times_uniform", "× n"}, {"log", "log"}}};
constexpr std::array<Mode, 2> kSignedModes{{{"symmetric", "± max"}, {"robust", "2–98 %"}}};

void modeSwitch(Panel& p, const StageScene& s, const Box& box, std::span<const Mode> modes) {
  const ViewSpec& view = p.session.view();
  const std::int64_t keys = s.evaluation->run->sizes.keys;
  const std::string_view now = view.range.empty() ? defaultRangeMode(s.field.stage, keys) : view.range;
  std::vector<std::string_view> words;
  std::vector<std::string_view> ids;
  int chosen = -1;
  for (std::size_t i = 0; i < modes.size(); ++i) {
    words.push_back(modes[i].label);
    ids.push_back(modes[i].word);
    if (modes[i].word == now) chosen = static_cast<int>(i);
  }
  const int pressed = segmented(p.ui, "view.range", box, words, chosen, ids);
  if (pressed < 0) return;
  ViewSpec next = view;
  next.range = ids[static_cast<std::size_t>(pressed)];
  p.session.setView(next);
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

void strip(const Colormap& map, const Box& box) {
  const auto width = static_cast<int>(box.width());
  for (int x = 0; x < width; ++x) {
    const auto index = static_cast<std::size_t>(std::clamp(x * 256 / std::max(1, width), 0, 255));
    const float at = box.x0 + static_cast<float>(x);
    fill({at, box.y0, at + 1, box.y1}, toColour(map.colours[index]));
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
};
BarRow barRow(const Ui& ui, const StageScene& s, float left) {
  BarRow row;
  row.switchWidth = info(s.field.stage).isSigned ? ui.u(118) : ui.u(172);
  float room = s.content.x1 - left - row.switchWidth - ui.u(24);
  const float takes = switchesTake(ui, s);
  if (takes > 0 && room - ui.u(20) - takes >= ui.u(130)) {
    row.switches = true;
    room -= ui.u(20) + takes;
  }
  row.width = std::round(std::clamp(room, ui.u(90), ui.m(200, 300)));
  return row;
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

}  // namespace

float colourBarHeight(const Panel& p, const StageScene& s) {
  const Ui& ui = p.ui;
  const float bar = ui.u(14 + 8 + 20);
  // Few cells are counted at once; many keep the place for what their count will tell.
  const std::int64_t kSoonCounted = 4096;
  const bool masked =
      s.field.stage >= Stage::masked && isMap(s.field.stage) && !s.evaluation->experiment.mask.empty();
  const BarRow row = barRow(ui, s, s.labelRight + ui.u(14));
  bool legend = masked || info(s.field.stage).isSigned || s.rows * s.cols > kSoonCounted ||
                (switchesTake(ui, s) > 0 && !row.switches);
  if (const auto statistics = p.session.statistics(s.field.stage, s.field.head)) {
    legend = legend || statistics->masked > 0 || statistics->zeros > 0 || statistics->nan > 0;
  }
  return bar + (legend ? ui.u(20) : 0);
}

float legendItem(Panel& p, CellClass kind, float value, float x, float y, std::string_view words) {
  Ui& ui = p.ui;
  const float side = ui.u(12);
  const Box box = Box::at(x, std::round(y - side / 2), side, side);
  if (kind == CellClass::masked) {
    fill(box, ui.c.mask);
    canvas()->PushClipRect(box.min(), box.max(), true);
    const int stripes = static_cast<int>(std::ceil(2 * side / ui.u(4)));
    for (int i = 0; i < stripes; ++i) {
      const float d = static_cast<float>(i) * ui.u(4) - side;
      canvas()->AddLine({box.x0 + d, box.y1}, {box.x0 + d + side, box.y0}, ui.c.hatch,
                        std::max(1.0f, ui.scale));
    }
    canvas()->PopClipRect();
  } else if (std::isnan(value)) {
    fill(box, ui.c.nan);
    const float arm = side * 0.28f;
    const ImVec2 c{box.centreX(), box.centreY()};
    canvas()->AddLine({c.x - arm, c.y - arm}, {c.x + arm, c.y + arm}, IM_COL32_BLACK,
                      std::max(1.0f, 1.4f * ui.scale));
    canvas()->AddLine({c.x - arm, c.y + arm}, {c.x + arm, c.y - arm}, IM_COL32_BLACK,
                      std::max(1.0f, 1.4f * ui.scale));
  } else {
    fill(box, toColour(defaultColormap(false, isDark(ui.theme)).colours[0]));
    canvas()->AddCircleFilled({box.centreX(), box.centreY()}, std::max(1.0f, 1.3f * ui.scale), IM_COL32_WHITE,
                              10);
  }
  frame(box, ui.c.edge, ui.u(1));
  const float end =
      text(ui, Role::micro, box.x1 + ui.u(6), centredBaseline(ui, Role::micro, y, y), ui.c.t2, words);
  return end + ui.u(14);
}

void drawColourBar(Panel& p, const StageScene& s) {
  Ui& ui = p.ui;
  const auto range = p.session.range(s.field.stage, s.field.head);
  if (!range) return;
  const bool isSigned = info(s.field.stage).isSigned;
  const float left = p.state.map.box().x0;
  const BarRow row = barRow(ui, s, left);
  const float width = row.width;
  const float histogramTop = s.barTop;
  const Box bar = Box::at(left, histogramTop + ui.u(14), width, ui.u(8));
  bars(p, s, *range, {bar.x0, histogramTop, bar.x1, bar.y0 - ui.u(1)});
  const Colormap& map = shownColormap(p, s.field.stage);
  strip(map, bar);
  if (range->clippedLow) {
    canvas()->AddTriangleFilled({bar.x0 - ui.u(1), bar.y0}, {bar.x0 - ui.u(1), bar.y1},
                                {bar.x0 - ui.u(6), bar.centreY()}, toColour(map.colours[0]));
  }
  if (range->clippedHigh) {
    canvas()->AddTriangleFilled({bar.x1 + ui.u(1), bar.y0}, {bar.x1 + ui.u(1), bar.y1},
                                {bar.x1 + ui.u(6), bar.centreY()}, toColour(map.colours[255]));
  }
  float lastEnd = -1e9f;
  for (const Tick& tick : ticks(*range, std::max(2, static_cast<int>(width / ui.u(46))))) {
    const float x = std::round(bar.x0 + static_cast<float>(tick.at) * (bar.width() - 1));
    vertical(x, bar.y1, bar.y1 + ui.u(4), ui.c.edge, ui.u(1));
    const float w = textWidth(ui, Role::numMicro, tick.text);
    const float tx = std::round(std::clamp(x - w / 2, bar.x0 - w / 2, bar.x1 - w / 2));
    if (tx < lastEnd + ui.u(4)) continue;
    text(ui, Role::numMicro, tx, bar.y1 + ui.u(16), ui.c.t2, tick.text);
    lastEnd = tx + w;
  }
  const std::string_view name = nameOf(s.field.stage);
  textIn(ui, Role::micro, {s.content.x0, bar.y0 - ui.u(3), s.labelRight, bar.y1 + ui.u(3)}, Align::right,
         ui.c.t2, name);

  const Box modes{bar.x1 + ui.u(24), bar.y0 - ui.u(10), bar.x1 + ui.u(24) + row.switchWidth,
                  bar.y0 + ui.u(16)};
  if (isSigned) {
    modeSwitch(p, s, modes, kSignedModes);
  } else {
    modeSwitch(p, s, modes, kWeightModes);
  }

  const auto statistics = p.session.statistics(s.field.stage, s.field.head);
  const float y = bar.y1 + ui.u(30);
  if (const float takes = switchesTake(ui, s); takes > 0) {
    const float right = row.switches ? modes.x1 + ui.u(20) + takes : s.content.x1;
    switches(p, s, right, row.switches ? modes.centreY() : y);
  }
  float x = left;
  if (statistics) {
    if (statistics->masked > 0) x = legendItem(p, CellClass::masked, 0, x, y, "masked");
    if (statistics->zeros > 0) x = legendItem(p, CellClass::value, 0, x, y, "exactly 0");
    if (statistics->nan > 0) x = legendItem(p, CellClass::value, std::nanf(""), x, y, "NaN");
    if (statistics->sampled)
      x = text(ui, Role::micro, x, centredBaseline(ui, Role::micro, y, y), ui.c.t2, "sampled");
  }
  if (map.diverging && map.id == "rdbu") {
    text(ui, Role::micro, x, centredBaseline(ui, Role::micro, y, y), ui.c.t2, "blue = positive");
  } else if (isSigned) {
    text(ui, Role::micro, x, centredBaseline(ui, Role::micro, y, y), ui.c.t2, "blue −, red +");
  }
}

}  // namespace headlight
