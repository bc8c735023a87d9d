#include "app/panels/rail.h"

#include <cmath>

#include "app/panels/map_image.h"
#include "app/panels/parameter_control.h"
#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "core/base/number.h"
#include "core/experiment/parameters.h"
#include "core/experiment/position/position.h"
#include "core/experiment/schema.h"
#include "core/experiment/source/source.h"

namespace headlight {
namespace {

/// Draws from top to bottom.
class Rail {
 public:
  Rail(Panel& p, const Box& box, float top)
      : p_(p), ui_(p.ui), box_(box), x_(box.x0 + ui_.u(16)), width_(box.width() - ui_.u(33)), y_(top) {}

  void draw() {
    head("Input", true);
    input();
    head("Shape");
    shape();
    head("Scores");
    scores();
    head("Weights");
    weights();
    y_ += ui_.u(16);
  }
  float end() const { return y_; }

 private:
  const Experiment& now() const { return p_.session.experiment(); }
  bool fromFile() const { return readsArrays(now().source); }
  /// Maps made elsewhere: there are no queries and keys.
  bool givesMaps(std::optional<Stage> entering = {}) const {
    const auto evaluation = p_.session.evaluation();
    if (!fromFile() || !evaluation || !evaluation->run->inputs.maps) return false;
    return !entering || evaluation->run->inputs.maps->enters == *entering;
  }

  void head(std::string_view words, bool first = false) {
    if (!first) {
      y_ += ui_.u(14);
      horizontal(box_.x0, box_.x1, y_, ui_.c.line, ui_.u(1));
    }
    sectionHead(ui_, x_, y_ + ui_.u(24), words);
    y_ += ui_.u(36);
  }

  /// A slider made from its row of the table.
  void number(const char* id, std::string_view label, double value, std::vector<double> choices = {},
              std::string_view disabledBy = {}) {
    const ParameterInfo* info = parameter(id);
    if (!info) return;
    SliderSpec spec;
    spec.id = id;
    spec.label = label;
    spec.value = value;
    spec.minimum = info->sliderMinimum;
    spec.maximum = info->sliderMaximum;
    spec.step = info->step;
    spec.logarithmic = info->logarithmic;
    const bool integer = info->key.type == KeyType::integer;
    spec.decimals = integer ? 0 : 2;
    spec.choices = std::move(choices);
    spec.enabled = disabledBy.empty();
    spec.reason = disabledBy;
    const Box row = Box::at(x_, y_, width_, ui_.u(44));
    applyNumber(p_, id, slider(ui_, row, spec), integer, info->key.fallback);
    ui_.tip(std::string(id) + "/name", row,
            spec.enabled && ImGui::IsMouseHoveringRect(row.min(), {row.x1 - ui_.u(62), row.y0 + ui_.u(20)}),
            info->help);
    y_ = fieldErrorBelow(p_, id, x_, y_ + ui_.u(44), width_);
  }

  void tokenArea(const std::string& id, TextArea& area, const TokenSpec& tokens, const std::string& whole) {
    if (tokens.kind != TokenSpec::Kind::text) {
      y_ = paragraph(ui_, Role::body, x_, y_ + ui_.u(14), width_, ui_.u(18), ui_.c.t2, tokenWords(tokens)) -
           ui_.u(6);
      // As many tokens as the file has rows: another sentence would not fit.
      if (fromFile()) return;
      if (button(ui_, id, Box::at(x_, y_, width_, ui_.u(28)), "Type a sentence")) {
        Object text;
        text.emplace_back("text", Value(std::string(kOpeningSentence)));
        p_.session.change(whole, Value(std::move(text)), Phase::done);
      }
      y_ += ui_.u(30);
      return;
    }
    const int lines = std::clamp(textAreaLines(ui_, tokens.text, width_), 2, ui_.large ? 6 : 4);
    const float height = ui_.fonts->face(Role::body).font->FontSize * static_cast<float>(lines) + ui_.u(10);
    const TextAreaEvent event = textArea(ui_, id, Box::at(x_, y_, width_, std::round(height)), area,
                                         tokens.text, p_.session.fieldError(id) != nullptr);
    if (event.changed) p_.session.change(id, Value(area.shown), Phase::live);
    if (event.committed) p_.session.commit();
    y_ = fieldErrorBelow(p_, id, x_, y_ + std::round(height), width_);
  }

  void input() {
    tokenArea("tokens.text", p_.state.tokens, now().tokens, "tokens");
    const auto evaluation = p_.session.evaluation();
    const auto queries = evaluation ? static_cast<std::int64_t>(evaluation->prepared->queryTokens.size()) : 0;
    const std::string count = grouped(queries) + (queries == 1 ? " token" : " tokens");
    const bool split = now().tokens.kind == TokenSpec::Kind::text;
    const Box line = Box::at(x_, y_ + ui_.u(4), width_, ui_.u(24));
    textIn(ui_, Role::micro, line, Align::left, ui_.c.t2, split ? count + ", split at" : count);
    if (split) word("tokens.split", {line.x1 - ui_.u(92), line.y0, line.x1, line.y1}, now().tokens.split);
    y_ = line.y1;
    if (evaluation && evaluation->prepared->batches > 1) batch(*evaluation);
    if (now().memory) {
      text(ui_, Role::body, x_, y_ + ui_.u(16), ui_.c.t2, "memory: keys and values");
      y_ += ui_.u(24);
      tokenArea("memory.text", p_.state.memory, *now().memory, "memory");
    }
  }

  /// Which sequence of the batch is shown.
  void batch(const Evaluation& evaluation) {
    const int count = evaluation.prepared->batches;
    const Box row = Box::at(x_, y_, width_, ui_.u(28));
    const Box field = Box::at(row.x1 - ui_.u(54), row.y0 + ui_.u(4), ui_.u(54), ui_.u(20));
    textIn(ui_, Role::body, {row.x0, row.y0, field.x0, row.y1}, Align::left, ui_.c.t2,
           "sequence, 0 to " + std::to_string(count - 1));
    applyNumber(p_, "view.batch", numberField(ui_, "view.batch", field, now().view.batch, 0), true, Value(0));
    y_ = fieldErrorBelow(p_, "view.batch", x_, row.y1, width_);
  }

  void shape() {
    const ShapeSpec& shape = now().shape;
    const auto evaluation = p_.session.evaluation();
    const std::string_view fixedBy = fromFile() ? "the file decides the shape" : "";
    Sizes sizes;
    if (fromFile() && evaluation) {
      sizes = evaluation->run->sizes;
    } else {
      sizes.dModel = shape.dModel.value_or(64);
      sizes.heads = static_cast<int>(shape.heads.value_or(4));
      sizes.kvHeads = static_cast<int>(shape.kvHeads.value_or(sizes.heads));
      sizes.dK = shape.dK.value_or(sizes.heads > 0 ? sizes.dModel / sizes.heads : 1);
    }
    const bool locked = !shape.dK && !fromFile();
    std::vector<double> headChoices;
    if (locked) {
      for (std::int64_t h = 1; h <= std::min<std::int64_t>(sizes.dModel, 64); ++h) {
        if (sizes.dModel % h == 0) headChoices.push_back(static_cast<double>(h));
      }
    }
    number("shape.heads", "heads", sizes.heads, headChoices, fixedBy);
    if (givesMaps()) {
      y_ -= ui_.u(4);
      return;
    }
    std::vector<double> kvChoices;
    for (int h = 1; h <= sizes.heads; ++h) {
      if (sizes.heads % h == 0) kvChoices.push_back(h);
    }
    number("shape.kv_heads", "kv heads", sizes.kvHeads, kvChoices, fixedBy);

    if (locked) {
      SliderSpec spec;
      spec.id = "shape.d_k";
      spec.label = "d_k";
      spec.value = static_cast<double>(sizes.dK);
      spec.derived = true;
      slider(ui_, Box::at(x_, y_, width_, ui_.u(20)), spec);
      y_ += ui_.u(22);
    } else {
      number("shape.d_k", "d_k", static_cast<double>(sizes.dK), {}, fixedBy);
      y_ -= ui_.u(4);
    }
    if (!fromFile()) lock(locked, sizes);
    if (sizes.dModel > 0) number("shape.d_model", "d_model", static_cast<double>(sizes.dModel), {}, fixedBy);
    y_ -= ui_.u(4);
  }

  void lock(bool locked, const Sizes& sizes) {
    const Box row = Box::at(x_, y_, width_, ui_.u(24));
    const float baseline = centredBaseline(ui_, Role::micro, row.y0, row.y1);
    const std::string words =
        locked ? "= d_model ÷ heads = " + std::to_string(sizes.dModel) + " ÷ " + std::to_string(sizes.heads)
               : "d_k = d_model ÷ heads";
    math(ui_, Role::micro, row.x0, baseline, ui_.c.t2, words);
    const bool divides = sizes.heads > 0 && sizes.dModel % sizes.heads == 0;
    if (toggle(ui_, "shape.d_k/lock", {row.x1 - ui_.u(40), row.y0, row.x1, row.y1}, locked,
               locked || divides)) {
      p_.session.change("shape.d_k", locked ? Value(static_cast<std::int64_t>(sizes.dK)) : Value(),
                        Phase::done);
    }
    y_ = row.y1 + ui_.u(8);
  }

  void scores() {
    y_ -= ui_.u(2);
    if (givesMaps(Stage::weights)) {
      y_ = paragraph(ui_, Role::body, x_, y_ + ui_.u(14), width_, ui_.u(18), ui_.c.t2,
                     "The file gives the weights: no scale, bias, mask or normalizer is applied to them.") -
           ui_.u(10);
      return;
    }
    if (!givesMaps()) scale();
    softcap();
    y_ = drawBiases(p_, x_, y_, width_) + ui_.u(8);
    y_ = drawMasks(p_, x_, y_, width_) + ui_.u(10);
    normalizer();
    if (!now().mask.empty()) emptyRow();
  }

  void scale() {
    const Box row = Box::at(x_, y_, width_, ui_.u(24));
    const Experiment& e = now();
    const float baseline = centredBaseline(ui_, Role::body, row.y0, row.y1);
    const bool isNumber = e.scale.isNumber();
    math(ui_, Role::body, row.x0, baseline, ui_.c.t2, isNumber ? "scale by" : "scale by 1/√d_k");
    const Box switchBox{row.x1 - ui_.u(40), row.y0, row.x1, row.y1};
    if (isNumber) {
      const Box field = Box::at(switchBox.x0 - ui_.u(58), row.y0 + ui_.u(2), ui_.u(54), ui_.u(20));
      applyNumber(p_, "score.scale", numberField(ui_, "score.scale/field", field, e.scale.number(), 3), false,
                  Value("inverse_sqrt_d_k"));
    }
    const bool on = isNumber || (e.scale.isString() && e.scale.string() != "none");
    if (toggle(ui_, "score.scale", switchBox, on)) {
      p_.session.change("score.scale", Value(on ? "none" : "inverse_sqrt_d_k"), Phase::done);
    }
    y_ = row.y1 + ui_.u(8);
  }

  void softcap() {
    const Box row = Box::at(x_, y_, width_, ui_.u(24));
    const Experiment& e = now();
    text(ui_, Role::body, row.x0, centredBaseline(ui_, Role::body, row.y0, row.y1), ui_.c.t2,
         e.softcap ? "softcap at" : "softcap");
    const Box switchBox{row.x1 - ui_.u(40), row.y0, row.x1, row.y1};
    if (e.softcap) {
      const Box field = Box::at(switchBox.x0 - ui_.u(58), row.y0 + ui_.u(2), ui_.u(54), ui_.u(20));
      applyNumber(p_, "score.softcap", numberField(ui_, "score.softcap/field", field, *e.softcap, 1), false,
                  Value());
    }
    // 50 is what Gemma 2 caps its scores at.
    if (toggle(ui_, "score.softcap", switchBox, e.softcap.has_value())) {
      p_.session.change("score.softcap", e.softcap ? Value() : Value(50.0), Phase::done);
    }
    y_ = fieldErrorBelow(p_, "score.softcap", x_, row.y1, width_) + ui_.u(8);
  }

  void normalizer() {
    const Experiment& e = now();
    const KindFamily& family = normalizerFamily();
    labelled("normalizer", "normalizer.kind", e.normalizer.kind, kindsOf(family, {}));
    kindKeys(family.find(e.normalizer.kind), e.normalizer, "normalizer", {});
    number("normalizer.temperature", "temperature τ", e.temperature);
  }

  void emptyRow() {
    text(ui_, Role::body, x_, y_ + ui_.u(12), ui_.c.t2, "rows without keys");
    y_ += ui_.u(20);
    drawEmptyRowSwitch(p_, Box::at(x_, y_, width_, ui_.u(28)), "normalizer.empty_row");
    y_ += ui_.u(30);
  }

  /// A drop-down over the words of a parameter.
  void word(const std::string& id, const Box& box, const std::string& value,
            const std::vector<std::pair<std::string, std::string>>& only = {}) {
    std::vector<std::pair<std::string, std::string>> words = only;
    if (words.empty()) {
      if (const ParameterInfo* info = parameter(id)) {
        for (const std::string_view w : info->key.words) words.emplace_back(w, w);
      }
    }
    std::string shown = value;
    for (const auto& [name, label] : words) {
      if (name == value) shown = label;
    }
    dropDown(ui_, id, box, shown);
    const float rowHeight = ui_.u(24);
    const float width = std::max(box.width(), ui_.u(132));
    const Box list = Box::at(box.x1 - width, box.y1 + ui_.u(2), width,
                             rowHeight * static_cast<float>(words.size()) + ui_.u(8));
    if (const Popup popup(ui_, id, list); popup) {
      float y = ImGui::GetWindowPos().y + ui_.u(4);
      const float x = ImGui::GetWindowPos().x + ui_.u(4);
      for (const auto& [name, label] : words) {
        const Box row = Box::at(x, y, width - ui_.u(8), rowHeight);
        if (listRow(ui_, std::string(id).append("=").append(name), row, label, "", name == value)) {
          p_.session.change(id, Value(name), Phase::done);
          ui_.closePopup();
        }
        y += rowHeight;
      }
    }
  }

  static std::vector<std::pair<std::string, std::string>> kindsOf(
      const KindFamily& family, std::initializer_list<std::string_view> leaveOut) {
    std::vector<std::pair<std::string, std::string>> kinds;
    for (const KindSpec* kind : family.kinds) {
      if (std::find(leaveOut.begin(), leaveOut.end(), kind->kind) != leaveOut.end()) continue;
      kinds.emplace_back(kind->kind, kind->label);
    }
    return kinds;
  }

  void labelled(std::string_view label, const std::string& id, const std::string& value,
                const std::vector<std::pair<std::string, std::string>>& kinds) {
    const Box row = Box::at(x_, y_, width_, ui_.u(24));
    const Box field{row.x1 - ui_.u(112), row.y0, row.x1, row.y1};
    textIn(ui_, Role::body, {row.x0, row.y0, field.x0 - ui_.u(8), row.y1}, Align::left, ui_.c.t2, label);
    word(id, field, value, kinds);
    y_ = fieldErrorBelow(p_, id, x_, row.y1, width_) + ui_.u(10);
  }

  void kindKeys(const KindSpec* kind, const Kinded& entry, const std::string& path,
                std::initializer_list<std::string_view> leaveOut) {
    if (!kind) return;
    for (const KeySpec& key : kind->keys) {
      if (std::find(leaveOut.begin(), leaveOut.end(), key.name) != leaveOut.end()) continue;
      y_ = keyControl(p_, path + "." + std::string(key.name), key, valueOf(entry, *kind, key.name), x_, y_,
                      width_) +
           ui_.u(6);
    }
  }

  void weights() {
    const Experiment& e = now();
    const auto evaluation = p_.session.evaluation();
    if (evaluation) {
      const std::string chip = evaluation->prepared->origin.chip;
      y_ = paragraph(ui_, Role::body, x_, y_ + ui_.u(8), width_, ui_.u(18), ui_.c.t2, chip) - ui_.u(2);
    }
    if (!fromFile()) {
      labelled("source", "source.kind", e.source.kind, kindsOf(sourceFamily(), {"qkv", "values"}));
      positions();
      if (e.source.kind == "patterns") {
        number("source.sharpness", "sharpness",
               valueOf(e.source, *sourceFamily().find("patterns"), "sharpness").number());
      }
      seed();
    } else if (!givesMaps()) {
      positions();
    }
    const float half = std::round((width_ - ui_.u(8)) / 2);
    if (button(ui_, "document.open", Box::at(x_, y_, half, ui_.u(28)), "Open…"))
      action("document.open")->run(p_.session);
    const bool seeded = !fromFile();
    if (button(ui_, "source.seed/resample", Box::at(x_ + half + ui_.u(8), y_, half, ui_.u(28)), "Resample",
               "", ButtonKind::plain, seeded, "the numbers come from a file")) {
      resample(p_);
    }
    y_ += ui_.u(28);
  }

  /// Given q and k can be turned; there is no X to which anything could be added.
  void positions() {
    const Kinded& now = this->now().position;
    const SourceKind* source = sourceKind(this->now().source.kind);
    std::vector<std::pair<std::string, std::string>> offered;
    for (const PositionKind* kind : positionKinds()) {
      if (kind->add && source && !source->projects) continue;
      offered.emplace_back(kind->spec.kind, kind->spec.label);
    }
    labelled("positions", "position.kind", now.kind, offered);
    kindKeys(positionFamily().find(now.kind), now, "position", {});
  }

  void seed() {
    const KindSpec* kind = sourceFamily().find(now().source.kind);
    if (!kind || !kind->key("seed")) return;
    const Box row = Box::at(x_, y_, width_, ui_.u(24));
    textIn(ui_, Role::body, row, Align::left, ui_.c.t2, "seed");
    const Box field = Box::at(row.x1 - ui_.u(54), row.y0 + ui_.u(2), ui_.u(54), ui_.u(20));
    const double value = valueOf(now().source, *kind, "seed").number();
    applyNumber(p_, "source.seed", numberField(ui_, "source.seed", field, value, 0), true,
                kind->key("seed")->fallback);
    y_ = fieldErrorBelow(p_, "source.seed", x_, row.y1, width_) + ui_.u(12);
  }

  Panel& p_;
  Ui& ui_;
  Box box_;
  float x_;
  float width_;
  float y_;
};

}  // namespace

void drawRail(Panel& p) {
  if (p.layout.railFolded && !p.layout.railOver) {
    drawFoldedRail(p);
  } else {
    const Region region(p.ui, "rail", p.layout.rail, p.ui.c.s1, kOrderRail, true);
    Rail rail(p, p.layout.rail, region.top());
    rail.draw();
    region.contentEnds(rail.end());
  }
  vertical(p.layout.rail.x1 - p.ui.u(1), p.layout.rail.y0, p.layout.rail.y1, p.ui.c.line, p.ui.u(1));
}

}  // namespace headlight
