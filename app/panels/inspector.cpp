#include "app/panels/inspector.h"

#include <cmath>

#include "app/panels/map_image.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/attention/explain_steps.h"
#include "core/base/number.h"

namespace headlight {
namespace {

std::shared_ptr<const Explanation> explained(Panel& p) {
  const auto cell = p.session.focusCell();
  const auto field = shownField(p, p.session.view().stage, shownHead(p));
  if (!cell || !field || cell->row >= field->rows || cell->col >= field->cols) {
    p.state.explanation.reset();
    return nullptr;
  }
  const Stage stage = p.session.explainedStage();
  if (auto now = p.session.explanation(stage, shownHead(p), *cell)) {
    p.state.explanation = now;
    return now;
  }
  // The one before stays until this one is made, when it speaks of the same cell.
  const auto& before = p.state.explanation;
  const bool same = before && before->stage == stage && before->row == cell->row &&
                    before->col == cell->col && before->head == shownHead(p);
  return same ? before : nullptr;
}

float chips(Panel& p, const Explanation& e, float x, float y, float width) {
  Ui& ui = p.ui;
  const std::string_view verb = isMap(e.stage) ? "attends to" : "dimension";
  const float verbWidth = textWidth(ui, Role::body, verb);
  const float room = (width - verbWidth - ui.u(18)) / 2;
  const float middle = centredBaseline(ui, Role::body, y, y + ui.u(24));
  const StageInfo& stage = info(e.stage);
  const bool keyRows = stage.rows == Axis::key;
  const std::string row = keyRows ? keyLabel(p, e.row) : queryLabel(p, e.row);
  float at = tokenChip(ui, x, y, keyRows ? (e.stage == Stage::v ? ui.c.v : ui.c.k) : ui.c.q,
                       keyRows ? (e.stage == Stage::v ? "V" : "K") : "Q", row, std::to_string(e.row), room);
  at = text(ui, Role::body, at + ui.u(9), middle, ui.c.t2, verb);
  if (isMap(e.stage)) {
    tokenChip(ui, at + ui.u(9), y, ui.c.k, "K", keyLabel(p, e.col), std::to_string(e.col),
              x + width - at - ui.u(9));
  } else {
    text(ui, Role::numStrong, at + ui.u(9), centredBaseline(ui, Role::numStrong, y, y + ui.u(24)), ui.c.t1,
         std::to_string(e.col));
  }
  return y + ui.u(24);
}

void sentence(Panel& p, const Explanation& e, const Box& box) {
  Ui& ui = p.ui;
  std::string first;
  std::string second;
  const std::string head = headName(p, e.head);
  // A weight is a share of its row where the row sums to 1.
  constexpr float kSumTolerance = 2e-3f;
  const auto evaluation = p.session.evaluation();
  const bool isShare =
      std::abs(e.numbers.weightSum - 1) < kSumTolerance && !evaluation->experiment.mistake.overQueries;
  if (p.session.view().stage == Stage::weights && isShare && std::isfinite(e.value) && !e.masked &&
      !e.rowEmpty) {
    const std::string word = shortened(ui, Role::body, queryLabel(p, e.row), ui.u(70));
    const float percent = e.value * 100;
    first = (percent >= 0.1f || percent == 0 ? fixed(static_cast<double>(percent), 1) : resultText(percent)) +
            " % of what “" + word + "”";
    second = "attends to in " + head;
  } else if (isMap(p.session.view().stage) &&
             (p.session.view().stage != Stage::weights || (!isShare && !e.masked && !e.rowEmpty))) {
    first = std::string(info(p.session.view().stage).title);
    second = info(p.session.view().stage).perHead ? "in " + head : "";
  } else {
    first = e.headline.empty() ? std::string(info(e.stage).title) : e.headline;
    second = info(e.stage).perHead ? "in " + head : "";
  }
  // What does not fit goes on in the second line.
  for (std::size_t cut = first.size(); textWidth(ui, Role::body, first) > box.width();) {
    cut = first.rfind(' ', cut - 1);
    if (cut == std::string::npos || cut == 0) break;
    if (textWidth(ui, Role::body, first.substr(0, cut)) > box.width()) continue;
    if (!second.empty()) second.insert(0, " ");
    second.insert(0, first, cut + 1);
    first.resize(cut);
  }
  textIn(ui, Role::body, {box.x0, box.y0, box.x1, box.y0 + ui.u(16)}, Align::right, ui.c.t2, first);
  textIn(ui, Role::body, {box.x0, box.y0 + ui.u(16), box.x1, box.y0 + ui.u(32)}, Align::right, ui.c.t2,
         second);
}

void copyButtons(Panel& p, float x, float y) {
  Ui& ui = p.ui;
  const auto copy = [&](const char* id, const char* words, const char* key, float width, CopyFormat format) {
    if (button(ui, id, Box::at(x, y, ui.u(width), ui.u(28)), words, key)) p.session.copyExplanation(format);
    x += ui.u(width) + ui.u(8);
  };
  copy("copy.explanation", "Copy", "Ctrl C", 110, CopyFormat::text);
  copy("copy.latex", "LaTeX", "", 66, CopyFormat::latex);
  copy("copy.csv", "CSV", "", 54, CopyFormat::csv);
}

float numbersOf(Panel& p, const Explanation& e, float x, float y, float width) {
  Ui& ui = p.ui;
  y = chips(p, e, x, y, width);
  const Role hero = ui.large ? Role::heroLarge : Role::hero;
  const float baseline = y + ui.m(32, 40);
  const float end = text(ui, hero, x, baseline, ui.c.t1, resultText(shownValue(p, e)));
  sentence(p, e, {end + ui.u(10), y + ui.m(9, 14), x + width, baseline});
  y = baseline + ui.m(14, 18);
  horizontal(x, x + width, y, ui.c.line, ui.u(1));
  y = drawSteps(p, e, x, y + ui.u(1), width);
  if (!e.keys.empty()) {
    horizontal(x, x + width, y + ui.u(4), ui.c.line, ui.u(1));
    y = drawRowBar(p, e, x, y + ui.u(5), width);
  }
  for (const ExplainStep& step : e.steps) {
    if (step.strips.empty()) continue;
    horizontal(x, x + width, y + ui.u(4), ui.c.line, ui.u(1));
    y = drawStrips(p, step, x, y + ui.u(5), width);
  }
  if (!e.facts.empty()) {
    horizontal(x, x + width, y + ui.u(8), ui.c.line, ui.u(1));
    y = drawFacts(p, e, x, y + ui.u(14), width);
  }
  copyButtons(p, x, y + ui.u(12));
  return y + ui.u(52);
}

/// Draws the line at the inspector's left; what is right of it.
Box besideItsLine(const Panel& p) {
  Box box = p.layout.inspector;
  const float line = p.ui.u(1);
  vertical(box.x0, box.y0, box.y1, p.ui.c.line, line);
  box.x0 += line;
  return box;
}

}  // namespace

std::string resultText(float value) {
  constexpr float kSmall = 0.0095F;
  const float size = std::abs(value);
  if (!std::isfinite(value) || size == 0 || size >= kSmall) return fixed(static_cast<double>(value), 3);
  return numberText(value);
}

float shownValue(const Panel& p, const Explanation& e) {
  const Stage stage = p.session.view().stage;
  if (stage == e.stage) return e.value;
  for (const ExplainStep& step : e.steps) {
    if (step.stage == stage && step.hasResult) return step.result;
  }
  return e.value;
}

float tokenChip(Ui& ui, float x, float y, ImU32 hue, const char* letter, const std::string& word,
                const std::string& index, float room) {
  const float height = ui.u(24);
  const float letterWidth = ui.u(19);
  const float indexWidth = textWidth(ui, Role::numMicro, index);
  const std::string shown = shortened(ui, Role::strong, word == index ? "" : word,
                                      std::max(ui.u(20), room - letterWidth - indexWidth - ui.u(26)));
  const float wordWidth = shown.empty() ? 0 : textWidth(ui, Role::strong, shown) + ui.u(8);
  const Box box = Box::at(x, y, letterWidth + ui.u(9) + wordWidth + indexWidth + ui.u(9), height);
  fill(box, mixed(ui.c.s1, hue, 0.14f), ui.u(4));
  canvas()->AddRectFilled(box.min(), {box.x0 + letterWidth, box.y1}, hue, ui.u(4),
                          ImDrawFlags_RoundCornersLeft);
  frame(box, hue, ui.u(1), ui.u(4));
  textIn(ui, Role::strong, {box.x0, box.y0, box.x0 + letterWidth, box.y1}, Align::centre, ui.c.s1, letter);
  float tx = box.x0 + letterWidth + ui.u(9);
  if (!shown.empty()) {
    textIn(ui, Role::strong, {tx, box.y0, tx + wordWidth, box.y1}, Align::left, ui.c.t1, shown);
    tx += wordWidth;
  }
  textIn(ui, Role::numMicro, {tx, box.y0, tx + indexWidth + 1, box.y1}, Align::left, ui.c.t2, index);
  return box.x1;
}

InspectorRegion::InspectorRegion(Panel& p, const char* id)
    : region_(p.ui, id, besideItsLine(p), p.ui.c.s1, kOrderInspector, true),
      x_(p.layout.inspector.x0 + p.ui.m(17, 20)),
      width_(p.layout.inspector.x1 - p.ui.m(16, 20) - x_) {}

void drawInspector(Panel& p) {
  if (p.layout.inspectorFolded) return;
  Ui& ui = p.ui;
  const InspectorRegion region(p);
  const float x = region.x();
  const float width = region.width();
  float y = region.top();
  const auto explanation = explained(p);
  const bool pinned = p.session.pinned().has_value();
  const std::size_t pins = p.session.pins().size();
  text(ui, Role::body, x, y + ui.u(25), ui.c.t2,
       pins > 1 ? "How these numbers are made" : "How this number is made");
  if (pinned) {
    icon(ui, Icon::pin, x + width - ui.u(6), y + ui.u(21), ui.c.acc);
    const std::string words = pins > 1 ? std::to_string(pins) + " pinned" : "pinned";
    text(ui, Role::micro, x + width - ui.u(18) - textWidth(ui, Role::micro, words), y + ui.u(25), ui.c.t2,
         words);
  }
  y += ui.u(34);
  if (pins > 1) y = drawPinColumns(p, x, y, width);
  if (pins > 1 && pinFolded(p.state)) {
    region.contentEnds(y + ui.u(12));
    return;
  }
  if (explanation) {
    y = numbersOf(p, *explanation, x, y, width);
  } else {
    y = paragraph(ui, Role::body, x, y + ui.u(16), width, ui.u(19), ui.c.t1,
                  "Point at a cell of the map, or pin one with a click or Enter.");
    y = paragraph(ui, Role::micro, x, y + ui.u(2), width, ui.u(16), ui.c.t2,
                  "Arrows move the pinned cell, Esc releases it. Every step of its arithmetic is then "
                  "written out here.");
  }
  region.contentEnds(y);
}

}  // namespace headlight
