#include "core/base/number.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace headlight {
namespace {

constexpr std::string_view kMinus = "\u2212";
constexpr std::string_view kThinSpace = "\u202f";

template <class T>
std::string shortestOf(T value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  std::string text(buffer.data(), end);
  // 1e+05 and 1e-07 mean the same as 1e5 and 1e-7.
  if (const std::size_t e = text.find('e'); e != std::string::npos) {
    std::size_t digits = e + 1;
    if (text[digits] == '+') {
      text.erase(digits, 1);
    } else if (text[digits] == '-') {
      ++digits;
    }
    while (digits + 1 < text.size() && text[digits] == '0') text.erase(digits, 1);
  }
  return text;
}

}  // namespace

std::optional<std::int64_t> parseInteger(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> parseNumber(std::string_view text) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (text == "inf") return kInfinity;
  if (text == "-inf") return -kInfinity;
  if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
  // from_chars knows more spellings of the not-finite numbers; a number of ours has a digit.
  if (text.find_first_of("0123456789") == std::string_view::npos) return std::nullopt;
  if (text.find_first_of("nN") != std::string_view::npos) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string shortest(double value) {
  return shortestOf(value);
}
std::string shortest(float value) {
  return shortestOf(value);
}

std::string fixed(double value, int decimals) {
  if (std::isnan(value)) return "NaN";
  const bool negative = std::signbit(value);
  if (std::isinf(value)) return negative ? std::string(kMinus) + "∞" : "∞";
  if (decimals < 0) decimals = 0;
  if (decimals > 40) decimals = 40;
  std::array<char, 400> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::fabs(value),
                                 std::chars_format::fixed, decimals)
                       .ptr;
  std::string text(buffer.data(), end);
  if (negative && text.find_first_of("123456789") != std::string::npos) text.insert(0, kMinus);
  return text;
}

std::string withTrueMinus(std::string text) {
  for (std::size_t at = text.find('-'); at != std::string::npos; at = text.find('-', at + kMinus.size())) {
    text.replace(at, 1, kMinus);
  }
  return text;
}

std::string wholeNumber(std::int64_t value) {
  return withTrueMinus(std::to_string(value));
}

std::string grouped(std::int64_t value) {
  std::string digits = std::to_string(value);
  std::string text;
  if (value < 0) {
    digits.erase(0, 1);
    text = kMinus;
  }
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += kThinSpace;
    text += digits[i];
  }
  return text;
}

std::string bytesText(double bytes) {
  static constexpr std::array<std::string_view, 7> kUnits{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  std::size_t unit = 0;
  while (bytes >= 1023.5 && unit + 1 < kUnits.size()) {
    bytes /= 1024;
    ++unit;
  }
  const int decimals = unit > 0 && bytes < 9.95 ? 1 : 0;
  return fixed(bytes, decimals) + " " + std::string(kUnits[unit]);
}

std::optional<std::int64_t> checkedProduct(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

}  // namespace headlight
