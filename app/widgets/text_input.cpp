#include "app/widgets/text_input.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "core/base/utf8.h"
#include "core/text/cluster.h"

namespace headlight {
namespace {

constexpr char32_t kFirst = 0xE000;
constexpr char32_t kLineFeed = 0xF8FF;

struct Table {
  std::unordered_map<std::string, char32_t> standIn;
  std::vector<std::string> meant;
};
Table& table() {
  static Table instance;
  return instance;
}

bool needsStandIn(char32_t c) {
  return c > 0xFFFF || (c >= kFirst && c <= kLineFeed);
}

/// Of a character of one or more code points; 0 when the table is full.
char32_t standInFor(const std::string& character) {
  Table& known = table();
  if (const auto found = known.standIn.find(character); found != known.standIn.end()) return found->second;
  const char32_t next = kFirst + static_cast<char32_t>(known.meant.size());
  if (next >= kLineFeed) return 0;
  known.standIn[character] = next;
  known.meant.push_back(character);
  return next;
}

char32_t editedPoint(char32_t c) {
  if (c == U'\n') return kLineFeed;
  if (!needsStandIn(c)) return c;
  std::string character;
  appendUtf8(character, c);
  const char32_t standIn = standInFor(character);
  return standIn == 0 ? 0xFFFD : standIn;
}

/// Appends one character of valid UTF-8.
void appendEdited(std::string& out, std::string_view character) {
  const auto first = decodeUtf8(character, 0);
  if (first && first->length < character.size() && character.front() != '\r') {
    if (const char32_t standIn = standInFor(std::string(character)); standIn != 0) {
      return appendUtf8(out, standIn);
    }
  }
  for (std::size_t at = 0; at < character.size();) {
    const auto point = decodeUtf8(character, at);
    if (!point) return appendUtf8(out, 0xFFFD);
    at += point->length;
    if (point->value != U'\r') appendUtf8(out, editedPoint(point->value));
  }
}

bool isPlain(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  const bool alone = at + 1 == text.size() || static_cast<unsigned char>(text[at + 1]) < 0x80;
  return byte >= 0x20 && byte < 0x80 && alone;
}

}  // namespace

std::string toEdited(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    if (isPlain(utf8, at)) {
      out += utf8[at++];
      continue;
    }
    const std::size_t length = std::max<std::size_t>(1, clusterLength(utf8, at));
    appendEdited(out, utf8.substr(at, length));
    at += length;
  }
  return out;
}

std::string fromEdited(std::string_view edited) {
  std::string out;
  out.reserve(edited.size());
  for (std::size_t at = 0; at < edited.size();) {
    const auto point = decodeUtf8(edited, at);
    if (!point) {
      appendUtf8(out, 0xFFFD);
      ++at;
      continue;
    }
    at += point->length;
    const std::string_view meant = stoodFor(point->value);
    if (!meant.empty()) {
      out += meant;
    } else if (point->value != U'\r') {
      appendUtf8(out, point->value == kLineFeed ? U'\n' : point->value);
    }
  }
  return out;
}

unsigned int editedCharacter(char32_t typed) {
  return editedPoint(typed);
}

std::string joined(std::string_view edited, std::span<int* const> places) {
  std::vector<std::size_t> meantPlaces;
  for (const int* place : places) {
    const auto at = static_cast<std::size_t>(std::max(0, *place));
    meantPlaces.push_back(fromEdited(edited.substr(0, at)).size());
  }
  const std::string meant = fromEdited(edited);
  std::string out;
  for (std::size_t at = 0; at < meant.size();) {
    const std::size_t length = std::max<std::size_t>(1, clusterLength(meant, at));
    const std::size_t before = out.size();
    appendEdited(out, std::string_view(meant).substr(at, length));
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (meantPlaces[i] == at) *places[i] = static_cast<int>(before);
      if (meantPlaces[i] > at && meantPlaces[i] <= at + length) *places[i] = static_cast<int>(out.size());
    }
    at += length;
  }
  if (meant.empty()) {
    for (int* place : places) *place = 0;
  }
  return out;
}

std::string_view stoodFor(char32_t c) {
  const Table& known = table();
  const std::size_t slot = c >= kFirst && c < kLineFeed ? c - kFirst : known.meant.size();
  return slot < known.meant.size() ? std::string_view(known.meant[slot]) : std::string_view();
}

}  // namespace headlight
