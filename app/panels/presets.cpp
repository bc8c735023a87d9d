#include "app/panels/presets.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/controls.h"
#include "app/widgets/draw.h"
#include "app/widgets/keys.h"
#include "core/experiment/edit.h"
#include "core/experiment/json.h"
#include "core/experiment/source/source.h"

namespace headlight {
namespace {

constexpr const char* kPopup = "presets";

using Changes = std::vector<std::pair<std::string_view, std::string_view>>;

/// Scaled dot-product attention as it stands in Vaswani et al. 2017, with what differs from it.
Changes plainBut(std::initializer_list<std::pair<std::string_view, std::string_view>> differences) {
  Changes changes{{"position.kind", R"("none")"},
                  {"score.scale", R"("inverse_sqrt_d_k")"},
                  {"score.softcap", "null"},
                  {"score.bias", "[]"},
                  {"mask", "[]"},
                  {"normalizer.kind", R"("softmax")"},
                  {"shape.kv_heads", "null"}};
  for (const auto& difference : differences) {
    const auto row = std::find_if(changes.begin(), changes.end(),
                                  [&](const auto& change) { return change.first == difference.first; });
    if (row != changes.end()) {
      row->second = difference.second;
    } else {
      changes.push_back(difference);
    }
  }
  return changes;
}

std::vector<Preset> table() {
  return {
      {"encoder2017", "Transformer encoder", "sine and cosine positions, no mask (Vaswani et al. 2017)",
       plainBut({{"position.kind", R"("sinusoidal")"}})},
      {"gpt2", "GPT-2 decoder", "causal, learned positions (Radford et al. 2019)",
       plainBut({{"position.kind", R"("learned")"}, {"mask", R"(["causal"])"}})},
      {"bert", "BERT encoder", "every token sees every other, learned positions (Devlin et al. 2018)",
       plainBut({{"position.kind", R"("learned")"}})},
      {"t5", "T5 encoder, without its table",
       "no 1/√d_k; + bias chooses the file of its learned table (Raffel et al. 2020)",
       plainBut({{"score.scale", R"("none")"}})},
      {"alibi", "ALiBi decoder", "causal, − slope × distance in place of positions (Press et al. 2021)",
       plainBut({{"score.bias", R"(["alibi"])"}, {"mask", R"(["causal"])"}})},
      {"llama", "Llama: GQA and RoPE",
       "causal, rotary, 2 kv heads (Touvron et al. 2023; Ainslie et al. 2023)",
       plainBut({{"position.kind", R"("rope")"}, {"mask", R"(["causal"])"}, {"shape.kv_heads", "2"}})},
      {"mistral", "Mistral sliding window", "the last 4 keys, in the model 4 096; rotary (Jiang et al. 2023)",
       plainBut({{"position.kind", R"("rope")"},
                 {"mask", R"(["causal", {"kind": "window", "left": 3, "right": 0}])"},
                 {"shape.kv_heads", "2"}})},
      {"gemma2", "Gemma 2 softcap", "scores within ± 50 by 50 · tanh(s ÷ 50), causal (Gemma Team 2024)",
       plainBut({{"position.kind", R"("rope")"},
                 {"score.softcap", "50.0"},
                 {"mask", R"(["causal"])"},
                 {"shape.kv_heads", "2"}})},
      {"longformer", "Longformer", "1 key on each side, and token 0 sees all (Beltagy et al. 2020)",
       plainBut({{"position.kind", R"("learned")"},
                 {"mask", R"([{"kind": "longformer", "window": 2, "global": [0]}])"}})},
      {"streaming", "StreamingLLM",
       "the first key and the last 4, in the paper 4 and more (Xiao et al. 2023)",
       plainBut(
           {{"position.kind", R"("rope")"}, {"mask", R"([{"kind": "sinks", "count": 1, "window": 4}])"}})},
  };
}

/// What the last one was refused for.
struct PresetState {
  std::string refused;
};

}  // namespace

std::span<const Preset> presets() {
  static const std::vector<Preset> rows = table();
  return rows;
}

Result<Experiment> withPreset(const Experiment& experiment, const Preset& preset) {
  Experiment next = experiment;
  for (const auto& [path, json] : preset.changes) {
    // The arrays decide their shape.
    if (path.starts_with("shape.") && readsArrays(next.source)) continue;
    const Result<Value> value = parseJson(json);
    if (!value) return value.error();
    Result<Experiment> edited = edit(next, path, *value);
    if (!edited) return edited.error();
    next = std::move(*edited);
  }
  return next;
}

void applyPreset(Panel& p, const Preset& preset) {
  auto& state = p.state.part<PresetState>();
  auto next = withPreset(p.session.experiment(), preset);
  const Status done =
      next ? p.session.apply(std::move(*next), "preset " + std::string(preset.label)) : next.error();
  state.refused = done ? "" : std::string(preset.label) + ": " + done.error().what;
}

void openPresets(Panel& p) {
  if (p.layout.railFolded) p.state.folds.railOpen = true;
  p.ui.openPopup(kPopup);
}

float presetRefusal(Panel& p, float x, float y, float width) {
  Ui& ui = p.ui;
  const auto& state = p.state.part<PresetState>();
  if (state.refused.empty()) return y;
  return paragraph(ui, Role::micro, x, y + ui.u(9), width, ui.u(15), ui.c.err, state.refused) - ui.u(6);
}

void drawPresetButton(Panel& p, const Box& box) {
  Ui& ui = p.ui;
  dropDown(ui, kPopup, box, "Presets");
  const float rowHeight = ui.u(42);
  const float wide = ui.u(436);
  const float height = rowHeight * static_cast<float>(presets().size()) + ui.u(46);
  const Popup popup(ui, kPopup, Box::at(box.x0, box.y1 + ui.u(2), wide, height));
  if (!popup) return;
  const ImVec2 at = ImGui::GetWindowPos();
  float rowY = at.y + ui.u(6);
  for (const Preset& preset : presets()) {
    const std::string id = "preset." + std::string(preset.id);
    const Box row = Box::at(at.x + ui.u(6), rowY, wide - ui.u(12), rowHeight);
    const Press press = pressable(ui, id, row);
    if (press.hovered || (ui.focus.ring() && press.focused)) fill(row, ui.c.s3, ui.u(3));
    textIn(ui, Role::strong, {row.x0 + ui.u(10), row.y0 + ui.u(3), row.x1 - ui.u(8), row.y0 + ui.u(21)},
           Align::left, ui.c.t1, preset.label);
    const Box words{row.x0 + ui.u(10), row.y0 + ui.u(21), row.x1 - ui.u(8), row.y1 - ui.u(3)};
    if (mathWidth(ui, Role::micro, preset.words) <= words.width()) {
      math(ui, Role::micro, words.x0, centredBaseline(ui, Role::micro, words.y0, words.y1), ui.c.t2,
           preset.words);
    } else {
      textIn(ui, Role::micro, words, Align::left, ui.c.t2, preset.words);
    }
    if (press.pressed) {
      applyPreset(p, preset);
      ui.closePopup();
    }
    rowY += rowHeight;
  }
  horizontal(at.x + ui.u(16), at.x + wide - ui.u(16), rowY + ui.u(4), ui.c.line, ui.u(1));
  textIn(ui, Role::micro, {at.x + ui.u(16), rowY + ui.u(8), at.x + wide - ui.u(16), rowY + ui.u(30)},
         Align::left, ui.c.t2, "Sets positions, scores, mask, normalizer and kv heads, nothing else.");
}

}  // namespace headlight
