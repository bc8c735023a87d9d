#pragma once
#include <algorithm>

#include <imgui.h>

namespace headlight {

/// A rectangle in window px, y down.
struct Box {
  float x0 = 0;
  float y0 = 0;
  float x1 = 0;
  float y1 = 0;

  static Box at(float x, float y, float width, float height) { return {x, y, x + width, y + height}; }
  float width() const { return x1 - x0; }
  float height() const { return y1 - y0; }
  float centreX() const { return (x0 + x1) / 2; }
  float centreY() const { return (y0 + y1) / 2; }
  ImVec2 min() const { return {x0, y0}; }
  ImVec2 max() const { return {x1, y1}; }
  bool contains(ImVec2 p) const { return p.x >= x0 && p.x < x1 && p.y >= y0 && p.y < y1; }
  bool empty() const { return x1 <= x0 || y1 <= y0; }
  Box inset(float dx, float dy) const { return {x0 + dx, y0 + dy, x1 - dx, y1 - dy}; }
  Box moved(float dx, float dy) const { return {x0 + dx, y0 + dy, x1 + dx, y1 + dy}; }
  Box clippedTo(const Box& other) const {
    return {std::max(x0, other.x0), std::max(y0, other.y0), std::min(x1, other.x1), std::min(y1, other.y1)};
  }
  /// At least `side` px in both directions, about the same centre: what a pointer must be able to hit.
  Box atLeast(float side) const {
    const float dx = std::max(0.0f, side - width()) / 2;
    const float dy = std::max(0.0f, side - height()) / 2;
    return inset(-dx, -dy);
  }
};

}  // namespace headlight
