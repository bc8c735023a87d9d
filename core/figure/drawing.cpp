#include "core/figure/drawing.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "core/figure/text_layout.h"

namespace headlight {
namespace {

Point moved(Point p, Point by) {
  return {p.x + by.x, p.y + by.y};
}
Rect moved(const Rect& r, Point by) {
  return {r.x + by.x, r.y + by.y, r.width, r.height};
}

// Passes everything on, a distance away from where it was drawn.
class MovedCanvas : public Canvas {
 public:
  MovedCanvas(Canvas& to, Point by) : to_(to), by_(by) {}

  void cells(std::span<const FilledCell> all) override {
    std::vector<FilledCell> there(all.begin(), all.end());
    for (FilledCell& cell : there) cell.area = moved(cell.area, by_);
    to_.cells(there);
  }
  void lines(std::span<const Segment> segments, double width, Rgb colour) override {
    std::vector<Segment> there(segments.begin(), segments.end());
    for (Segment& s : there) s = {moved(s.from, by_), moved(s.to, by_)};
    to_.lines(there, width, colour);
  }
  void polygon(std::span<const Point> corners, Rgb colour) override { to_.polygon(points(corners), colour); }
  void dots(std::span<const Point> centres, double radius, Rgb colour) override {
    to_.dots(points(centres), radius, colour);
  }
  void image(const Rect& area, const Picture& picture) override { to_.image(moved(area, by_), picture); }
  void text(Point at, const Text& text, Anchor anchor, bool upright) override {
    to_.text(moved(at, by_), text, anchor, upright);
  }
  void pushClip(const Rect& area) override { to_.pushClip(moved(area, by_)); }
  void popClip() override { to_.popClip(); }
  void beginGroup(std::string_view name) override { to_.beginGroup(name); }
  void endGroup() override { to_.endGroup(); }

 private:
  std::vector<Point> points(std::span<const Point> all) const {
    std::vector<Point> there(all.begin(), all.end());
    for (Point& p : there) p = moved(p, by_);
    return there;
  }

  Canvas& to_;
  Point by_;
};

}  // namespace

std::string Text::plain() const {
  std::string all;
  for (const TextPiece& piece : pieces) {
    if (piece.gapMm > 0 && !all.empty()) all += ' ';
    all += piece.text;
  }
  return all;
}

void Drawing::reach(const Rect& area) {
  if (clips_ > 0) return;
  if (!bounds_) {
    bounds_ = area;
    return;
  }
  const double x = std::min(bounds_->x, area.x);
  const double y = std::min(bounds_->y, area.y);
  bounds_ = Rect{x, y, std::max(bounds_->right(), area.right()) - x,
                 std::max(bounds_->bottom(), area.bottom()) - y};
}

Rect Drawing::bounds() const {
  return bounds_.value_or(Rect{});
}

void Drawing::moveBy(double right, double down) {
  moved_ = moved(moved_, {right, down});
  if (bounds_) bounds_ = moved(*bounds_, {right, down});
  for (PlacedText& text : texts_) text.box = moved(text.box, {right, down});
}

void Drawing::cells(std::span<const FilledCell> all) {
  for (const FilledCell& cell : all) reach(cell.area);
  shapes_.push_back([kept = std::vector<FilledCell>(all.begin(), all.end())](Canvas& c) { c.cells(kept); });
}

void Drawing::lines(std::span<const Segment> segments, double lineWidth, Rgb colour) {
  const double half = lineWidth / 2;
  for (const Segment& s : segments) {
    reach({std::min(s.from.x, s.to.x) - half, std::min(s.from.y, s.to.y) - half,
           std::abs(s.to.x - s.from.x) + lineWidth, std::abs(s.to.y - s.from.y) + lineWidth});
  }
  shapes_.push_back([kept = std::vector<Segment>(segments.begin(), segments.end()), lineWidth,
                     colour](Canvas& c) { c.lines(kept, lineWidth, colour); });
}

void Drawing::polygon(std::span<const Point> corners, Rgb colour) {
  for (const Point& p : corners) reach({p.x, p.y, 0, 0});
  shapes_.push_back([kept = std::vector<Point>(corners.begin(), corners.end()), colour](Canvas& c) {
    c.polygon(kept, colour);
  });
}

void Drawing::dots(std::span<const Point> centres, double radius, Rgb colour) {
  for (const Point& p : centres) reach({p.x - radius, p.y - radius, 2 * radius, 2 * radius});
  shapes_.push_back([kept = std::vector<Point>(centres.begin(), centres.end()), radius, colour](Canvas& c) {
    c.dots(kept, radius, colour);
  });
}

void Drawing::image(const Rect& area, const Picture& picture) {
  reach(area);
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
  reach(box);
  texts_.push_back({line, box, upright});
  shapes_.push_back([at, line, anchor, upright](Canvas& c) { c.text(at, line, anchor, upright); });
}

void Drawing::pushClip(const Rect& area) {
  reach(area);
  ++clips_;
  shapes_.push_back([area](Canvas& c) { c.pushClip(area); });
}

void Drawing::popClip() {
  --clips_;
  shapes_.push_back([](Canvas& c) { c.popClip(); });
}

void Drawing::beginGroup(std::string_view name) {
  shapes_.push_back([kept = std::string(name)](Canvas& c) { c.beginGroup(kept); });
}

void Drawing::endGroup() {
  shapes_.push_back([](Canvas& c) { c.endGroup(); });
}

void Drawing::replay(Canvas& canvas) const {
  if (moved_.x == 0 && moved_.y == 0) {
    for (const auto& shape : shapes_) shape(canvas);
    return;
  }
  MovedCanvas away(canvas, moved_);
  for (const auto& shape : shapes_) shape(away);
}

}  // namespace headlight
