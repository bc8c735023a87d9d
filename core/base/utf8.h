#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headlight {

/// A code point and how many bytes of UTF-8 it takes (1 to 4).
struct CodePoint {
  char32_t value = 0;
  std::size_t length = 0;
};

/// The code point that starts at byte `offset`, or nothing when the bytes there are no UTF-8 (RFC 3629:
/// overlong forms, surrogates and what lies above U+10FFFF are refused) or the text ends there.
std::optional<CodePoint> decodeUtf8(std::string_view text, std::size_t offset);
/// Appends a code point; U+FFFD for what is none.
void appendUtf8(std::string& text, char32_t codePoint);
/// Byte offset of the first byte that belongs to no code point; nothing when all is well.
std::optional<std::size_t> firstInvalidUtf8(std::string_view text);
/// Number of code points; every byte that belongs to none counts as one.
std::size_t countCodePoints(std::string_view text);
/// The text with U+FFFD for every byte that belongs to no code point: for names from untrusted files.
std::string repairedUtf8(std::string_view text);

}  // namespace headlight
