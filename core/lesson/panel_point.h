#pragma once
#include <cstddef>
#include <optional>
#include <string>

#include "core/lesson/lesson.h"

namespace headlight {

/// A point of a table or plot: a column of it, at a value of its parameter.
struct PanelPoint {
  std::size_t column = 0;
  double value = 0;
};

/// Which point of the panel's numbers the measure is, where it is one: a column's measure, with the parameter
/// set to a number. The number need not be one of the panel's values.
std::optional<PanelPoint> panelPoint(const LessonPanel& panel, const Measure& measure);

/// Whether the measure is a point of the panel, or put together of such. `named`: the lesson's measures.
bool speaksOf(const Measure& measure, const LessonPanel& panel, const Measures& named);

/// What a panel varies, in words: "d_k", "tokens".
std::string panelParameter(const LessonPanel& panel);

}  // namespace headlight
