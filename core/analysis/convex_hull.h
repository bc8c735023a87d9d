#pragma once
#include <array>
#include <vector>

namespace headlight {

using PlanePoint = std::array<double, 2>;

/// Twice the area of the triangle a, b, c: above 0 where it turns left.
double turnOf(const PlanePoint& a, const PlanePoint& b, const PlanePoint& c);
/// The corners of the convex hull, counter-clockwise (Andrew's monotone chain, 1979); of fewer than three
/// different points these.
std::vector<PlanePoint> convexHull(std::vector<PlanePoint> points);

}  // namespace headlight
