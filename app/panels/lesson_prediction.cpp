#include <cmath>

#include "app/panels/lesson_parts.h"
#include "core/lesson/panel_point.h"

namespace headlight {
namespace {

/// The measure as a point of the panel, its height not known yet.
std::optional<PlottedAnswer> pointOf(const LessonPanel& panel, const Measure& measure) {
  const auto point = panelPoint(panel, measure);
  if (!point) return std::nullopt;
  return PlottedAnswer{point->column, point->value, 0};
}

std::optional<double> plotted(const PlottedAnswer& point, const std::vector<PanelRow>& rows) {
  for (const PanelRow& row : rows) {
    if (std::abs(row.value - point.x) < 1e-9 && point.column < row.numbers.size())
      return row.numbers[point.column];
  }
  return std::nullopt;
}

/// Where `value` of a measure would lie: of one that is a point, of a ratio or difference to another point.
std::optional<PlottedAnswer> expected(const Lesson& lesson, const LessonPanel& panel,
                                      const std::vector<PanelRow>& rows, const Measure& measure,
                                      double value) {
  if (auto point = pointOf(panel, measure)) {
    point->y = value;
    return point;
  }
  if (measure.kind == Measure::Kind::quantity) return std::nullopt;
  const Measure* first = findMeasure(lesson.measures, measure.first);
  const Measure* second = findMeasure(lesson.measures, measure.second);
  if (first == nullptr || second == nullptr) return std::nullopt;
  auto point = pointOf(panel, *first);
  const auto from = pointOf(panel, *second);
  if (!point || !from) return std::nullopt;
  const auto known = plotted(*from, rows);
  if (!known) return std::nullopt;
  point->y = measure.kind == Measure::Kind::ratio ? value * *known : value + *known;
  return point;
}

}  // namespace

std::optional<PlottedAnswer> plottedAnswer(LessonDesk& desk, const LessonPanel& panel,
                                           const std::vector<PanelRow>& rows) {
  if (panel.parameter.empty()) return std::nullopt;
  const Lesson& lesson = desk.lesson();
  for (const LessonStep& step : lesson.steps) {
    const LessonAnswer* answer = desk.sheet().find(step.id);
    if (step.kind != LessonStep::Kind::predict || answer == nullptr) continue;
    if (answer->number) {
      const Measure* measure = findMeasure(lesson.measures, step.ask.measure);
      if (measure == nullptr) continue;
      if (const auto point = expected(lesson, panel, rows, *measure, *answer->number)) return point;
    }
    if (!answer->option || *answer->option >= step.ask.options.size()) continue;
    for (const Check& check : step.ask.options[*answer->option].when) {
      if (check.op != Check::Op::within || !check.other.empty()) continue;
      const Measure* measure =
          check.measure.empty() ? &check.inlined : findMeasure(lesson.measures, check.measure);
      if (measure == nullptr) continue;
      if (const auto point = expected(lesson, panel, rows, *measure, check.value)) return point;
    }
  }
  return std::nullopt;
}

}  // namespace headlight
