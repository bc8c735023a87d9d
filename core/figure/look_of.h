#pragma once
#include <optional>
#include <span>
#include <vector>

#include "core/attention/field.h"
#include "core/figure/scene.h"

namespace headlight {

/// The colormap of a stage: what the spec or the view names, where it suits signed or unsigned numbers; else
/// the stage's own. `forced`: the spec's is taken whatever it is. Errors: usage, an unknown name.
Result<const Colormap*> colormapOf(const Scene& scene, Stage stage, bool forced);

/// The range mode of a stage and its custom ends. Errors: usage, no mode and no two numbers.
struct RangeChoice {
  std::string mode;
  std::array<double, 2> custom{0, 1};
  Stage counted = Stage::weights;  ///< whose numbers the mode is resolved over
};
Result<RangeChoice> rangeOf(const Scene& scene, Stage stage, bool forced);

/// False where neither the range nor what lies beyond it depends on the numbers: weights on 0–1.
bool needsStatistics(std::string_view mode, Stage stage);

/// Statistics of several fields, in order. Errors: cancelled.
Result<std::vector<FieldStatistics>> statisticsOf(Scene& scene, std::span<const Field> fields);
/// One range over all of them.
Range rangeOver(const Scene& scene, Stage stage, const RangeChoice& choice,
                std::span<const FieldStatistics> all);

/// "0 to shared maximum 0.755": the rule with the number that it found.
std::string ruleText(const Range& range);

}  // namespace headlight
