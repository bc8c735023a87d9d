#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace headlight {

/// Math markup ("e^{s − max} ÷ √d_k", "Σ_j a_{ij} v_j") as LaTeX for math mode; words of several letters
/// stand upright. Whatever the markup holds, what comes back has its braces in pairs and no character that
/// means something else to TeX.
std::string latexMath(std::string_view markup);

/// A character that TeX reads as a command wherever it stands ({ } $ & # % _), as itself; nothing for others,
/// \\ among them, which text and mathematics write differently.
std::optional<std::string_view> latexEscaped(char c);

/// Words as LaTeX for text mode: what TeX reads as commands is escaped, signs of mathematics stand between
/// $, control characters become spaces.
std::string latexText(std::string_view words);

}  // namespace headlight
