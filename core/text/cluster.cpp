#include "core/text/cluster.h"

#include <glib.h>

#include "core/base/utf8.h"

namespace headlight {
namespace {

constexpr char32_t kJoiner = 0x200d;

bool between(char32_t c, char32_t low, char32_t high) {
  return c >= low && c <= high;
}

bool isControl(char32_t c) {
  return c < 0x20 || between(c, 0x7f, 0x9f) || c == 0x2028 || c == 0x2029;
}
bool isFlagLetter(char32_t c) {
  return between(c, 0x1f1e6, 0x1f1ff);
}
/// What a joiner may join: pictures, the way emoji families and professions are written.
bool isPicture(char32_t c) {
  return c >= 0x1f000 || (between(c, 0x2190, 0x2bff) && g_unichar_type(c) == G_UNICODE_OTHER_SYMBOL);
}
/// What belongs to the character before it.
bool extends(char32_t c) {
  if (c < 0x300) return false;
  return g_unichar_ismark(c) || c == 0x200c || c == kJoiner || between(c, 0x1f3fb, 0x1f3ff) ||
         between(c, 0xe0020, 0xe007f);
}

enum class Jamo { none, lead, vowel, tail, openSyllable, closedSyllable };
Jamo jamo(char32_t c) {
  if (between(c, 0x1100, 0x115f) || between(c, 0xa960, 0xa97c)) return Jamo::lead;
  if (between(c, 0x1160, 0x11a7) || between(c, 0xd7b0, 0xd7c6)) return Jamo::vowel;
  if (between(c, 0x11a8, 0x11ff) || between(c, 0xd7cb, 0xd7fb)) return Jamo::tail;
  if (between(c, 0xac00, 0xd7a3)) return (c - 0xac00) % 28 == 0 ? Jamo::openSyllable : Jamo::closedSyllable;
  return Jamo::none;
}
bool sameSyllable(char32_t before, char32_t after) {
  const Jamo b = jamo(after);
  switch (jamo(before)) {
    case Jamo::lead:
      return b != Jamo::none && b != Jamo::tail;
    case Jamo::vowel:
    case Jamo::openSyllable:
      return b == Jamo::vowel || b == Jamo::tail;
    case Jamo::tail:
    case Jamo::closedSyllable:
      return b == Jamo::tail;
    case Jamo::none:
      break;
  }
  return false;
}

}  // namespace

std::size_t clusterLength(std::string_view utf8, std::size_t offset) {
  const auto base = decodeUtf8(utf8, offset);
  if (!base) return offset < utf8.size() ? 1 : 0;
  std::size_t end = offset + base->length;
  if (isControl(base->value)) {
    const bool lineBreak = base->value == '\r' && end < utf8.size() && utf8[end] == '\n';
    return base->length + (lineBreak ? 1 : 0);
  }
  bool picture = isPicture(base->value);
  bool flagOpen = isFlagLetter(base->value);
  char32_t before = base->value;
  while (const auto next = decodeUtf8(utf8, end)) {
    const char32_t c = next->value;
    const bool joined = before == kJoiner && picture && isPicture(c);
    const bool flag = flagOpen && isFlagLetter(c);
    if (!joined && !flag && !extends(c) && !sameSyllable(before, c)) break;
    flagOpen = false;
    before = c;
    end += next->length;
  }
  return end - offset;
}

}  // namespace headlight
