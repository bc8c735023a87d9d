#include "core/figure/letters.h"

namespace headlight {

std::string panelLetter(int n) {
  std::string letter;
  for (int rest = n; rest >= 0; rest = rest / 26 - 1) {
    letter.insert(letter.begin(), static_cast<char>('a' + rest % 26));
  }
  return letter;
}

void addLetter(const Scene& scene, int n, Text& caption) {
  if (!scene.spec.letters) return;
  constexpr double kSize = 8.0 / 7;
  if (!caption.pieces.empty()) caption.pieces.front().gapMm = 0.7 * scene.em();
  caption.pieces.insert(caption.pieces.begin(), words(scene, panelLetter(n), kSize, 600));
}

}  // namespace headlight
