#include "core/base/utf8.h"

namespace headlight {
namespace {

constexpr char32_t kReplacement = 0xfffd;

std::uint32_t byteAt(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

}  // namespace

std::optional<CodePoint> decodeUtf8(std::string_view text, std::size_t offset) {
  if (offset >= text.size()) return std::nullopt;
  const std::uint32_t first = byteAt(text, offset);
  if (first < 0x80) return CodePoint{first, 1};
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() - offset < length) return std::nullopt;
  std::uint32_t value = first & (0xffu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const std::uint32_t next = byteAt(text, offset + i);
    if ((next & 0xc0u) != 0x80u) return std::nullopt;
    value = value << 6 | (next & 0x3fu);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (overlong || surrogate || value > 0x10ffff) return std::nullopt;
  return CodePoint{value, length};
}

void appendUtf8(std::string& text, char32_t codePoint) {
  std::uint32_t value = codePoint;
  if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) value = kReplacement;
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (value < 0x80) {
    put(value);
  } else if (value < 0x800) {
    put(0xc0 | value >> 6);
    put(0x80 | (value & 0x3f));
  } else if (value < 0x10000) {
    put(0xe0 | value >> 12);
    put(0x80 | (value >> 6 & 0x3f));
    put(0x80 | (value & 0x3f));
  } else {
    put(0xf0 | value >> 18);
    put(0x80 | (value >> 12 & 0x3f));
    put(0x80 | (value >> 6 & 0x3f));
    put(0x80 | (value & 0x3f));
  }
}

std::optional<std::size_t> firstInvalidUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (byteAt(text, at) < 0x80) {
      ++at;
      continue;
    }
    const auto point = decodeUtf8(text, at);
    if (!point) return at;
    at += point->length;
  }
  return std::nullopt;
}

std::size_t countCodePoints(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    const auto point = decodeUtf8(text, at);
    at += point ? point->length : 1;
  }
  return count;
}

std::string repairedUtf8(std::string_view text) {
  std::string good;
  for (std::size_t at = 0; at < text.size();) {
    const auto point = decodeUtf8(text, at);
    appendUtf8(good, point ? point->value : kReplacement);
    at += point ? point->length : 1;
  }
  return good;
}

}  // namespace headlight
