#pragma once
#include <string>
#include <vector>

#include "core/lesson/measure.h"

namespace headlight {

/// A sentence about a measured number that is true or not.
struct Check {
  enum class Op { less, more, within, nan };
  std::string measure;  ///< a name, or empty: `inlined`
  Measure inlined;
  Op op = Op::within;
  double value = 0;
  std::string other;      ///< a measure that stands in the place of `value`; empty: none
  double tolerance = 0;   ///< of `within`: how far away is near enough
  bool relative = false;  ///< the tolerance is a share of |value|

  bool operator==(const Check&) const = default;
};

/// What a check found.
struct CheckResult {
  bool holds = false;
  double measured = 0;
  double wanted = 0;
};

/// Errors: the number cannot be measured.
Result<CheckResult> evaluateCheck(Bench& bench, const Check& check, const Experiment* learner = nullptr);
/// All of them hold. Errors: as above.
Result<bool> allHold(Bench& bench, const std::vector<Check>& checks, const Experiment* learner = nullptr);

/// "1.99 is within 5 % of 2", "0.4 is not more than 0.5".
std::string checkText(const Check& check, const CheckResult& result);
/// A measured number for people: three significant digits and more for whole ones, small ones as 2.1e-7.
std::string measuredText(double value);

}  // namespace headlight
