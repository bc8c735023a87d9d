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
Result<RangeChoice> rangeOf(const Scene& scene, Stage stage, bool forced);

/// The range of a head's stage, as the window's map has it: over all heads where the view shares it, the keys
/// that the view leaves out left out. What a batch shares comes before all. `forced` as above. Errors: as
/// rangeOf, cancelled.
Result<Range> rangeFor(Scene& scene, Stage stage, int head, bool forced);

/// False where neither the range nor what lies beyond it depends on the numbers: weights on 0–1.
bool needsStatistics(std::string_view mode, Stage stage);

/// Statistics of several fields, in order; `leaveOut`: keys that do not count. Errors: cancelled.
Result<std::vector<FieldStatistics>> statisticsOf(Scene& scene, std::span<const Field> fields,
                                                  std::span<const std::int64_t> leaveOut = {});
/// One range over all of them.
Range rangeOver(const Scene& scene, Stage stage, const RangeChoice& choice,
                std::span<const FieldStatistics> all);

/// "0 to shared maximum 0.755": the rule with the number that it found.
std::string ruleText(const Range& range);

}  // namespace headlight
