#include "core/lesson/curve_marks.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace headlight {
namespace {

constexpr Rgb kWhite{0xFF, 0xFF, 0xFF};

/// The stretches that are drawn and those that are left free, in mm; none: a whole line.
std::vector<double> dashesOf(std::size_t curve) {
  constexpr std::size_t kPatterns = 4;
  switch (curve % kPatterns) {
    case 1:
      return {2.2, 1.2};
    case 2:
      return {0.6, 0.9};
    case 3:
      return {2.8, 0.8, 0.6, 0.8};
    default:
      return {};
  }
}

void drawShape(Drawing& drawing, Point at, std::size_t curve, double r, Rgb colour) {
  switch (curve / 2 % 3) {
    case 0: {
      const Point centre[] = {at};
      drawing.dots(centre, r, colour);
      return;
    }
    case 1: {
      const double s = 0.9 * r;
      const Point corners[] = {
          {at.x - s, at.y - s}, {at.x + s, at.y - s}, {at.x + s, at.y + s}, {at.x - s, at.y + s}};
      drawing.polygon(corners, colour);
      return;
    }
    default: {
      const Point corners[] = {
          {at.x, at.y - 1.2 * r}, {at.x + 1.1 * r, at.y + 0.8 * r}, {at.x - 1.1 * r, at.y + 0.8 * r}};
      drawing.polygon(corners, colour);
    }
  }
}

}  // namespace

void addDashes(std::vector<Segment>& lines, std::size_t curve, Point from, Point to, double& along) {
  const std::vector<double> pattern = dashesOf(curve);
  if (pattern.empty()) {
    lines.push_back({from, to});
    return;
  }
  const double length = std::hypot(to.x - from.x, to.y - from.y);
  const double period = std::accumulate(pattern.begin(), pattern.end(), 0.0);
  const auto at = [&](double mm) {
    return Point{from.x + (to.x - from.x) * mm / length, from.y + (to.y - from.y) * mm / length};
  };
  double begin = -std::fmod(along, period);
  while (begin < length) {
    for (std::size_t n = 0; n < pattern.size(); ++n) {
      const double a = std::max(begin, 0.0);
      const double b = std::min(begin + pattern[n], length);
      if (n % 2 == 0 && b > a) lines.push_back({at(a), at(b)});
      begin += pattern[n];
    }
  }
  along = std::fmod(along + length, period);
}

void drawMark(Drawing& drawing, Point at, std::size_t curve) {
  drawShape(drawing, at, curve, kCurveMark + 0.25, kWhite);
  drawShape(drawing, at, curve, kCurveMark, kCurveInk);
  if (curve % 2 == 1) drawShape(drawing, at, curve, kCurveMark - 0.35, kWhite);
}

}  // namespace headlight
