#pragma once
#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/figure/drawing.h"
#include "core/figure/drawn_panel.h"
#include "core/figure/figure.h"
#include "core/picture/palette.h"

namespace headlight {

/// Labels along an axis that are not all there in full: said in the figure's warnings and alternative text.
struct ThinnedAxis {
  Axis axis{};
  std::int64_t step = 1;
  bool operator==(const ThinnedAxis&) const = default;
};
struct CutLabel {
  Axis axis{};
  std::int64_t cell = 0;
  std::string full;
  bool operator==(const CutLabel&) const = default;
};

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
  std::vector<ThinnedAxis> thinned{};
  std::vector<CutLabel> cut{};
  /// How high the maps may be, mm: from the top of the first to the bottom of the last that stand over one
  /// another. A page that comes out too high is drawn again with less.
  double stackLimit = std::numeric_limits<double>::infinity();
  double stack = 0;                  ///< how high the layout made them
  std::vector<DrawnPanel> panels{};  ///< what is shown, in the order of reading

  Theme theme() const { return spec.dark() ? Theme::dark : Theme::light; }
  double pt() const { return spec.fontPt; }
  double em() const { return spec.fontPt * kMmPerPoint; }
  double line() const { return 1.22 * em(); }  ///< what a line of text takes
  double margin() const { return 0.8 * em(); }
  double leastPt() const { return std::min(spec.leastFontPt, spec.fontPt); }
  /// The size of a text that would like to be `size` times the figure's: never below the least.
  double sized(double size) const { return std::max(size * pt(), leastPt()); }
  FontFace wordFace() const { return spec.font == FigureFont::serif ? FontFace::serif : FontFace::words; }
  FontFace numberFace() const { return spec.font == FigureFont::serif ? FontFace::serif : FontFace::numbers; }
  const Run& run() const { return *evaluation.run; }
};

/// Pieces of text in the figure's sizes; `size` multiplies the figure's font size, down to its least.
TextPiece words(const Scene& scene, std::string text, double size = 1, int weight = 400);
TextPiece faint(const Scene& scene, std::string text, double size = 1);
TextPiece digits(const Scene& scene, std::string text, double size = 0.86);
/// Math markup with raised and lowered pieces.
Text mathText(const Scene& scene, const std::string& markup, double size, int weight, Rgb colour);
/// Distance from the middle of a line of lower-case text down to its baseline, mm.
double halfHeight(double sizePt);

/// Names the parts of the drawing that are of a head: "head-2".
std::string headGroup(int head);
/// "H2 who is meant", "mean of 8 heads"; empty for stages without heads.
std::string headTitle(const Scene& scene, Stage stage, int head);
/// Draws the lines of a title, wrapped to `width`, with the first line's top at y. Returns the height taken:
/// 0 where the figure shows none; the file carries it all the same.
double drawTitle(Scene& scene, double x, double y, double width, const std::string& title,
                 const std::string& after, const std::string& formula);
/// Draws the scene's notes and the origin of the numbers under a figure; of a figure without notes only what
/// is deliberately wrong. Returns the height taken.
double drawNotes(Scene& scene, double x, double y, double width);

}  // namespace headlight
