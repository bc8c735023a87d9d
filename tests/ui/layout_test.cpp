#include <algorithm>
#include <cmath>
#include <ostream>

#include <gtest/gtest.h>

#include "app/window/ui_scale.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

struct Place {
  int width;
  int height;
  float scale;
};
std::ostream& operator<<(std::ostream& out, const Place& place) {
  return out << place.width << "x" << place.height << " at " << place.scale;
}

/// Every size with every scale, as far as the window holds it.
std::vector<Place> places() {
  std::vector<Place> all;
  const int sizes[][2] = {{960, 600}, {1280, 720}, {1920, 1080}, {3840, 2160}};
  for (const auto& size : sizes) {
    for (const double wanted : {0.75, 1.0, 1.25, 1.5, 2.0, 3.0}) {
      const auto scale = static_cast<float>(fittingScale(wanted, size[0], size[1]));
      const bool known = std::any_of(all.begin(), all.end(),
                                     [&](const Place& p) { return p.width == size[0] && p.scale == scale; });
      if (!known) all.push_back({size[0], size[1], scale});
    }
  }
  return all;
}

int topLayer(const Driver& d) {
  int top = 0;
  for (const auto& control : d.drawn().controls()) top = std::max(top, control.layer);
  return top;
}

std::string told(const Box& box) {
  return std::to_string(box.x0) + " " + std::to_string(box.y0) + " … " + std::to_string(box.x1) + " " +
         std::to_string(box.y1);
}

/// What cannot fit is shortened with "…" by whoever draws it: no ink may reach beyond its region.
void expectNothingCut(const Driver& d, const Box& window) {
  for (const auto& words : d.drawn().words()) {
    const Box visible = words.box.clippedTo(words.region);
    if (words.scrolls && visible.empty()) continue;
    EXPECT_GE(words.box.x0, words.region.x0 - 0.5f) << words.text << ": " << told(words.box);
    EXPECT_LE(words.box.x1, words.region.x1 + 0.5f) << words.text << ": " << told(words.box);
    if (!words.scrolls) {
      EXPECT_GE(words.box.y0, words.region.y0 - 0.5f) << words.text << ": " << told(words.box);
      EXPECT_LE(words.box.y1, words.region.y1 + 0.5f) << words.text << ": " << told(words.box);
    }
    EXPECT_GE(words.region.x0, window.x0) << words.text;
    EXPECT_LE(words.region.x1, window.x1) << words.text;
    EXPECT_LE(words.region.y1, window.y1) << words.text;
  }
}

/// The rail lies over the stage: what is under it is not seen.
bool isCovered(const Driver& d, const Box& box, const Box& region) {
  const Registry::Control* rail = d.drawn().find("tokens.text");
  if (rail == nullptr) rail = d.drawn().find("figure.layout");
  if (rail == nullptr || region.x0 == rail->region.x0 || region.y0 < rail->region.y0) return false;
  return !box.clippedTo(rail->region).empty();
}

void expectNoWordsOverEachOther(const Driver& d) {
  std::vector<Registry::Words> all;
  for (const auto& words : d.drawn().words()) {
    if (words.layer > 0 || !isCovered(d, words.box, words.region)) all.push_back(words);
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Box a = all[i].box.clippedTo(all[i].region);
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      if (all[i].layer != all[j].layer) continue;
      const Box both = a.clippedTo(all[j].box.clippedTo(all[j].region));
      const bool meet = both.width() > 2 * d.scale() && both.height() > 2 * d.scale();
      EXPECT_FALSE(meet) << "“" << all[i].text << "” over “" << all[j].text << "” at " << told(both);
    }
  }
}

bool holds(const std::string& outer, const std::string& inner) {
  return (outer == "strip" && (inner.rfind("stage.", 0) == 0 || inner.rfind("matrix/", 0) == 0)) ||
         (outer == "gallery" && inner.rfind("head.", 0) == 0);
}

/// Hit areas reach a few px beyond what is drawn; none may reach into the middle of another.
void expectControlsApart(const Driver& d, const Box& window) {
  std::vector<Registry::Control> all;
  for (const auto& control : d.drawn().controls()) {
    if (control.layer > 0 || !isCovered(d, control.box, control.region)) all.push_back(control);
  }
  const float least = std::round(24 * d.scale()) - 0.5f;
  const float slack = 4 * d.scale() + 1;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& a = all[i];
    const Box seen = a.box.clippedTo(a.region);
    if (seen.empty()) continue;
    EXPECT_GE(seen.x0, window.x0) << a.id;
    EXPECT_LE(seen.x1, window.x1) << a.id;
    EXPECT_LE(seen.y1, window.y1) << a.id;
    EXPECT_GE(a.box.width(), least) << a.id;
    EXPECT_GE(a.box.height(), least) << a.id;
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      const auto& b = all[j];
      if (a.layer != b.layer || holds(a.id, b.id) || holds(b.id, a.id)) continue;
      const Box both = seen.clippedTo(b.box.clippedTo(b.region));
      EXPECT_FALSE(both.width() > slack && both.height() > slack)
          << a.id << " over " << b.id << " at " << told(both);
    }
  }
}

void expectInOrder(const Driver& d, const Place& place) {
  const Box window{0, 0, static_cast<float>(place.width), static_cast<float>(place.height)};
  expectNothingCut(d, window);
  expectNoWordsOverEachOther(d);
  expectControlsApart(d, window);
}

class LayoutAt : public testing::TestWithParam<Place> {};
INSTANTIATE_TEST_SUITE_P(Ui, LayoutAt, testing::ValuesIn(places()), [](const auto& one) {
  return std::to_string(one.param.width) + "x" + std::to_string(one.param.height) + "at" +
         std::to_string(std::lround(one.param.scale * 100));
});

/// A dozen scenes at every size, all of them at the two that are met most.
TEST_P(LayoutAt, NothingIsCutAndNothingOverlaps) {
  const Place place = GetParam();
  const bool all = place.scale == 1 && place.width <= 1280;
  const char* few[] = {"start",
                       "every parameter",
                       "two sentences",
                       "empty row",
                       "wide characters",
                       "pooled",
                       "stage output",
                       "unfolded row",
                       "received",
                       "rail over",
                       "refused file",
                       "refused value",
                       "export",
                       "keys",
                       "menu",
                       "heads",
                       "heads, many",
                       "sorted heads",
                       "compared heads",
                       "compared, pooled",
                       "compared with before",
                       "snapshot",
                       "figure",
                       "figure, preset changed"};
  for (const Scene& one : scenes()) {
    const bool chosen =
        std::any_of(std::begin(few), std::end(few), [&](const char* n) { return one.name == n; });
    if (!all && !chosen) continue;
    SCOPED_TRACE(one.name);
    Driver d(place.width, place.height, place.scale);
    one.set(d);
    expectInOrder(d, place);
  }
}

/// Where height is what there is most of.
TEST(Layout, NothingIsCutInATallWindow) {
  const Place places[] = {{1000, 1300, 1}, {1080, 1920, 1}, {1440, 2560, 1.5f}};
  for (const Scene& one : scenes()) {
    if (!one.name.starts_with("compared") && one.name != "start") continue;
    for (const Place& place : places) {
      SCOPED_TRACE(one.name);
      Driver d(place.width, place.height, place.scale);
      one.set(d);
      expectInOrder(d, place);
    }
  }
}

TEST(Layout, WhatOpensAboveTheWindowLiesInIt) {
  for (const Scene& one : scenes()) {
    Driver d(960, 600, 1);
    one.set(d);
    const int top = topLayer(d);
    if (top == 0) continue;
    for (const auto& control : d.drawn().controls()) {
      if (control.layer < top) continue;
      EXPECT_GE(control.box.y0, 0) << control.id << " in " << one;
      EXPECT_LE(control.box.y1, 600) << control.id << " in " << one;
      EXPECT_GE(control.box.x0, 0) << control.id << " in " << one;
      EXPECT_LE(control.box.x1, 960) << control.id << " in " << one;
    }
  }
}

TEST(Layout, TheScaleFitsTheWindowAndSaysSo) {
  EXPECT_EQ(fittingScale(3, 960, 600), 1);
  EXPECT_EQ(fittingScale(3, 1920, 1080), 1.8);
  EXPECT_EQ(fittingScale(1.5, 3840, 2160), 1.5);
  EXPECT_EQ(fittingScale(1, 400, 300), 0.75);
}

/// A resize while something is open, there and back, ends where it began.
TEST(Layout, AResizeComesBack) {
  Driver d;
  const std::string before = d.reading();
  const int sizes[][2] = {{960, 600}, {3840, 2160}, {1079, 679}, {1681, 601}, {1280, 720}};
  for (const auto& size : sizes) {
    d.resize(size[0], size[1], 1);
    d.resize(size[0], size[1], 0.75f);
  }
  d.resize(1280, 720, 1);
  EXPECT_EQ(d.reading(), before);
}

}  // namespace
}  // namespace headlight::test
