#include "core/lesson/check.h"

#include <cmath>

#include "core/base/number.h"

namespace headlight {

Result<CheckResult> evaluateCheck(Bench& bench, const Check& check, const Experiment* learner) {
  const auto measured =
      check.measure.empty() ? bench.number(check.inlined, learner) : bench.number(check.measure, learner);
  if (!measured) return measured.error();
  CheckResult result{false, *measured, check.value};
  if (!check.other.empty()) {
    const auto other = bench.number(check.other, learner);
    if (!other) return other.error();
    result.wanted = *other;
  }
  switch (check.op) {
    case Check::Op::less:
      result.holds = result.measured < result.wanted;
      break;
    case Check::Op::more:
      result.holds = result.measured > result.wanted;
      break;
    case Check::Op::within: {
      const double reach = check.relative ? check.tolerance * std::abs(result.wanted) : check.tolerance;
      result.holds = std::abs(result.measured - result.wanted) <= reach;
      break;
    }
    case Check::Op::nan:
      result.holds = std::isnan(result.measured);
      break;
  }
  return result;
}

Result<bool> allHold(Bench& bench, const std::vector<Check>& checks, const Experiment* learner) {
  for (const Check& check : checks) {
    const auto result = evaluateCheck(bench, check, learner);
    if (!result) return result.error();
    if (!result->holds) return false;
  }
  return true;
}

std::string measuredText(double value) {
  if (!std::isfinite(value)) return fixed(value, 0);
  const double size = std::abs(value);
  if (value == std::round(value) && size < 1e15) {
    return size >= 10000 ? grouped(static_cast<std::int64_t>(value))
                         : wholeNumber(static_cast<std::int64_t>(value));
  }
  if (size >= 1000) return fixed(value, 0);
  if (size >= 100) return fixed(value, 1);
  if (size >= 1) return fixed(value, 2);
  if (size >= 0.001) return fixed(value, 3);
  if (size >= 0.0001) return fixed(value, 5);
  auto power = static_cast<int>(std::floor(std::log10(size)));
  std::string mantissa = fixed(value / std::pow(10.0, power), 1);
  if (mantissa.ends_with("10.0")) mantissa = fixed(value / std::pow(10.0, ++power), 1);
  return mantissa + "e" + wholeNumber(power);
}

std::string checkText(const Check& check, const CheckResult& result) {
  const std::string measured = measuredText(result.measured);
  const std::string wanted = measuredText(result.wanted);
  const std::string is = result.holds ? " is " : " is not ";
  switch (check.op) {
    case Check::Op::less:
      return measured + is + "less than " + wanted;
    case Check::Op::more:
      return measured + is + "more than " + wanted;
    case Check::Op::nan:
      return measured + is + "NaN";
    case Check::Op::within:
      break;
  }
  if (check.tolerance == 0) return measured + is + wanted;
  const std::string reach =
      check.relative ? withTrueMinus(shortest(check.tolerance * 100)) + " %" : measuredText(check.tolerance);
  return measured + is + "within " + reach + " of " + wanted;
}

}  // namespace headlight
