#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headlight {

/// Text ⇄ number without locale. Parsers take the whole text or nothing.
std::optional<std::int64_t> parseInteger(std::string_view text);
/// Also reads "inf", "-inf" and "nan".
std::optional<double> parseNumber(std::string_view text);

/// Shortest text that reads back as the same number.
std::string shortest(double value);
std::string shortest(float value);
/// Fixed decimals for people: true minus U+2212, "∞", "−∞", "NaN"; no "−0.00".
std::string fixed(double value, int decimals);
/// A whole number with a true minus.
std::string wholeNumber(std::int64_t value);
/// A number's own text ("-1e-7") with true minus signs: for people.
std::string withTrueMinus(std::string text);
/// Thin groups of three: 16 384 (U+202F between).
std::string grouped(std::int64_t value);
/// "1.2 KiB", "56 KiB", "3.4 GiB".
std::string bytesText(double bytes);

/// a · b, or nothing when it does not fit.
std::optional<std::int64_t> checkedProduct(std::int64_t a, std::int64_t b);

}  // namespace headlight
