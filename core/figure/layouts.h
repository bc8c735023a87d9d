#pragma once
#include <span>
#include <string>
#include <vector>

#include "core/figure/drawn_panel.h"
#include "core/figure/map_pixels.h"
#include "core/figure/scene.h"

namespace headlight {

/// A row of the table of layouts: a new layout is one file with its draw function and one line in figure.cpp.
/// `draw` fills the scene's drawing with its size, title and alternative text.
struct FigureLayout {
  FigureLayoutInfo info;
  Status (*draw)(Scene& scene);
};

/// A figure before it is written in a format.
struct DrawnFigure {
  Drawing drawing;
  std::string title;
  std::string altText;
  std::vector<std::string> warnings;
  std::vector<DrawnPanel> panels;  ///< from left to right and top to bottom
};
/// Errors: as renderFigure.
Result<DrawnFigure> drawFigure(const Evaluation& evaluation, const FigureSpec& spec, ThreadPool& pool,
                               const Cancel& cancel = {});
/// The drawing in the format of `spec`, as often as there are formats; what it carries is `evaluation`'s
/// experiment. Errors: more pixels than a page may have, memory.
Result<std::string> writeFigure(const DrawnFigure& figure, const Evaluation& evaluation,
                                const FigureSpec& spec);

/// One map of one head with both token axes.
Status drawSingle(Scene& scene);
/// Maps of several heads in a grid, on one colour scale unless the view asks for one each.
Status drawHeads(Scene& scene);
/// From scores to output in one row: QKᵀ, scaled, masked, weights, V, head out.
Status drawPipeline(Scene& scene);

/// First minus second of two heads, stages or experiments: both on one colour scale, the difference on its
/// own.
Status drawDifference(Scene& scene);
/// One query's row as bars over its keys, a plot a head.
Status drawRow(Scene& scene);
/// Lines from queries to the keys that they attend to most.
Status drawLines(Scene& scene);
/// The image that tokens are patches of, and over it one query's row, a picture a head.
Status drawPicture(Scene& scene);

/// The one head that the spec or the view names. Errors: usage, when the spec names several.
Result<int> oneHead(const Scene& scene);
/// Error for a page that leaves the maps less than 4 mm.
Status checkRoom(double mapMm, double pageMm);
/// "each pixel = max of 8 × 8 cells".
std::string poolingNote(Pooling pooling, bool isSigned, bool transposed = false);

}  // namespace headlight
