#pragma once
#include <string>

#include "core/figure/drawing.h"

namespace headlight::test {

inline bool overlap(const Rect& a, const Rect& b) {
  return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

/// A text's box without the air that fonts keep above and below their letters.
inline Rect inked(const PlacedText& text) {
  const double thin = text.upright ? text.box.width : text.box.height;
  const double air = 0.14 * thin;
  if (text.upright) return {text.box.x + air, text.box.y + 0.02, thin - 2 * air, text.box.height - 0.04};
  return {text.box.x + 0.02, text.box.y + air, text.box.width - 0.04, thin - 2 * air};
}

/// What is wrong with where the texts of a page stand: one that leaves it, or two that cross. Empty where
/// nothing is.
inline std::string misplaced(const Drawing& page) {
  const auto& texts = page.texts();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Rect a = inked(texts[i]);
    if (a.x < 0 || a.y < 0 || a.right() > page.width || a.bottom() > page.height) {
      return "\"" + texts[i].text.plain() + "\" leaves the page: " + std::to_string(a.x) + " " +
             std::to_string(a.y) + " to " + std::to_string(a.right()) + " " + std::to_string(a.bottom()) +
             " of " + std::to_string(page.width) + " × " + std::to_string(page.height);
    }
    for (std::size_t j = i + 1; j < texts.size(); ++j) {
      if (overlap(a, inked(texts[j])))
        return "\"" + texts[i].text.plain() + "\" crosses \"" + texts[j].text.plain() + "\"";
    }
  }
  return {};
}

}  // namespace headlight::test
