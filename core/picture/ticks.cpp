#include <algorithm>
#include <cmath>

#include "core/base/number.h"
#include "core/picture/range.h"

namespace headlight {
namespace {

// Powers of ten without the error of pow at whole exponents.
double tenTo(int exponent) {
  double x = 1;
  for (int i = 0; i < std::abs(exponent); ++i) x *= 10;
  return exponent < 0 ? 1 / x : x;
}

// "2.5e−7": only for what plain decimals would make long.
std::string scientific(double value) {
  const int exponent = static_cast<int>(std::floor(std::log10(std::abs(value)) + 1e-9));
  const double scaled = exponent < 0 ? value * tenTo(-exponent) : value / tenTo(exponent);
  std::string digits = fixed(scaled, 2);
  while (digits.back() == '0') digits.pop_back();
  if (digits.back() == '.') digits.pop_back();
  return digits + "e" + wholeNumber(exponent);
}

std::string tickText(double value, double step) {
  if (value == 0) return "0";
  const double size = std::abs(value);
  if (size >= 1e6 || step < 0.99e-5) return scientific(value);
  int decimals = 0;
  while (decimals < 6 && std::abs(step * tenTo(decimals) - std::round(step * tenTo(decimals))) >
                             1e-6 * step * tenTo(decimals)) {
    ++decimals;
  }
  if (decimals > 0 || size < 10000) return fixed(value, decimals);
  return grouped(static_cast<std::int64_t>(std::llround(value)));
}

std::vector<Tick> linearTicks(double low, double high, int most, double unit) {
  const double span = (high - low) / unit;
  const double first = low / unit;
  // The finest of 1, 2, 2.5, 5 × 10^k that gives no more ticks than asked for.
  const int decade = static_cast<int>(std::floor(std::log10(span / std::max(1, most)))) - 1;
  double step = 0;
  for (int k = decade; k <= decade + 3 && step == 0; ++k) {
    for (double leading : {1.0, 2.0, 2.5, 5.0}) {
      const double candidate = k < 0 ? leading / tenTo(-k) : leading * tenTo(k);
      const double from = std::ceil(first / candidate - 1e-9);
      const double to = std::floor((first + span) / candidate + 1e-9);
      if (to - from + 1 <= most) {
        step = candidate;
        break;
      }
    }
  }
  std::vector<Tick> ticks;
  if (!(step > 0)) return ticks;
  const double from = std::ceil(first / step - 1e-9);
  for (int i = 0; i < most; ++i) {
    const double multiple = from + i;
    const double value = multiple == 0 ? 0.0 : multiple * step;
    const double at = (value - first) / span;
    if (at > 1 + 1e-9) break;
    std::string text = tickText(value, step);
    if (unit != 1 && value != 0) text.insert(0, "× ");
    ticks.push_back({value * unit, std::clamp(at, 0.0, 1.0), text});
  }
  return ticks;
}

std::vector<Tick> logTicks(const Range& range, int most) {
  const double low = std::log10(range.low);
  const double span = std::log10(range.high) - low;
  const int from = static_cast<int>(std::ceil(low - 1e-9));
  const int to = static_cast<int>(std::floor(low + span + 1e-9));
  const int decades = to - from + 1;
  std::vector<Tick> ticks;
  const auto add = [&](double value) {
    const double at = (std::log10(value) - low) / span;
    if (at < -1e-9 || at > 1 + 1e-9) return;
    const bool plain = value >= 0.99e-4 && value < 1e6;
    ticks.push_back({value, std::clamp(at, 0.0, 1.0), plain ? tickText(value, value) : scientific(value)});
  };
  const bool fine = decades < 2 && most >= 5;
  int every = 1;
  while (decades > 0 && (decades + every - 1) / every > most) ++every;
  for (int k = fine ? from - 1 : from; k <= to; k += fine ? 1 : every) {
    add(tenTo(k));
    if (fine) {
      add(2 * tenTo(k));
      add(5 * tenTo(k));
    }
  }
  if (static_cast<int>(ticks.size()) > most) ticks.resize(static_cast<std::size_t>(most));
  return ticks;
}

}  // namespace

std::vector<Tick> ticks(const Range& range, int most) {
  if (most < 1 || !(range.high > range.low)) return {};
  if (range.logarithmic && range.low > 0) return logTicks(range, most);
  return linearTicks(range.low, range.high, most, range.unit > 0 ? range.unit : 1);
}

std::string cellText(double value, bool isWeight) {
  if (!std::isfinite(value)) return fixed(value, 0);
  if (value == 0) return "0";
  if (isWeight && value > 0) {
    if (value == 1) return "1";
    if (value < 0.005) return "<.01";
    if (value >= 0.995) return value < 9.95 ? fixed(value, 1) : fixed(value, 0);
    return fixed(value, 2).substr(1);
  }
  if (std::abs(value) >= 9999.5) return scientific(value);
  return fixed(value, std::abs(value) < 9.95 ? 1 : 0);
}

}  // namespace headlight
