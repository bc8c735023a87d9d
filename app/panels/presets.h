#pragma once
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "app/panels/panel_state.h"

namespace headlight {

/// Settings under a name that the field knows, put on the open document as one step. They change what they
/// name and nothing else: the sentence, its numbers and the sizes that are not named stay.
struct Preset {
  std::string_view id;     ///< "gpt2"
  std::string_view label;  ///< "GPT-2 decoder"
  std::string_view words;  ///< what it sets, with the paper
  /// Paths and their values as JSON, in the order in which they are set.
  std::vector<std::pair<std::string_view, std::string_view>> changes;
};
std::span<const Preset> presets();

/// The document with the preset's settings. Errors: what cannot be made valid, as a source without X for a
/// position that is added to it.
Result<Experiment> withPreset(const Experiment& experiment, const Preset& preset);
/// Puts it on the document; presetRefusal says why not.
void applyPreset(Panel& p, const Preset& preset);

void openPresets(Panel& p);
/// The button at the top of the rail and its list.
void drawPresetButton(Panel& p, const Box& box);
/// Why the last one could not be put on the document, below the button. Returns the y after it.
float presetRefusal(Panel& p, float x, float y, float width);

}  // namespace headlight
