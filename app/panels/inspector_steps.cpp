#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/panels/inspector.h"
#include "app/panels/map_image.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"
#include "core/picture/range.h"

namespace headlight {
namespace {

constexpr std::size_t kAllTerms = 16;
constexpr std::size_t kLargestTerms = 6;

struct Columns {
  std::string left, right, product;
  ImU32 leftColour, rightColour;
};
Columns columnsOf(const Ui& ui, Stage stage) {
  switch (stage) {
    case Stage::dot:
      return {"q", "k", "q·k", ui.c.q, ui.c.k};
    case Stage::headOutput:
      return {"a", "v", "a·v", ui.c.t2, ui.c.v};
    case Stage::output:
    case Stage::contribution:
      return {"z", "w", "z·w", ui.c.t2, ui.c.t2};
    case Stage::gradScores:
      return {"∂z", "v", "∂z·v", ui.c.t2, ui.c.v};
    case Stage::gradQ:
    case Stage::gradK:
    case Stage::gradV:
      return {"left", "right", "product", ui.c.t2, ui.c.t2};
    default:
      return {"x", "w", "x·w", ui.c.t2, ui.c.t2};
  }
}

/// The circle with the step's number; a press selects its node in the strip.
void stepNumber(Panel& p, int number, const ExplainStep& step, float x, float centre) {
  Ui& ui = p.ui;
  const float radius = ui.u(8);
  const std::string id = "step." + std::to_string(number);
  const Box box{x, centre - radius, x + 2 * radius, centre + radius};
  const Press press = pressable(ui, id, box);
  const bool here = p.session.view().stage == step.stage;
  canvas()->AddCircleFilled({box.centreX(), box.centreY()}, radius, here ? ui.c.acc : ui.c.s3, 24);
  textIn(ui, Role::microStrong, box, Align::centre, here ? ui.c.accfg : ui.c.t1, std::to_string(number));
  if (press.hovered)
    canvas()->AddCircle({box.centreX(), box.centreY()}, radius + ui.u(2), ui.c.edge, 24, ui.u(1));
  focusRing(ui, id, box, radius);
  ui.tip(id, box, press.hovered, "Show " + std::string(info(step.stage).title));
  if (press.pressed) p.session.selectStage(step.stage);
}

ImU32 signColour(const Panel& p, float value) {
  const Colormap& map = defaultColormap(true, isDark(p.ui.theme));
  return toColour(map.colours[value < 0 ? 56 : 200]);
}

/// dim, q, k, product, signed bar.
float termTable(Panel& p, const ExplainStep& step, float x, float y, float width) {
  Ui& ui = p.ui;
  const bool mean = step.title.rfind("mean", 0) == 0;
  const Columns columns =
      mean ? Columns{"head", "1 ÷ H", "part", ui.c.t2, ui.c.t2} : columnsOf(ui, step.stage);
  std::vector<std::size_t> order(step.terms.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const bool all = order.size() <= kAllTerms;
  if (!all) {
    std::partial_sort(order.begin(), order.begin() + kLargestTerms, order.end(),
                      [&](std::size_t a, std::size_t b) {
                        return std::abs(step.terms[a].product) > std::abs(step.terms[b].product);
                      });
  }
  const std::size_t shown = all ? order.size() : kLargestTerms;
  const float indexRight = x + ui.u(31);
  const float unit = (width - ui.u(31)) / 256;
  const float leftRight = indexRight + std::round(46 * unit);
  const float rightRight = indexRight + std::round(104 * unit);
  const float productRight = indexRight + std::round(172 * unit);
  const float barLeft = productRight + ui.u(14);
  const float barRight = x + width;
  const float pitch = ui.m(15, 18);
  float baseline = y + ui.u(10);
  numText(ui, leftRight, baseline, columns.leftColour, columns.left, Role::microStrong);
  numText(ui, rightRight, baseline, columns.rightColour, columns.right, Role::microStrong);
  numText(ui, productRight, baseline, ui.c.t2, columns.product, Role::microStrong);

  float low = 0;
  float high = 0;
  for (std::size_t n = 0; n < shown; ++n) {
    const float product = step.terms[order[n]].product;
    if (std::isfinite(product)) low = std::min(low, product), high = std::max(high, product);
  }
  const float span = std::max(high - low, 1e-20f);
  const float zero = std::round(barLeft + (barRight - barLeft) * (-low / span));
  const float top = baseline + ui.u(3);
  for (std::size_t n = 0; n < shown; ++n) {
    const ExplainTerm& term = step.terms[order[n]];
    baseline += pitch;
    numText(ui, indexRight - ui.u(2), baseline, ui.c.t2, std::to_string(term.index), Role::numMicro);
    num(ui, leftRight, baseline, static_cast<double>(term.left), 2, ui.c.t1);
    num(ui, rightRight, baseline, static_cast<double>(term.right), 2, ui.c.t1);
    num(ui, productRight, baseline, static_cast<double>(term.product), 2, ui.c.t1);
    if (!std::isfinite(term.product)) continue;
    const float end = std::round(zero + (barRight - barLeft) * (term.product / span));
    const float thick = ui.u(8);
    const float barY = std::round(baseline - ui.fonts->face(Role::num).capital / 2 - thick / 2);
    if (end != zero)
      fill({std::min(zero, end), barY, std::max(zero, end), barY + thick}, signColour(p, term.product));
  }
  vertical(zero, top, baseline + ui.u(3), ui.c.edge, ui.u(1));
  if (!all) {
    double rest = 0;
    for (std::size_t n = shown; n < order.size(); ++n)
      rest += static_cast<double>(step.terms[order[n]].product);
    baseline += pitch;
    text(ui, Role::micro, indexRight - ui.u(8), baseline, ui.c.t2,
         "… " + std::to_string(order.size() - shown) + " more");
    num(ui, productRight, baseline, rest, 2, ui.c.t2);
  }
  horizontal(rightRight - ui.u(30), productRight, baseline + ui.u(6), ui.c.edge, ui.u(1));
  baseline += ui.m(20, 23);
  const float resultRight = x + width;
  const std::string result = resultText(step.result);
  numText(ui, resultRight, baseline, ui.c.t1, result, Role::numStrong);
  const float sumRight = resultRight - textWidth(ui, Role::numStrong, result) - ui.u(14);
  numText(ui, sumRight, baseline, ui.c.t2, "sum");
  return baseline + ui.u(6);
}

std::string titleOf(const ExplainStep& step) {
  return step.stage == Stage::dot ? "q · k" : step.title;
}

/// The words beside a title, or below it where they do not fit. Returns the y below.
float detailLines(const Panel& p, const ExplainStep& step, float x, float after, float centre, float width) {
  Ui& ui = p.ui;
  const float room = x + width - after - ui.u(9);
  const float below = centre + ui.u(8);
  if (textWidth(ui, Role::micro, step.detail) <= room) {
    textIn(ui, Role::micro, {after + ui.u(9), centre - ui.u(8), x + width, below}, Align::left, ui.c.t2,
           step.detail);
    return below;
  }
  float baseline = below + ui.u(12);
  for (const std::string& line : wrapped(ui, Role::micro, width - ui.u(24), step.detail)) {
    math(ui, Role::micro, x + ui.u(24), baseline, ui.c.t2, line);
    baseline += ui.u(15);
  }
  return baseline - ui.u(8);
}

/// Which entry of the masks drops the pair, why, and what it keeps. Returns the y below.
float droppedLines(Panel& p, const ExplainMask& mask, float x, float y, float width) {
  Ui& ui = p.ui;
  const auto masks = p.session.evaluation()->experiment.mask.size();
  std::string words = "dropped by " + mask.kind;
  if (masks > 1) words += ", mask " + std::to_string(mask.entry) + " of " + std::to_string(masks);
  if (!mask.reason.empty()) words += ": " + mask.reason;
  y = paragraph(ui, Role::micro, x, y + ui.u(8), width, ui.u(15), ui.c.t1, words);
  if (!mask.rule.empty())
    y = paragraph(ui, Role::micro, x, y, width, ui.u(15), ui.c.t2, mask.kind + " keeps: " + mask.rule);
  return y - ui.u(4);
}

/// One line: number, title, words or arithmetic, result.
float stepLine(Panel& p, const Explanation& e, int number, const ExplainStep& step, float x, float y,
               float width) {
  Ui& ui = p.ui;
  const float height = ui.m(25, 32);
  const float centre = std::round(y + height / 2);
  stepNumber(p, number, step, x, centre);
  const float titleX = x + ui.u(24);
  const float baseline = centredBaseline(ui, Role::strong, centre, centre);
  float after = math(ui, Role::strong, titleX, baseline, ui.c.t1, titleOf(step));
  float right = x + width;
  if (step.hasResult) {
    const std::string result = resultText(step.result);
    numText(ui, right, centredBaseline(ui, Role::numStrong, centre, centre), ui.c.t1, result,
            Role::numStrong);
    right -= std::max(textWidth(ui, Role::numStrong, result), ui.u(44)) + ui.u(16);
  }
  const bool unfolds = &step == rowStep(e);
  if (unfolds) {
    const Box box = Box::at(after + ui.u(4), centre - ui.u(10), ui.u(20), ui.u(20));
    const Press press = pressable(ui, "inspector/row", box);
    if (press.hovered) fill(box, ui.c.s3, ui.u(4));
    const float s = ui.scale * (p.state.rowUnfolded ? -1.0f : 1.0f);
    const ImVec2 points[] = {{box.centreX() - 4 * ui.scale, box.centreY() - 2 * s},
                             {box.centreX(), box.centreY() + 2 * s},
                             {box.centreX() + 4 * ui.scale, box.centreY() - 2 * s}};
    canvas()->AddPolyline(points, 3, ui.c.t2, 0, std::max(1.0f, 1.4f * ui.scale));
    focusRing(ui, "inspector/row", box, ui.u(4));
    ui.tip("inspector/row", box, press.hovered,
           p.state.rowUnfolded ? "Hide the whole row" : "Show every key of the row");
    if (press.pressed) p.state.rowUnfolded = !p.state.rowUnfolded;
    after = box.x1;
  }
  const bool isMaskStep = step.stage == Stage::masked;
  if (isMaskStep && e.droppedBy) return droppedLines(p, *e.droppedBy, titleX, y + height, width - ui.u(24));
  const float expression = mathWidth(ui, Role::num, step.expression);
  const float detail = mathWidth(ui, Role::micro, step.detail);
  const float room = right - after - ui.u(10);
  if (!isMaskStep && !step.expression.empty() && expression <= room) {
    math(ui, Role::num, right - expression, centredBaseline(ui, Role::num, centre, centre), ui.c.t2,
         step.expression);
  } else if (!step.detail.empty() && detail <= room) {
    math(ui, Role::micro, after + ui.u(10), centredBaseline(ui, Role::micro, centre, centre), ui.c.t2,
         step.detail);
  } else if (!step.detail.empty()) {
    return paragraph(ui, Role::micro, titleX, y + height + ui.u(8), width - ui.u(24), ui.u(15), ui.c.t2,
                     step.detail) -
           ui.u(4);
  }
  return y + height;
}

}  // namespace

float drawSteps(Panel& p, const Explanation& e, float x, float y, float width) {
  Ui& ui = p.ui;
  int number = 0;
  for (const ExplainStep& step : e.steps) {
    ++number;
    if (!step.strips.empty()) continue;
    if (step.terms.empty()) {
      y = stepLine(p, e, number, step, x, y, width);
      if (&step == rowStep(e) && p.state.rowUnfolded)
        y = drawRowTable(p, e, x + ui.u(24), y, width - ui.u(24));
      continue;
    }
    const float centre = y + ui.m(14, 18);
    stepNumber(p, number, step, x, centre);
    const float baseline = centredBaseline(ui, Role::strong, centre, centre);
    const float after = math(ui, Role::strong, x + ui.u(24), baseline, ui.c.t1, titleOf(step));
    const float below = detailLines(p, step, x, after, centre, width);
    y = termTable(p, step, x, below, width);
  }
  return y + ui.u(4);
}

float drawStrips(Panel& p, const ExplainStep& step, float x, float y, float width) {
  Ui& ui = p.ui;
  int number = 0;
  if (p.state.explanation) {
    for (const ExplainStep& other : p.state.explanation->steps) {
      ++number;
      if (&other == &step) break;
    }
  }
  const float centre = y + ui.u(18);
  stepNumber(p, number, step, x, centre);
  const float after = math(ui, Role::strong, x + ui.u(24), centredBaseline(ui, Role::strong, centre, centre),
                           ui.c.t1, step.title);
  float below = detailLines(p, step, x, after, centre, width);
  if (step.hasResult) {
    // A product with its result, and the row that it is the length of.
    const std::string result = resultText(step.result);
    const float line = below + ui.u(8);
    numText(ui, x + width, centredBaseline(ui, Role::numStrong, line, line), ui.c.t1, result,
            Role::numStrong);
    const float right = x + width - std::max(textWidth(ui, Role::numStrong, result), ui.u(44)) - ui.u(16);
    math(ui, Role::num, right - mathWidth(ui, Role::num, step.expression),
         centredBaseline(ui, Role::num, line, line), ui.c.t2, step.expression);
    below += ui.u(18);
  }
  float largest = 1e-20f;
  for (const auto& strip : step.strips) {
    for (const float value : strip.values) {
      if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
    }
  }
  Range range;
  range.low = -static_cast<double>(largest);
  range.high = static_cast<double>(largest);
  const Colormap& map = defaultColormap(true, isDark(ui.theme));
  const MapLook look = makeLook(range, map, ui.theme, ui.scale);
  y = below + ui.u(6);
  const float left = x + ui.u(24) + ui.u(44);
  const float right = x + width - ui.u(44);
  for (const auto& strip : step.strips) {
    const Box row{left, y, right, y + ui.u(12)};
    math(ui, Role::body, x + ui.u(24), centredBaseline(ui, Role::body, row.y0, row.y1), ui.c.t2, strip.label);
    const auto count = static_cast<float>(std::max<std::size_t>(strip.values.size(), 1));
    const bool gaps = row.width() / count >= ui.u(6);
    const auto pieces = std::min(strip.values.size(), static_cast<std::size_t>(std::max(1.0f, row.width())));
    for (std::size_t n = 0; n < pieces; ++n) {
      // More values than px: each px shows the largest of its share.
      const std::size_t first = n * strip.values.size() / pieces;
      const std::size_t end = std::max(first + 1, (n + 1) * strip.values.size() / pieces);
      float value = strip.values[first];
      for (std::size_t i = first; i < end; ++i) {
        if (std::abs(strip.values[i]) > std::abs(value)) value = strip.values[i];
      }
      const float x0 = std::round(row.x0 + row.width() * static_cast<float>(n) / static_cast<float>(pieces));
      const float x1 =
          std::round(row.x0 + row.width() * static_cast<float>(n + 1) / static_cast<float>(pieces));
      fill({x0, row.y0, x1 - (gaps ? 1 : 0), row.y1}, toColour(flatColour(look, value, CellClass::value)));
    }
    num(ui, x + width, centredBaseline(ui, Role::num, row.y0, row.y1), static_cast<double>(strip.length), 2,
        ui.c.t1);
    y += ui.m(16, 19);
  }
  text(ui, Role::micro, x + ui.u(24), y + ui.u(11), ui.c.t2, "at the right, the length of each");
  return y + ui.u(16);
}

}  // namespace headlight
