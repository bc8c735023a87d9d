#pragma once
#include <cstdint>

#include "app/widgets/ui.h"

namespace headlight {

enum class Icon : std::uint8_t {
  menu,
  undo,
  redo,
  search,
  chevron,
  pin,
  lock,
  check,
  cross,
  warning,
  eye,
  play
};
/// Strokes of 1.4 px in a 16 px box about the centre (x, y).
void icon(const Ui& ui, Icon which, float x, float y, ImU32 colour);
/// The product's mark: a lamp and its cone, 22 × 14 px, its left end at x.
void mark(const Ui& ui, float x, float y);

}  // namespace headlight
