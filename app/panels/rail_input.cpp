#include <algorithm>
#include <cmath>

#include "app/panels/parameter_control.h"
#include "app/panels/presets.h"
#include "app/panels/rail.h"
#include "app/panels/rail_pen.h"
#include "app/panels/rail_tokens.h"
#include "app/panels/token_order.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"
#include "core/base/words.h"
#include "core/experiment/edit_tokens.h"
#include "core/experiment/parameters.h"

namespace headlight {
namespace {

Split splitOf(const RailPen& pen, const std::string& whole) {
  const bool memory = whole == "memory" && pen.now().memory;
  return splitByName(memory ? pen.now().memory->split : pen.now().tokens.split).value_or(Split::words);
}

/// The field of a text; of a sentence with padding, which a file lists, the sentence is what is typed.
void textField(RailPen& pen, const std::string& id, TextArea& area, const std::string& text,
               const std::string& whole, bool padded) {
  Ui& ui = pen.ui;
  Panel& p = pen.p;
  const int lines = std::clamp(textAreaLines(ui, text, pen.width), 2, ui.large ? 6 : 4);
  const float height =
      std::round(ui.fonts->face(Role::body).font->FontSize * static_cast<float>(lines) + ui.u(10));
  const Box place = Box::at(pen.x, pen.y, pen.width, height);
  markTokens(p, area, text, padded ? Split::words : splitOf(pen, whole), whole == "memory");
  const TextAreaEvent event = textArea(ui, id, place, area, text, p.session.fieldError(id) != nullptr);
  if (event.changed && padded) {
    if (const auto next = withPaddedText(pen.now(), area.shown)) {
      p.session.change(whole, *get(*next, whole), Phase::live);
    }
  } else if (event.changed) {
    p.session.change(id, Value(area.shown), Phase::live);
  }
  if (event.committed) p.session.commit();
  pen.y = fieldErrorBelow(p, id, pen.x, pen.y + height, pen.width);
}

void tokenArea(RailPen& pen, const std::string& id, TextArea& area, const TokenSpec& tokens,
               const std::string& whole) {
  // A longer list is looked at, not typed.
  constexpr std::size_t kTyped = 1024;
  const bool isShort = tokens.kind == TokenSpec::Kind::list && tokens.list.size() <= kTyped;
  const auto padded = isShort ? unpaddedText(tokens) : std::nullopt;
  if (tokens.kind == TokenSpec::Kind::text) return textField(pen, id, area, tokens.text, whole, false);
  if (padded && whole == "tokens" && !pen.fromFile()) return textField(pen, id, area, *padded, whole, true);
  Ui& ui = pen.ui;
  pen.y =
      paragraph(ui, Role::body, pen.x, pen.y + ui.u(14), pen.width, ui.u(18), ui.c.t2, tokenWords(tokens)) -
      ui.u(6);
  // As many tokens as the file has rows: another sentence would not fit.
  if (pen.fromFile()) return;
  if (button(ui, id, Box::at(pen.x, pen.y, pen.width, ui.u(28)), "Type a sentence")) {
    Object text;
    text.emplace_back("text", Value(std::string(kOpeningSentence)));
    pen.p.session.change(whole, Value(std::move(text)), Phase::done);
  }
  pen.y += ui.u(30);
}

/// "sequence 0 of 4", "layer 0 of 12": which of several is looked at, counted from 0.
void chosenRow(RailPen& pen, const std::string& id, const std::string& what, int chosen, int count,
               const Value& usual) {
  Ui& ui = pen.ui;
  const Box row = Box::at(pen.x, pen.y, pen.width, ui.u(28));
  const Box field{row.x1 - ui.u(102), row.y0, row.x1, row.y1};
  const Box name{row.x0, row.y0, field.x0 - ui.u(4), row.y1};
  textIn(ui, Role::body, name, Align::left, ui.c.t2,
         what + " " + std::to_string(chosen) + " of " + std::to_string(count));
  pen.tip(id, name);
  applyNumber(pen.p, id, stepper(ui, id, field, chosen, 0, count - 1), true, usual);
  pen.y = fieldErrorBelow(pen.p, id, pen.x, row.y1, pen.width);
}

void layerRow(RailPen& pen, int count) {
  const Experiment& now = pen.now();
  const Value* named = now.source.find("layer");
  const auto ofSource = named != nullptr && named->isInteger() ? static_cast<int>(named->integer()) : 0;
  chosenRow(pen, "view.layer", "layer", now.view.layer.value_or(ofSource), count, Value());
}

}  // namespace

void drawInputSection(RailPen& pen) {
  Ui& ui = pen.ui;
  Panel& p = pen.p;
  const float top = pen.y;
  pen.head("Input", "Input", true);
  const float presetWidth = ui.u(92);
  drawPresetButton(p,
                   Box::at(pen.x + pen.width - ui.u(28) - presetWidth, top + ui.u(8), presetWidth, ui.u(24)));
  pen.y = presetRefusal(p, pen.x, pen.y, pen.width);
  const Experiment& now = pen.now();
  tokenArea(pen, "tokens.text", p.state.tokens, now.tokens, "tokens");
  const auto evaluation = p.session.evaluation();
  const auto queries = evaluation ? static_cast<std::int64_t>(evaluation->prepared->queryTokens.size()) : 0;
  const std::string count = grouped(queries) + (queries == 1 ? " token" : " tokens");
  const bool split = now.tokens.kind == TokenSpec::Kind::text;
  const Box line = Box::at(pen.x, pen.y + ui.u(4), pen.width, ui.u(24));
  textIn(ui, Role::micro, line, Align::left, ui.c.t2, split ? count + ", split at" : count);
  if (split) {
    pen.tip("tokens.split", {line.x0, line.y0, line.x1 - ui.u(96), line.y1});
    pen.word("tokens.split", {line.x1 - ui.u(92), line.y0, line.x1, line.y1}, now.tokens.split);
  }
  pen.y = line.y1 + ui.u(2);
  if (!pen.fromFile()) pen.y = drawSequenceRow(p, pen.x, pen.y, pen.width);
  if (evaluation && evaluation->prepared->layers > 1) layerRow(pen, evaluation->prepared->layers);
  if (evaluation && evaluation->prepared->batches > 1) {
    chosenRow(pen, "view.batch", "sequence", now.view.batch, evaluation->prepared->batches, Value(0));
  }
  if (now.memory) {
    text(ui, Role::body, pen.x, pen.y + ui.u(16), ui.c.t2, "memory: keys and values");
    pen.tip("memory.text", {pen.x, pen.y, pen.x + pen.width, pen.y + ui.u(20)});
    pen.y += ui.u(24);
    tokenArea(pen, "memory.text", p.state.memory, *now.memory, "memory");
  }
}

}  // namespace headlight
