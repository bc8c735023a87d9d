#pragma once
#include "core/figure/layouts.h"

namespace headlight {

/// Draws the layout on its page: again with lower maps where the page came out higher than the spec allows,
/// on a slide in its middle. Adds what the file says of labels that are left out or shortened. Errors: of the
/// layout; usage, when what is not a map is too high already.
Result<DrawnFigure> drawPage(const FigureLayout& layout, const Evaluation& evaluation, const FigureSpec& spec,
                             ThreadPool& pool, const Cancel& cancel);

}  // namespace headlight
