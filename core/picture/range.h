#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/attention/field.h"

namespace headlight {

/// The value range that a colormap spans, with the rule that made it.
struct Range {
  double low = 0;
  double high = 1;
  bool logarithmic = false;  ///< low > 0; what lies below takes the lowest colour
  std::string rule{};        ///< "0–1", "0 to shared maximum", "±shared maximum", …
  bool clippedLow = false;   ///< finite values lie beyond the end: the bar's end is pointed
  bool clippedHigh = false;
  double unit = 0;  ///< ticks count in multiples of this: 1 ÷ keys for "× uniform"; 0: in data units
  bool operator==(const Range&) const = default;
};

/// The stage's default mode: `unit` for weights up to 16 keys, `robust` for the scores from q·k to the
/// softmax (the few largest of q·k would leave the scores ÷ √d_k without colour), `symmetric` for other
/// signed stages, else `zero_max`. Taken of the numbers of rangeStage.
std::string_view defaultRangeMode(Stage stage, std::int64_t keys);
/// The stage whose numbers a stage's default range is taken of: its own; for the scores from q·k to the
/// softmax those of `dot`, so that what scale, bias and mask change is seen. Scores made elsewhere have no
/// `dot`: they take those of `scaled`.
Stage rangeStage(Stage stage, bool hasDot);

/// What a range is made of.
struct RangeChoice {
  std::string mode;
  std::array<double, 2> custom{0, 1};
  Stage counted = Stage::weights;  ///< whose numbers the mode is resolved over
  bool byDefault = false;          ///< nobody chose it
};
/// The chosen mode over the stage's own numbers; where none is chosen (empty), the stage's default.
RangeChoice rangeChoice(std::string_view chosen, const std::array<double, 2>& custom, Stage stage,
                        std::int64_t keys, bool hasDot);
/// The range of a mode over one field (scope head) or several (shared). `custom` is used by mode "custom".
/// Never empty, never not finite, whatever the statistics hold.
Range resolveRange(std::string_view mode, Stage stage, std::int64_t keys,
                   std::span<const FieldStatistics* const> fields, std::array<double, 2> custom = {0, 1});

/// Several fields' statistics as the functions here take them.
std::vector<const FieldStatistics*> pointersTo(std::span<const FieldStatistics> all);

/// What one range for two compared maps is resolved with. Of two stages the one that needs more room says how
/// the colours span both, by its default: what was chosen for one stage says nothing of another.
Stage comparedRangeStage(Stage first, Stage second);
std::string_view comparedRangeMode(std::string_view chosen, Stage first, Stage second, std::int64_t keys);
/// Of what is left when one map is taken from another: symmetric, up to its largest.
Range differenceRange(const FieldStatistics& difference);

/// Says again whether finite values of these fields lie beyond the range: of all that is drawn, where the
/// range was made from a part of it.
void markBeyond(Range& range, std::span<const FieldStatistics* const> fields);

/// Counts of the values in `bins` equal parts of the range (of its logarithm), from the fields' quantiles.
std::vector<double> histogram(std::span<const FieldStatistics* const> fields, const Range& range, int bins);

/// Round tick values inside the range and how they are written: at most `most`.
struct Tick {
  double value = 0;
  double at = 0;  ///< place along the bar, 0 … 1
  std::string text;
};
std::vector<Tick> ticks(const Range& range, int most);
/// How a weight or score is written inside a cell: ".74", "<.01", "−1.3".
std::string cellText(double value, bool isWeight);

}  // namespace headlight
