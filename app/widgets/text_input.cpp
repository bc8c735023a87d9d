#include "app/widgets/text_input.h"

#include <unordered_map>
#include <vector>

#include "core/base/utf8.h"

namespace headlight {
namespace {

constexpr char32_t kFirst = 0xE000;
constexpr char32_t kLineFeed = 0xF8FF;

struct Table {
  std::unordered_map<char32_t, char32_t> standIn;
  std::vector<char32_t> meant;
};
Table& table() {
  static Table instance;
  return instance;
}

bool needsStandIn(char32_t c) {
  return c > 0xFFFF || (c >= kFirst && c <= kLineFeed);
}

char32_t standInFor(char32_t c) {
  if (c == U'\n') return kLineFeed;
  if (!needsStandIn(c)) return c;
  Table& known = table();
  if (const auto found = known.standIn.find(c); found != known.standIn.end()) return found->second;
  const char32_t next = kFirst + static_cast<char32_t>(known.meant.size());
  if (next >= kLineFeed) return 0xFFFD;
  known.standIn[c] = next;
  known.meant.push_back(c);
  return next;
}

char32_t meantBy(char32_t c) {
  if (c == kLineFeed) return U'\n';
  if (c < kFirst || c > kLineFeed) return c;
  const Table& known = table();
  const std::size_t slot = c - kFirst;
  return slot < known.meant.size() ? known.meant[slot] : c;
}

std::string mapped(std::string_view text, char32_t (*map)(char32_t)) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto point = decodeUtf8(text, at);
    if (!point) {
      appendUtf8(out, 0xFFFD);
      ++at;
      continue;
    }
    at += point->length;
    if (point->value == U'\r') continue;
    appendUtf8(out, map(point->value));
  }
  return out;
}

}  // namespace

std::string toEdited(std::string_view utf8) {
  return mapped(utf8, standInFor);
}
std::string fromEdited(std::string_view edited) {
  return mapped(edited, meantBy);
}
unsigned int editedCharacter(char32_t typed) {
  return standInFor(typed);
}

}  // namespace headlight
