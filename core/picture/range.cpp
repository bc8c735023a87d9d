#include "core/picture/range.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/number.h"

namespace headlight {
namespace {

constexpr double kLargest = std::numeric_limits<float>::max();
constexpr double kSmallestSpan = 1e-30;  // well above the floats that a GPU may take for 0
constexpr double kLogFloor = 1e-4;

// What the fields hold together, with everything not finite left out.
struct Together {
  bool any = false;
  double minimum = 0;
  double maximum = 0;
  double low = 0;  // of the fields' 2 %: the least and the largest
  double mostLow = 0;
  double leastHigh = 0;  // of their 98 %
  double high = 0;
  std::size_t fields = 0;

  double magnitude() const { return std::max(std::abs(minimum), std::abs(maximum)); }
};

Together gather(std::span<const FieldStatistics* const> fields) {
  Together all;
  for (const FieldStatistics* field : fields) {
    if (!field) continue;
    ++all.fields;
    if (field->finite <= 0 || !std::isfinite(field->minimum) || !std::isfinite(field->maximum)) continue;
    const double minimum = std::min(field->minimum, field->maximum);
    const double maximum = std::max(field->minimum, field->maximum);
    double low = std::isfinite(field->low) ? std::clamp<double>(field->low, minimum, maximum) : minimum;
    double high = std::isfinite(field->high) ? std::clamp<double>(field->high, minimum, maximum) : maximum;
    if (low > high) std::swap(low, high);
    all.minimum = all.any ? std::min(all.minimum, minimum) : minimum;
    all.maximum = all.any ? std::max(all.maximum, maximum) : maximum;
    all.low = all.any ? std::min(all.low, low) : low;
    all.mostLow = all.any ? std::max(all.mostLow, low) : low;
    all.leastHigh = all.any ? std::min(all.leastHigh, high) : high;
    all.high = all.any ? std::max(all.high, high) : high;
    all.any = true;
  }
  return all;
}

// The value with the share `part` of all the fields' values below it, as far as their quantiles tell. It lies
// between the least and the largest of the fields' own.
double pooled(std::span<const FieldStatistics* const> fields, double part, double from, double to) {
  double count = 0;
  for (const FieldStatistics* field : fields)
    count += field && !field->sorted.empty() ? static_cast<double>(field->finite) : 0;
  if (count <= 0) return part < 0.5 ? from : to;
  for (int step = 0; step < 24 && from < to; ++step) {
    const double middle = from + (to - from) / 2;
    double below = 0;
    for (const FieldStatistics* field : fields) {
      if (!field || field->sorted.empty()) continue;
      const auto rank =
          std::upper_bound(field->sorted.begin(), field->sorted.end(), static_cast<float>(middle)) -
          field->sorted.begin();
      below += static_cast<double>(field->finite) * static_cast<double>(rank) /
               static_cast<double>(field->sorted.size());
    }
    (below < part * count ? from : to) = middle;
  }
  return part < 0.5 ? from : to;
}

// Finite, inside float, and never empty.
void makeSound(Range& range) {
  const auto inside = [](double x, double otherwise) {
    return std::isnan(x) ? otherwise : std::clamp(x, -kLargest, kLargest);
  };
  range.low = inside(range.low, 0);
  range.high = inside(range.high, 1);
  if (range.low > range.high) std::swap(range.low, range.high);
  // A span of fewer than a few hundred floats would leave colours without a value.
  const double least = std::max(kSmallestSpan, 1e-5 * std::max(std::abs(range.low), std::abs(range.high)));
  if (range.high - range.low < least) {
    const double middle = range.low + (range.high - range.low) / 2;
    const double half = std::max(kSmallestSpan, middle == 0 ? 1.0 : std::abs(middle) / 2);
    range.low = std::max(-kLargest, middle - half);
    range.high = std::min(kLargest, middle + half);
  }
}

// 1, 2, 5, 10, 20 … : the first that reaches `least`.
double roundUp(double least) {
  double decade = 1;
  while (decade < 1e30) {
    for (double step : {1.0, 2.0, 5.0}) {
      if (step * decade >= least) return step * decade;
    }
    decade *= 10;
  }
  return least;
}

std::string number(double value) {
  return withTrueMinus(shortest(static_cast<float>(value)));
}

}  // namespace

std::string_view defaultRangeMode(Stage stage, std::int64_t keys) {
  if (rangeStage(stage, true) == Stage::dot) return "robust";
  if (info(stage).isSigned) return "symmetric";
  return stage == Stage::weights && keys <= 16 ? "unit" : "zero_max";
}

Stage rangeStage(Stage stage, bool hasDot) {
  const bool isScore = stage >= Stage::dot && stage <= Stage::masked;
  return !isScore ? stage : hasDot ? Stage::dot : Stage::scaled;
}

RangeChoice rangeChoice(std::string_view chosen, const std::array<double, 2>& custom, Stage stage,
                        std::int64_t keys, bool hasDot) {
  if (!chosen.empty()) return {std::string(chosen), custom, stage, false};
  return {std::string(defaultRangeMode(stage, keys)), custom, rangeStage(stage, hasDot), true};
}

std::vector<const FieldStatistics*> pointersTo(std::span<const FieldStatistics> all) {
  std::vector<const FieldStatistics*> pointers;
  pointers.reserve(all.size());
  for (const FieldStatistics& one : all) pointers.push_back(&one);
  return pointers;
}

void markBeyond(Range& range, std::span<const FieldStatistics* const> fields) {
  const Together all = gather(fields);
  if (!all.any) return;
  // Ends of float precision: a maximum is not beyond a range that was made from it.
  range.clippedLow = static_cast<float>(all.minimum) < static_cast<float>(range.low);
  range.clippedHigh = static_cast<float>(all.maximum) > static_cast<float>(range.high);
}

Range resolveRange(std::string_view mode, Stage stage, std::int64_t keys,
                   std::span<const FieldStatistics* const> fields, std::array<double, 2> custom) {
  const Together all = gather(fields);
  const std::string shared = all.fields > 1 ? "shared " : "";
  const bool isSigned = info(stage).isSigned;
  if (mode.empty()) mode = defaultRangeMode(stage, keys);

  Range range;
  range.rule = "0–1";
  if (mode == "zero_max" && all.maximum > 0) {
    range.high = all.maximum;
    range.rule = "0 to " + shared + "maximum";
  } else if (mode == "times_uniform") {
    range.unit = 1.0 / static_cast<double>(std::max<std::int64_t>(1, keys));
    range.high = range.unit * roundUp(std::min(all.maximum, 1e20) / range.unit);
    range.rule = "multiples of uniform, 1 ÷ " + grouped(std::max<std::int64_t>(1, keys));
  } else if (mode == "log") {
    range.logarithmic = true;
    range.high = all.maximum > 0 ? std::clamp(all.maximum, 1e-20, kLargest) : 1;
    range.low = !isSigned && range.high >= 100 * kLogFloor ? kLogFloor : range.high * kLogFloor;
    range.rule = "logarithmic to " + shared + "maximum";
  } else if (mode == "robust") {
    range.low = all.any ? all.low : 0;
    range.high = all.any ? all.high : 1;
    if (all.any && all.fields > 1) {
      range.low = pooled(fields, 0.02, all.low, all.mostLow);
      range.high = pooled(fields, 0.98, all.leastHigh, all.high);
    }
    if (isSigned) {
      range.high = std::max(std::abs(range.low), std::abs(range.high));
      range.low = -range.high;
    }
    range.rule = shared + "2–98 % of the values";
  } else if (mode == "symmetric") {
    const double magnitude = all.magnitude();
    range.high = magnitude >= kSmallestSpan ? magnitude : 1;
    range.low = -range.high;
    range.rule = "±" + shared + "maximum";
  } else if (mode == "custom") {
    range.low = custom[0];
    range.high = custom[1];
    makeSound(range);
    range.rule = number(range.low) + " to " + number(range.high);
  }
  makeSound(range);
  markBeyond(range, fields);
  return range;
}

Stage comparedRangeStage(Stage first, Stage second) {
  return info(second).isSigned || second == Stage::valueWeighted ? second : first;
}

std::string_view comparedRangeMode(std::string_view chosen, Stage first, Stage second, std::int64_t keys) {
  if (first == second && !chosen.empty()) return chosen;
  return defaultRangeMode(comparedRangeStage(first, second), keys);
}

Range differenceRange(const FieldStatistics& difference) {
  const FieldStatistics* const fields[] = {&difference};
  Range range = resolveRange("symmetric", Stage::scaled, 1, fields);
  range.rule = "±largest difference";
  return range;
}

std::vector<double> histogram(std::span<const FieldStatistics* const> fields, const Range& range, int bins) {
  std::vector<double> counts(static_cast<std::size_t>(std::max(0, bins)), 0.0);
  if (counts.empty()) return counts;
  const double span = range.logarithmic ? std::log(range.high / range.low) : range.high - range.low;
  for (const FieldStatistics* field : fields) {
    if (!field || field->sorted.empty()) continue;
    const double each = static_cast<double>(field->finite) / static_cast<double>(field->sorted.size());
    for (float value : field->sorted) {
      if (!std::isfinite(value)) continue;
      double at = 0;
      if (!range.logarithmic) {
        at = (value - range.low) / span;
      } else if (value > 0) {
        at = std::log(value / range.low) / span;
      }
      const double bin = std::clamp(std::floor(at * bins), 0.0, static_cast<double>(bins - 1));
      counts[static_cast<std::size_t>(bin)] += each;
    }
  }
  return counts;
}

}  // namespace headlight
