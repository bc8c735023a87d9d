#pragma once
#include <string>
#include <string_view>

namespace headlight {

/// Our own small files are lines "key = value". A value may hold any byte but NUL: line breaks and
/// backslashes are written as \n, \r and \\.
std::string escapedLine(std::string_view text);
std::string unescapedLine(std::string_view line);

/// Calls back with key and value of each line "key = value"; what is no such line is passed over.
template <class F>
void eachLine(std::string_view text, F&& use) {
  constexpr std::string_view kBetween = " = ";
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const std::size_t between = line.find(kBetween);
    if (between == std::string_view::npos || line.front() == '#') continue;
    use(line.substr(0, between), line.substr(between + kBetween.size()));
  }
}

}  // namespace headlight
