#pragma once
#include "core/figure/layouts.h"

namespace headlight {

/// A figure that is drawn and can be written: what it carries, and where its parts are. Apart from
/// figure_desk.h, because cells of pages and cells of maps share a name.
struct OrderedFigure {
  Evaluation evaluation;
  FigureSpec spec;
  DrawnFigure drawn;
};

}  // namespace headlight
