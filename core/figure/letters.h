#pragma once
#include "core/figure/scene.h"

namespace headlight {

/// "a" … "z", "aa", "ab" …: what panels are called, from 0.
std::string panelLetter(int n);

/// Puts the n-th panel's letter in front of its caption, bold and 8 pt where the figure is set in 7 (Nature's
/// guide for figures), where the spec asks for letters.
void addLetter(const Scene& scene, int n, Text& caption);

}  // namespace headlight
