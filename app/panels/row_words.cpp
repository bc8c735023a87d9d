#include <algorithm>
#include <cmath>

#include "app/panels/stage_views.h"
#include "core/analysis/row_values.h"
#include "core/base/number.h"
#include "core/base/words.h"
#include "core/describe/formula.h"

namespace headlight {
namespace {

std::string alone(double x) {
  return fixed(x, rowDecimals(std::abs(x)));
}

}  // namespace

int rowDecimals(double largest) {
  if (largest >= 1000) return 0;
  if (largest >= 100) return 1;
  int decimals = 3;
  double size = largest;
  while (size > 0 && size < 0.1 && decimals < 9) {
    size *= 10;
    ++decimals;
  }
  return decimals;
}

int rowDecimals(const RowValues& values) {
  return rowDecimals(
      std::max(std::abs(static_cast<double>(values.low)), std::abs(static_cast<double>(values.high))));
}

Range rowRange(const RowValues& values, bool isSigned) {
  Range range;
  range.high = std::max(static_cast<double>(values.high), 0.0);
  range.low = 0;
  if (isSigned) {
    range.high = std::max(range.high, -static_cast<double>(values.low));
    range.low = -range.high;
  }
  if (!(range.high > range.low)) range.high = range.low + 1;
  return range;
}

std::string rowSumWords(const StageScene& scene, const RowValues& values) {
  const std::string kept = grouped(values.kept) + " of " + grouped(scene.field.cols);
  if (scene.field.stage != Stage::weights)
    return kept + (scene.field.cols == 1 ? " key" : " keys") + " may be seen";
  if (values.kept == 0) return "no key may be seen";
  std::string words = "Σ " + fixed(values.sum, 3);
  if (values.numbers) {
    words += "  ·  " + fixed(static_cast<double>(values.numbers->effectiveKeys), 1) + " effective of " +
             countText(values.kept, "key", "keys");
  }
  return words;
}

std::string rowMakingWords(const StageScene& scene, const RowValues& values) {
  const Run& run = *scene.evaluation->run;
  const Stage stage = scene.field.stage;
  if (values.kept == 0 && stage >= Stage::masked) return "the mask leaves no key to this query";
  const bool made = values.numbers && run.rules.normalizer && run.has(Stage::scaled);
  if (stage < Stage::weights || isGradient(stage) || !made) {
    return "from " + alone(static_cast<double>(values.low)) + " to " +
           alone(static_cast<double>(values.high));
  }
  const RowNumbers& numbers = *values.numbers;
  std::string step = normalizerStep(*scene.evaluation);
  if (run.rules.mistake.overQueries) return step;
  if (run.rules.normalizer->sinkLogit(std::max(scene.field.head, 0))) {
    const std::string max = alone(static_cast<double>(numbers.maximum));
    const std::string shifted = numbers.maximum < 0 ? "s − (" + max + ")" : "s − " + max;
    const bool cooled = run.rules.temperature != 1;
    const std::string power =
        cooled ? "(" + shifted + ") ÷ " + fixed(static_cast<double>(run.rules.temperature), 2) : shifted;
    return step + ": weight = e^{" + power + "} ÷ " + alone(static_cast<double>(numbers.sum));
  }
  if (run.rules.normalizer->hasThreshold())
    return step + ": threshold " + alone(static_cast<double>(numbers.threshold));
  return step + ": largest score " + alone(static_cast<double>(numbers.maximum));
}

}  // namespace headlight
