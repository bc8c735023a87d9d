#include "core/picture/labels.h"

#include <cmath>
#include <limits>

#include "core/base/utf8.h"

namespace headlight {
namespace {

bool isWordByte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

struct Script {
  std::string text;
  std::size_t end = 0;  // byte after it
};

// What stands raised or lowered after ^ or _: a group in braces or parentheses, a run of letters and digits,
// or one character.
Script scriptAt(const std::string& markup, std::size_t at) {
  if (at >= markup.size() || markup[at] == ' ') return {"", at};
  if (markup[at] == '{') {
    const std::size_t close = markup.find('}', at);
    if (close == std::string::npos) return {"", at};
    return {markup.substr(at + 1, close - at - 1), close + 1};
  }
  // "e^(q·k)", as one writes it on a line.
  if (markup[at] == '(') {
    const std::size_t close = markup.find(')', at);
    if (close == std::string::npos || close == at + 1) return {"", at};
    return {markup.substr(at + 1, close - at - 1), close + 1};
  }
  std::size_t end = at;
  while (end < markup.size() && isWordByte(markup[end])) ++end;
  if (end == at) {
    const auto point = decodeUtf8(markup, at);
    end = at + (point ? point->length : 1);
  }
  return {markup.substr(at, end - at), end};
}

}  // namespace

std::int64_t labelStep(double cellPx, double labelPx) {
  if (!(cellPx > 0) || !(labelPx < 1e300)) return std::numeric_limits<std::int64_t>::max();
  for (std::int64_t decade = 1; decade <= 1'000'000'000'000'000; decade *= 10) {
    for (std::int64_t step : {decade, 2 * decade, 5 * decade}) {
      if (static_cast<double>(step) * cellPx >= labelPx) return step;
    }
  }
  return std::numeric_limits<std::int64_t>::max();
}

std::vector<MathPiece> mathPieces(const std::string& markup) {
  std::vector<MathPiece> pieces;
  const auto add = [&](const std::string& text, int level) {
    if (text.empty()) return;
    if (!pieces.empty() && pieces.back().level == level) {
      pieces.back().text += text;
    } else {
      pieces.push_back({text, level});
    }
  };
  std::size_t at = 0;
  while (at < markup.size()) {
    const char c = markup[at];
    if (c == '^' || c == '_') {
      const Script script = scriptAt(markup, at + 1);
      if (!script.text.empty()) {
        add(script.text, c == '^' ? 1 : -1);
        at = script.end;
        continue;
      }
    }
    add(std::string(1, c), 0);
    ++at;
  }
  return pieces;
}

std::string mathPlain(const std::string& markup) {
  std::string text;
  std::size_t at = 0;
  while (at < markup.size()) {
    const char c = markup[at];
    const Script script = c == '^' || c == '_' ? scriptAt(markup, at + 1) : Script{};
    if (script.text.empty() || markup[at + 1] != '{') {
      text += c;
      ++at;
      continue;
    }
    bool word = true;
    for (char s : script.text) word = word && isWordByte(s);
    text += c;
    text += word ? script.text : "(" + script.text + ")";
    at = script.end;
  }
  return text;
}

}  // namespace headlight
