#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/panels/stage_parts.h"

namespace headlight {

/// A way to span the colours. All of it is `view`: no step, no unsaved dot.
struct RangeMode {
  std::string_view word;   ///< contract view.range; empty: the default of the stage
  std::string_view id;     ///< of its controls: "unit"
  std::string_view brief;  ///< on the switch: "0–1"
  std::string_view words;  ///< in the list
};
/// The few that stand beside the bar, and all of them.
std::span<const RangeMode> briefRangeModes(Stage stage);
std::vector<RangeMode> allRangeModes(Stage stage);
/// The word of the mode that a stage is shown with: of the view, or its default.
std::string_view rangeModeNow(const Panel& p, Stage stage);
void setRangeMode(Panel& p, std::string_view word);
/// Ends set by hand; of signed stages both, so that 0 keeps the colour in the middle.
void setRangeEnd(Panel& p, const Range& now, Stage stage, bool high, double value);
/// Range, scope, colours and what is left out as if nobody had touched them.
void resetRange(Panel& p);
bool rangeTouched(const Panel& p);

/// "key 0 left out", empty when all count.
std::string leftOutWords(const Panel& p, Stage stage);
bool hasKeyAxis(Stage stage);
/// Lets the keys count or not.
void leaveOutKeys(Panel& p, std::span<const std::int64_t> keys, bool out);
/// "0, 3–5" or "[SEP]" as keys; nothing when a part of it names none.
std::optional<std::vector<std::int64_t>> readKeys(const Panel& p, std::string_view text);
std::string keysText(const std::vector<std::int64_t>& keys);

/// The button that opens all ranges, colours and what is left out, and what it opened.
void drawRangeMore(Panel& p, const StageScene& scene, const Range& range, const Box& box);

/// 256 colours side by side.
void colourRamp(const Colormap& map, const Box& box);
/// Where a value stands on a bar of the range, 0 … 1 within it.
double placeOn(const Range& range, double value);

}  // namespace headlight
