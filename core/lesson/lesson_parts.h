#pragma once
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/experiment/report.h"
#include "core/lesson/lesson.h"

namespace headlight {

/// Reads the parts that the steps of a lesson file are made of; what is wrong goes into the report.
class LessonParts {
 public:
  explicit LessonParts(Report& report) : report_(report) {}

  /// A text that may be given as a list of lines.
  void text(const Value& object, std::string_view key, const Place& place, std::string& into, bool needed);
  /// An object of paths and values.
  std::vector<Member> changes(const Value& value, const Place& place);
  Measures measures(const Value& value, const Place& place);
  Measure measure(const Value& value, const Place& place);
  std::vector<Check> checks(const Value& value, const Place& place);
  LessonQuestion question(const Value& value, const Place& place);
  std::vector<LessonPanel> panels(const Value& value, const Place& place);
  void unknown(const Value& object, const std::vector<std::string_view>& known, const Place& place);
  /// From here on a name must be one of these.
  void useNames(const Measures& measures);

 private:
  Check check(const Value& value, const Place& place);
  LessonPanel panel(const Value& value, const Place& place);
  void panelColumns(const Value& value, const Place& place, LessonPanel& into);
  void panelVariants(const Value& value, const Place& place, LessonPanel& into);
  std::string name(const Value& value, const Place& place);
  /// A number, with "inf" and "-inf".
  bool number(const Value& object, std::string_view key, const Place& place, double& into);

  Report& report_;
  std::vector<std::string> names_;
};

}  // namespace headlight
