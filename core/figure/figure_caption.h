#pragma once
#include <string>

#include "core/figure/layouts.h"

namespace headlight {

/// The sentences to stand under a drawn figure (describe/caption.h). They are never drawn.
std::string figureCaption(const Evaluation& evaluation, const FigureSpec& spec, const DrawnFigure& drawn);

}  // namespace headlight
