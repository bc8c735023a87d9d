#pragma once
#include <string>
#include <vector>

#include "tests/cli/process.h"

namespace headlight::test {

/// Tokens that quote, break lines, and are TeX.
inline const std::vector<std::string> kAwkward{
    "export", "--set", R"(tokens={"list": ["a,b", "say \"x\"", "two\nlines", "50%_$&#", "中", "é{", "-"]})",
    "--mask", "causal"};

inline std::vector<std::string> with(std::vector<std::string> words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

}  // namespace headlight::test
