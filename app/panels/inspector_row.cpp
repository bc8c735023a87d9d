#include <algorithm>
#include <cmath>

#include "app/panels/inspector.h"
#include "app/panels/map_image.h"
#include "app/widgets/draw.h"
#include "core/attention/normalize/normalize.h"
#include "core/base/number.h"
#include "core/picture/range.h"

namespace headlight {
namespace {

/// What a row of numbers is made of: given weights have no scores, and not every normalizer takes
/// exponentials.
struct RowColumns {
  bool scores = false;
  bool exponentials = false;
  bool theirSum = false;  ///< one sum divides all exponentials of the row
  double sink = 0;        ///< what stands in it beside the keys
  bool hasSink = false;
};
RowColumns rowColumns(const Run& run, const Explanation& e) {
  RowColumns columns;
  columns.scores = run.has(Stage::scaled);
  if (!columns.scores || e.rowEmpty || !run.rules.normalizer) return columns;
  const auto sink = run.rules.normalizer->sinkLogit(std::max(e.head, 0));
  columns.exponentials = sink.has_value();
  columns.theirSum = columns.exponentials && !run.rules.mistake.overQueries;
  columns.hasSink = columns.theirSum && std::isfinite(*sink);
  if (!columns.hasSink) return columns;
  columns.sink = static_cast<double>(e.numbers.sum) * (1 - static_cast<double>(e.otherWeight));
  for (const ExplainKey& key : e.keys) columns.sink -= static_cast<double>(key.exponential);
  columns.sink = std::max(columns.sink, 0.0);
  return columns;
}

}  // namespace

const ExplainStep* rowStep(const Explanation& e) {
  const ExplainStep* last = nullptr;
  for (const ExplainStep& step : e.steps) {
    if (step.stage == Stage::weights && step.terms.empty() && step.strips.empty()) last = &step;
  }
  return e.keys.empty() ? nullptr : last;
}

float drawRowTable(Panel& p, const Explanation& e, float x, float y, float width) {
  Ui& ui = p.ui;
  const RowColumns columns = rowColumns(*p.session.evaluation()->run, e);
  const float pitch = ui.m(17, 19);
  const float scoreRight = x + width * (columns.exponentials ? 0.56f : 0.74f);
  const float expRight = x + width * 0.78f;
  const float weightRight = x + width;
  const float wordsRight = columns.scores ? scoreRight - ui.u(48) : weightRight - ui.u(52);
  float baseline = y + ui.u(12);
  text(ui, Role::microStrong, x, baseline, ui.c.k, "key");
  if (columns.scores) numText(ui, scoreRight, baseline, ui.c.t2, "score", Role::microStrong);
  if (columns.exponentials) {
    const float expWidth = mathWidth(ui, Role::micro, "e^{s − max}");
    math(ui, Role::micro, expRight - expWidth, baseline, ui.c.t2, "e^{s − max}");
  }
  numText(ui, weightRight, baseline, ui.c.t2, "weight", Role::microStrong);
  const auto exponential = [&](double value, ImU32 colour, Role role = Role::num) {
    if (columns.exponentials) num(ui, expRight, baseline, value, 3, colour, role);
  };
  double weights = 0;
  double exponentials = 0;
  for (const ExplainKey& key : e.keys) {
    baseline += pitch;
    const bool here = key.key == e.col;
    if (here)
      fill({x - ui.u(4), baseline - ui.u(12), x + width + ui.u(4), baseline + ui.u(4)}, ui.c.s2, ui.u(3));
    const std::string index = std::to_string(key.key);
    numText(ui, x + ui.u(20), baseline, ui.c.t2, index, Role::numMicro);
    textIn(ui, here ? Role::strong : Role::body,
           {x + ui.u(26), baseline - ui.u(12), wordsRight, baseline + ui.u(3)}, Align::left, ui.c.t1,
           keyLabel(p, key.key));
    if (columns.scores) {
      numText(ui, scoreRight, baseline, ui.c.t1,
              key.kept ? fixed(static_cast<double>(key.score), 2) : "masked", Role::num);
    }
    exponential(static_cast<double>(key.exponential), ui.c.t1);
    num(ui, weightRight, baseline, static_cast<double>(key.weight), 3, ui.c.t1);
    weights += static_cast<double>(key.weight);
    exponentials += static_cast<double>(key.exponential);
  }
  if (e.otherWeight != 0) {
    baseline += pitch;
    text(ui, Role::micro, x + ui.u(26), baseline, ui.c.t2, "other keys");
    num(ui, weightRight, baseline, static_cast<double>(e.otherWeight), 3, ui.c.t2);
    weights += static_cast<double>(e.otherWeight);
  }
  if (columns.hasSink) {
    baseline += pitch;
    text(ui, Role::micro, x + ui.u(26), baseline, ui.c.t2, "no key");
    exponential(columns.sink, ui.c.t2);
    exponentials += columns.sink;
  }
  horizontal((columns.theirSum ? expRight : weightRight) - ui.u(40), weightRight, baseline + ui.u(6),
             ui.c.edge, ui.u(1));
  baseline += ui.m(20, 22);
  numText(ui, (columns.theirSum ? scoreRight : weightRight - ui.u(60)), baseline, ui.c.t2, "sum");
  if (columns.theirSum) {
    exponential(e.otherWeight != 0 ? static_cast<double>(e.numbers.sum) : exponentials, ui.c.t1,
                Role::numStrong);
  }
  num(ui, weightRight, baseline, weights, 3, ui.c.t1, Role::numStrong);
  return baseline + ui.u(10);
}

float drawRowBar(Panel& p, const Explanation& e, float x, float y, float width) {
  Ui& ui = p.ui;
  const float baseline = y + ui.u(22);
  const std::string sum = "sum " + fixed(static_cast<double>(e.numbers.weightSum), 3);
  const float sumWidth = textWidth(ui, Role::num, sum);
  const std::string word = shortened(ui, Role::labelStrong, queryLabel(p, e.row), ui.u(100));
  textIn(ui, Role::labelStrong, {x, baseline - ui.u(10), x + width - sumWidth - ui.u(8), baseline},
         Align::left, ui.c.t1, "The whole row of “" + word + "”");
  numText(ui, x + width, baseline, ui.c.t2, sum);
  const Box bar = Box::at(x, baseline + ui.u(9), width, ui.u(20));
  fill(bar, ui.c.s3);
  const auto look = shownLook(p, Stage::weights, e.head, 50);
  const auto colourOf = [&](float weight) {
    return look ? toColour(look->colours[static_cast<std::size_t>(colourIndex(*look, weight))]) : ui.c.edge;
  };
  constexpr std::size_t kNamed = 3;
  // Of length 1, or as long as it takes where weights are no shares.
  const auto whole = std::max(1.0, static_cast<double>(e.numbers.weightSum));
  double at = 0;
  double others = static_cast<double>(e.otherWeight);
  for (std::size_t n = 0; n < e.keys.size(); ++n) {
    const ExplainKey& key = e.keys[n];
    const auto weight = static_cast<double>(key.weight);
    if (!(weight > 0) || !std::isfinite(weight)) continue;
    if (n >= kNamed) {
      others += weight;
      continue;
    }
    const float x0 = std::round(bar.x0 + static_cast<float>(std::min(1.0, at)) * width);
    at += weight / whole;
    const float x1 = std::round(bar.x0 + static_cast<float>(std::min(1.0, at)) * width);
    if (x1 - x0 >= 1) fill({x0, bar.y0, std::max(x0 + 1, x1 - 1), bar.y1}, colourOf(key.weight));
  }
  // The legend: the three largest and the others.
  float lx = x;
  float ly = bar.y1 + ui.u(14);
  const auto item = [&](ImU32 colour, const std::string& name, double weight) {
    const std::string value = cellText(weight, true);
    const float side = ui.u(8);
    const float need =
        side + ui.u(4) + textWidth(ui, Role::micro, name) + ui.u(4) + textWidth(ui, Role::numMicro, value);
    if (lx > x && lx + need > x + width) {
      lx = x;
      ly += ui.u(16);
    }
    const Box square = Box::at(lx, std::round(ly - side / 2), side, side);
    fill(square, colour);
    frame(square, ui.c.edge, ui.u(1));
    float end =
        text(ui, Role::micro, square.x1 + ui.u(4), centredBaseline(ui, Role::micro, ly, ly), ui.c.t2, name);
    end =
        text(ui, Role::numMicro, end + ui.u(4), centredBaseline(ui, Role::numMicro, ly, ly), ui.c.t1, value);
    lx = end + ui.u(8);
  };
  std::size_t named = 0;
  for (const ExplainKey& key : e.keys) {
    if (named == kNamed || !(key.weight > 0)) break;
    item(colourOf(key.weight), shortened(ui, Role::micro, keyLabel(p, key.key), ui.u(90)),
         static_cast<double>(key.weight));
    ++named;
  }
  if (others > 5e-4) item(ui.c.s3, "others", others);
  return ly + ui.u(12);
}

}  // namespace headlight
