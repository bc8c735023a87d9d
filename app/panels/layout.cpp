#include "app/panels/layout.h"

#include <cmath>

namespace headlight {

Layout computeLayout(float width, float height, float scale, const Folds& folds) {
  const auto u = [scale](float px) { return std::round(px * scale); };
  const float w = width / scale;
  const float h = height / scale;
  Layout l;
  l.large = w >= 1680;
  l.galleryFolded = w < 1200;
  l.railFolded = folds.rail || w < 1080;
  l.railOver = l.railFolded && folds.railOpen;
  l.stripFolded = folds.strip || h < 680;
  l.inspectorFolded = folds.inspector;
  const auto m = [&](float small, float big) { return u(l.large ? big : small); };

  l.window = {0, 0, width, height};
  l.top = Box::at(0, 0, width, m(40, 48));
  l.strip = Box::at(0, l.top.y1, width, l.stripFolded ? u(64) : m(116, 152));
  l.status = {0, height - m(24, 28), width, height};
  const float railWidth = m(232, 264);
  const float railTaken = l.railFolded ? u(44) : railWidth;
  l.rail = {0, l.strip.y1, l.railOver ? railWidth : railTaken, l.status.y0};
  l.inspector = {width - (l.inspectorFolded ? 0 : m(320, 380)), l.strip.y1, width, l.status.y0};
  l.stage = {railTaken, l.strip.y1, l.inspector.x0, l.status.y0};
  return l;
}

}  // namespace headlight
