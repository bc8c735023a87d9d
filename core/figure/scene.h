#pragma once
#include <string>
#include <vector>

#include "core/figure/drawing.h"
#include "core/figure/figure.h"
#include "core/picture/palette.h"

namespace headlight {

/// What a layout works with: what to show, where to draw it, and what it has to say about it.
struct Scene {
  const Evaluation& evaluation;
  const FigureSpec& spec;
  ThreadPool& pool;
  const Cancel& cancel;
  const Palette& colours;
  Drawing drawing{};
  std::vector<std::string> warnings{};
  std::string title{};  ///< plain, for the file's metadata
  std::string altText{};
  std::vector<std::string> notes{};  ///< small lines under the figure

  double pt() const { return spec.fontPt; }
  double em() const { return spec.fontPt * kMmPerPoint; }
  double line() const { return 1.22 * em(); }  ///< what a line of text takes
  double margin() const { return 0.8 * em(); }
  const Run& run() const { return *evaluation.run; }
};

/// Pieces of text in the figure's sizes; `size` multiplies the figure's font size.
TextPiece words(const Scene& scene, std::string text, double size = 1, int weight = 400);
TextPiece faint(const Scene& scene, std::string text, double size = 1);
TextPiece digits(const Scene& scene, std::string text, double size = 0.86);
/// Math markup with raised and lowered pieces.
Text mathText(const Scene& scene, const std::string& markup, double size, int weight, Rgb colour);
/// Distance from the middle of a line of lower-case text down to its baseline, mm.
double halfHeight(double sizePt);

/// "H2 who is meant", "mean of 8 heads"; empty for stages without heads.
std::string headTitle(const Scene& scene, Stage stage, int head);
/// Draws the lines of a title, wrapped to `width`, with the first line's top at y. Returns the height taken.
double drawTitle(Scene& scene, double x, double y, double width, const std::string& title,
                 const std::string& after, const std::string& formula);
/// Draws the scene's notes and the origin of the numbers under a figure. Returns the height taken.
double drawNotes(Scene& scene, double x, double y, double width);

}  // namespace headlight
