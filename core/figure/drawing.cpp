#include "core/figure/drawing.h"

#include <memory>

#include "core/figure/text_layout.h"

namespace headlight {

std::string Text::plain() const {
  std::string all;
  for (const TextPiece& piece : pieces) {
    if (piece.gapMm > 0 && !all.empty()) all += ' ';
    all += piece.text;
  }
  return all;
}

void Drawing::cells(std::span<const Cell> all) {
  shapes_.push_back([kept = std::vector<Cell>(all.begin(), all.end())](Canvas& c) { c.cells(kept); });
}

void Drawing::lines(std::span<const Segment> segments, double lineWidth, Rgb colour) {
  shapes_.push_back([kept = std::vector<Segment>(segments.begin(), segments.end()), lineWidth,
                     colour](Canvas& c) { c.lines(kept, lineWidth, colour); });
}

void Drawing::polygon(std::span<const Point> corners, Rgb colour) {
  shapes_.push_back([kept = std::vector<Point>(corners.begin(), corners.end()), colour](Canvas& c) {
    c.polygon(kept, colour);
  });
}

void Drawing::dots(std::span<const Point> centres, double radius, Rgb colour) {
  shapes_.push_back([kept = std::vector<Point>(centres.begin(), centres.end()), radius, colour](Canvas& c) {
    c.dots(kept, radius, colour);
  });
}

void Drawing::image(const Rect& area, const Picture& picture) {
  shapes_.push_back(
      [area, kept = std::make_shared<const Picture>(picture)](Canvas& c) { c.image(area, *kept); });
}

void Drawing::text(Point at, const Text& line, Anchor anchor, bool upright) {
  const TextExtent extent = measure(line);
  const double before = anchor == Anchor::start    ? 0
                        : anchor == Anchor::middle ? extent.width / 2
                                                   : extent.width;
  const double thick = extent.ascent + extent.descent;
  const Rect box = upright ? Rect{at.x - extent.ascent, at.y + before - extent.width, thick, extent.width}
                           : Rect{at.x - before, at.y - extent.ascent, extent.width, thick};
  texts_.push_back({line, box, upright});
  shapes_.push_back([at, line, anchor, upright](Canvas& c) { c.text(at, line, anchor, upright); });
}

void Drawing::pushClip(const Rect& area) {
  shapes_.push_back([area](Canvas& c) { c.pushClip(area); });
}

void Drawing::popClip() {
  shapes_.push_back([](Canvas& c) { c.popClip(); });
}

void Drawing::beginGroup(std::string_view name) {
  shapes_.push_back([kept = std::string(name)](Canvas& c) { c.beginGroup(kept); });
}

void Drawing::endGroup() {
  shapes_.push_back([](Canvas& c) { c.endGroup(); });
}

void Drawing::replay(Canvas& canvas) const {
  for (const auto& shape : shapes_) shape(canvas);
}

}  // namespace headlight
