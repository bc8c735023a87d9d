#pragma once
#include "app/widgets/box.h"

namespace headlight {

/// What the user folded by hand.
struct Folds {
  bool rail = false;
  bool inspector = false;
  bool strip = false;
  bool railOpen = false;  ///< a folded rail lies open over the stage
  bool operator==(const Folds&) const = default;
};

/// Where every region is, in window px. Widths decide in px ÷ scale (look page, section 2).
struct Layout {
  bool large = false;          ///< L measures: 1680 px and wider
  bool galleryFolded = false;  ///< a stepper in the stage header takes its place
  bool railFolded = false;     ///< 44 px with section marks
  bool railOver = false;       ///< open over the stage
  bool stripFolded = false;    ///< 64 px
  bool inspectorFolded = false;
  Box window, top, strip, rail, stage, inspector, status;
};
Layout computeLayout(float width, float height, float scale, const Folds& folds);

}  // namespace headlight
