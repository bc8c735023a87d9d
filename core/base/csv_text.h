#pragma once
#include <span>
#include <string>
#include <string_view>

namespace headlight {

// Text of RFC 4180.

inline constexpr std::string_view kCsvLineEnd = "\r\n";

/// A field: in quotes, inner quotes doubled, where it has a comma, a quote or a line break.
std::string csvField(std::string_view text);
/// The fields of one row and its CR LF.
std::string csvRow(std::span<const std::string> fields);

}  // namespace headlight
