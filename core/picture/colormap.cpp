#include "core/picture/colormap.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/picture/oklab.h"

namespace headlight {
namespace {

struct Anchor {
  double at;
  std::uint32_t colour;  // 0xRRGGBB
};

Rgb rgb(std::uint32_t c) {
  return {static_cast<std::uint8_t>(c >> 16), static_cast<std::uint8_t>((c >> 8) & 255u),
          static_cast<std::uint8_t>(c & 255u)};
}

std::vector<Anchor> evenly(std::initializer_list<std::uint32_t> colours) {
  std::vector<Anchor> anchors;
  const double last = static_cast<double>(colours.size() - 1);
  for (std::uint32_t c : colours) anchors.push_back({static_cast<double>(anchors.size()) / last, c});
  return anchors;
}

// Slopes of a cubic that never leaves the range of its neighbours (Fritsch and Carlson 1980, with the
// weighted harmonic mean of Fritsch and Butland 1984).
std::vector<double> slopes(const std::vector<double>& x, const std::vector<double>& y) {
  const std::size_t n = x.size();
  std::vector<double> h(n - 1), d(n - 1), m(n, 0.0);
  for (std::size_t i = 0; i + 1 < n; ++i) {
    h[i] = x[i + 1] - x[i];
    d[i] = (y[i + 1] - y[i]) / h[i];
  }
  for (std::size_t i = 1; i + 1 < n; ++i) {
    if (d[i - 1] * d[i] <= 0) continue;
    const double a = 2 * h[i] + h[i - 1];
    const double b = h[i] + 2 * h[i - 1];
    m[i] = (a + b) / (a / d[i - 1] + b / d[i]);
  }
  const auto end = [](double h0, double h1, double d0, double d1) {
    const double v = ((2 * h0 + h1) * d0 - h0 * d1) / (h0 + h1);
    if (v * d0 <= 0) return 0.0;
    return d0 * d1 <= 0 && std::abs(v) > 3 * std::abs(d0) ? 3 * d0 : v;
  };
  m[0] = end(h[0], h[1], d[0], d[1]);
  m[n - 1] = end(h[n - 2], h[n - 3], d[n - 2], d[n - 3]);
  return m;
}

std::array<Rgb, 256> interpolate(const std::vector<Anchor>& anchors) {
  std::vector<double> x;
  std::array<std::vector<double>, 3> y;
  for (const Anchor& anchor : anchors) {
    x.push_back(anchor.at);
    const Oklab lab = toOklab(rgb(anchor.colour));
    for (std::size_t c = 0; c < 3; ++c) y[c].push_back(lab[c]);
  }
  const std::array<std::vector<double>, 3> m{slopes(x, y[0]), slopes(x, y[1]), slopes(x, y[2])};
  std::array<Rgb, 256> colours;
  std::size_t k = 0;
  for (std::size_t i = 0; i < 256; ++i) {
    const double t = static_cast<double>(i) / 255;
    while (k + 2 < x.size() && t >= x[k + 1]) ++k;
    const double h = x[k + 1] - x[k];
    const double s = (t - x[k]) / h;
    Oklab lab;
    for (std::size_t c = 0; c < 3; ++c) {
      lab[c] = y[c][k] * (1 + 2 * s) * (1 - s) * (1 - s) + m[c][k] * h * s * (1 - s) * (1 - s) +
               y[c][k + 1] * s * s * (3 - 2 * s) + m[c][k + 1] * h * s * s * (s - 1);
    }
    colours[i] = fromOklab(lab);
  }
  return colours;
}

// Rounding to 8 bits can turn a tiny step of lightness around; green carries most of it.
void makeMonotone(std::array<Rgb, 256>& colours) {
  for (std::size_t i = 1; i < 256; ++i) {
    while (luminance(colours[i]) < luminance(colours[i - 1]) && colours[i].g < 255) ++colours[i].g;
  }
}

Colormap make(std::string_view id, std::string_view label, bool diverging,
              const std::vector<Anchor>& anchors) {
  Colormap map{id, label, diverging, interpolate(anchors)};
  if (!diverging) makeMonotone(map.colours);
  return map;
}

// A few colours each, as their authors publish them for small palettes; what lies between is ours. viridis
// and magma: Smith and van der Walt 2015. cividis: Nuñez, Anderton and Renslow 2018. RdBu: Brewer 2003. `vik`
// and `berlin` are our own with the light and the dark middle of Crameri's maps of these names (2018).
std::vector<Colormap> makeAll() {
  std::vector<Colormap> all;
  all.push_back(make("viridis", "viridis", false,
                     evenly({0x440154, 0x481567, 0x482677, 0x453781, 0x404788, 0x39568C, 0x33638D,
                             0x2D708E, 0x287D8E, 0x238A8D, 0x1F968B, 0x20A387, 0x29AF7F, 0x3CBB75,
                             0x55C667, 0x73D055, 0x95D840, 0xB8DE29, 0xDCE319, 0xFDE725})));
  all.push_back(make("cividis", "cividis", false,
                     {{0, 0x00224E},
                      {0.085, 0x002E70},
                      {0.125, 0x1A386F},
                      {2 / 9.0, 0x39486B},
                      {3 / 9.0, 0x575C6D},
                      {4 / 9.0, 0x707173},
                      {5 / 9.0, 0x8A8779},
                      {6 / 9.0, 0xA69D75},
                      {7 / 9.0, 0xC4B56C},
                      {8 / 9.0, 0xE4CF5B},
                      {1, 0xFEE838}}));
  all.push_back(make(
      "magma", "magma", false,
      evenly({0x000004, 0x1D1147, 0x51127C, 0x822681, 0xB63679, 0xE65164, 0xFB8861, 0xFEC287, 0xFCFDBF})));
  all.push_back(make("grey", "grey", false, evenly({0x101010, 0x7B7B7B, 0xF4F4F4})));
  all.push_back(make(
      "vik", "vik, red = positive", true,
      evenly({0x0B1E5C, 0x17509A, 0x4A8FBE, 0xA3C7DC, 0xF0EDEA, 0xE3B496, 0xC5774A, 0x94380F, 0x57100A})));
  all.push_back(make(
      "berlin", "berlin, red = positive", true,
      evenly({0xA9B8FF, 0x5A9FDB, 0x2F6A91, 0x173649, 0x14110F, 0x4E2019, 0x934639, 0xCB776A, 0xF8A79F})));
  all.push_back(make("rdbu", "RdBu, red = positive", true,
                     evenly({0x053061, 0x2166AC, 0x4393C3, 0x92C5DE, 0xD1E5F0, 0xF7F7F7, 0xFDDBC7, 0xF4A582,
                             0xD6604D, 0xB2182B, 0x67001F})));
  return all;
}

}  // namespace

std::span<const Colormap> colormaps() {
  static const std::vector<Colormap> all = makeAll();
  return all;
}

const Colormap* colormap(std::string_view id) {
  for (const Colormap& map : colormaps()) {
    if (map.id == id) return &map;
  }
  return nullptr;
}

const Colormap& defaultColormap(bool isSigned, bool dark) {
  return *colormap(!isSigned ? "viridis" : dark ? "berlin" : "vik");
}

}  // namespace headlight
