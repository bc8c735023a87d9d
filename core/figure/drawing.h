#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/figure/canvas.h"

namespace headlight {

/// A text of a drawing with the box that it takes on the page.
struct PlacedText {
  Text text;
  Rect box;
  bool upright = false;
};

/// A page that is still a list of shapes: layouts draw here before the page's size is known, and the same
/// shapes then go to PNG, PDF and SVG.
class Drawing : public Canvas {
 public:
  double width = 0;  ///< of the page
  double height = 0;
  Rgb paper{255, 255, 255};
  bool transparent = false;  ///< the paper is not painted; its colour is what the rest is legible on

  void cells(std::span<const FilledCell> cells) override;
  void lines(std::span<const Segment> segments, double lineWidth, Rgb colour) override;
  void polygon(std::span<const Point> corners, Rgb colour) override;
  void dots(std::span<const Point> centres, double radius, Rgb colour) override;
  void image(const Rect& area, const Picture& picture) override;
  void text(Point at, const Text& text, Anchor anchor, bool upright) override;
  void pushClip(const Rect& area) override;
  void popClip() override;
  void beginGroup(std::string_view name) override;
  void endGroup() override;

  /// Draws everything, in the order it came, on another canvas.
  void replay(Canvas& canvas) const;
  const std::vector<PlacedText>& texts() const { return texts_; }
  /// What all shapes and texts together take; without any, nothing at the corner.
  Rect bounds() const;
  /// Moves all that was drawn so far. Once, when the page's size is known.
  void moveBy(double right, double down);

 private:
  void reach(const Rect& area);

  Point moved_;
  std::optional<Rect> bounds_;
  int clips_ = 0;  ///< open ones: what is drawn inside reaches no farther than they do
  std::vector<std::function<void(Canvas&)>> shapes_;
  std::vector<PlacedText> texts_;
};

}  // namespace headlight
