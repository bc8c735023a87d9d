#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/picture/colormap.h"
#include "core/picture/picture.h"

namespace headlight {

/// Lengths are millimetres, x to the right and y down from the page's upper left corner; font sizes are
/// points.
struct Point {
  double x = 0;
  double y = 0;
};
struct Rect {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
  double right() const { return x + width; }
  double bottom() const { return y + height; }
};

inline constexpr double kMmPerPoint = 25.4 / 72;

/// Inter for words, JetBrains Mono for numbers; TeX Gyre Termes for both where a figure is set in a serif.
enum class FontFace : std::uint8_t { words, numbers, serif };

/// A stretch of text in one font. `level` ±1 draws it raised or lowered, at 70 % of the size.
struct TextPiece {
  std::string text;
  FontFace face = FontFace::words;
  int weight = 400;
  double sizePt = 7;
  Rgb colour;
  int level = 0;
  double gapMm = 0;    ///< free space before it
  double leastPt = 0;  ///< raised or lowered it is drawn no smaller than this
};

/// One line of text. A line of several pieces is one piece of text to whoever edits the figure.
struct Text {
  std::vector<TextPiece> pieces;
  std::string plain() const;
};

/// Where along the line the given point lies.
enum class Anchor : std::uint8_t { start, middle, end };

/// A filled rectangle with crisp edges.
struct FilledCell {
  Rect area;
  Rgb colour;
};
struct Segment {
  Point from;
  Point to;
};

/// What a figure is drawn on: PNG, PDF, SVG, or a recording. Later shapes cover earlier ones.
class Canvas {
 public:
  virtual ~Canvas() = default;
  virtual void cells(std::span<const FilledCell> cells) = 0;
  /// All segments in one stroke.
  virtual void lines(std::span<const Segment> segments, double width, Rgb colour) = 0;
  virtual void polygon(std::span<const Point> corners, Rgb colour) = 0;
  virtual void dots(std::span<const Point> centres, double radius, Rgb colour) = 0;
  /// Every pixel a crisp rectangle: nearest neighbour, never smoothed. Pixels are opaque.
  virtual void image(const Rect& area, const Picture& picture) = 0;
  /// `at` lies on the baseline. `upright` text is turned by a quarter and reads from bottom to top.
  virtual void text(Point at, const Text& text, Anchor anchor, bool upright) = 0;
  /// Shapes until popClip are cut off outside of the area.
  virtual void pushClip(const Rect& area) = 0;
  virtual void popClip() = 0;
  /// Shapes until endGroup belong together under a name.
  virtual void beginGroup(std::string_view name) = 0;
  virtual void endGroup() = 0;
};

}  // namespace headlight
