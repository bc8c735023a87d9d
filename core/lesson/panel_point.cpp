#include "core/lesson/panel_point.h"

#include "core/experiment/parameters.h"

namespace headlight {

std::optional<PanelPoint> panelPoint(const LessonPanel& panel, const Measure& measure) {
  if (measure.kind != Measure::Kind::quantity || measure.ofLearner) return std::nullopt;
  for (std::size_t c = 0; c < panel.columns.size(); ++c) {
    const Measure& column = panel.columns[c].measure;
    if (!(measure.call == column.call)) continue;
    std::optional<double> at;
    std::vector<Member> rest;
    for (const Member& change : measure.with) {
      if (change.first == panel.parameter && change.second.isNumber()) {
        at = change.second.number();
      } else {
        rest.push_back(change);
      }
    }
    if (at && rest == column.with && measure.against == column.against) return PanelPoint{c, *at};
  }
  return std::nullopt;
}

bool speaksOf(const Measure& measure, const LessonPanel& panel, const Measures& named) {
  if (measure.kind == Measure::Kind::quantity) return panelPoint(panel, measure).has_value();
  const Measure* first = findMeasure(named, measure.first);
  const Measure* second = findMeasure(named, measure.second);
  return first != nullptr && second != nullptr && panelPoint(panel, *first) && panelPoint(panel, *second);
}

std::string panelParameter(const LessonPanel& panel) {
  if (const ParameterInfo* info = parameter(panel.parameter)) return std::string(info->label);
  const auto dot = panel.parameter.rfind('.');
  if (dot == std::string::npos) return panel.parameter;
  const std::string last = panel.parameter.substr(dot + 1);
  return last == "count" ? panel.parameter.substr(0, dot) : last;
}

}  // namespace headlight
