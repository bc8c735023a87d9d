#include <cmath>

#include <gtest/gtest.h>

#include "app/session/product.h"
#include "core/base/number.h"
#include "core/picture/range.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

/// What a line of each of the strongest `most` of every query shows of the weight.
double shareOf(Driver& d, std::size_t most) {
  const auto block = d.session().strongest(Stage::weights, d.session().view().head, 0);
  double shown = 0;
  double all = 0;
  for (const auto& row : block->rows) {
    all += row.sum;
    for (std::size_t n = 0; n < std::min(most, row.keys.size()); ++n)
      shown += static_cast<double>(row.keys[n].weight);
  }
  return shown / all;
}

TEST(LinesView, SaysHowMuchOfTheWeightItShows) {
  Driver d;
  scene("lines").set(d);
  EXPECT_TRUE(d.drawn().shows("33 lines show " + fixed(100 * shareOf(d, 3), 0) + " % of the weight"));
  d.enter("lines/most/field", "1");
  d.settle();
  EXPECT_TRUE(d.drawn().shows("11 lines show " + fixed(100 * shareOf(d, 1), 0) + " % of the weight"));
}

TEST(LinesView, WeakLinesAreLeftOut) {
  Driver d;
  scene("lines").set(d);
  d.enter("lines/least/field", "0.5");
  d.settle();
  EXPECT_TRUE(d.drawn().shows("2 lines show")) << "“it” and “tired” to “animal”";
}

TEST(LinesView, ATokenShowsItsLinesAloneWithNumbers) {
  Driver d;
  scene("lines").set(d);
  d.session().pin(std::nullopt);
  d.settle();
  const Box area = d.box("stage");
  const float pitch = std::min(std::floor(area.height() / 11), 30.0f);
  const std::uint64_t all = d.picture();
  d.moveTo(area.x0 + 20, area.y0 + 7.5f * pitch);
  d.settle();
  EXPECT_NE(d.picture(), all);
  EXPECT_EQ(d.session().hovered(), (Cell{7, 1})) << "its strongest key";
  const auto block = d.session().strongest(Stage::weights, 2, 0);
  ASSERT_TRUE(block);
  for (std::size_t n = 0; n < 3; ++n) {
    EXPECT_TRUE(d.drawn().shows(cellText(static_cast<double>(block->rows[7].keys[n].weight), true)));
  }
  d.clickAt(area.x0 + 20, area.y0 + 7.5f * pitch);
  d.settle();
  EXPECT_EQ(d.session().pinned(), (Cell{7, 1}));
}

TEST(LinesView, ALineIsMetWhereItIsDrawn) {
  Driver d;
  scene("lines").set(d);
  d.session().pin(std::nullopt);
  d.enter("lines/least/field", "0.5");
  d.settle();
  const Box area = d.box("stage");
  const float pitch = std::min(std::floor(area.height() / 11), 30.0f);
  // Half way from query 7 to key 1: on the line; half way from query 3 to key 10: on none.
  d.moveTo(area.centreX(), area.y0 + (7.5f + 1.5f) / 2 * pitch);
  d.settle();
  EXPECT_EQ(d.session().hovered(), (Cell{7, 1}));
  d.moveTo(area.centreX(), area.y0 + 9.5f * pitch);
  d.settle();
  EXPECT_FALSE(d.session().hovered());
}

TEST(LinesView, ManyTokensScroll) {
  Driver d;
  scene("lines of many tokens").set(d);
  EXPECT_TRUE(d.drawn().shows("of queries 0 to"));
  const Box area = d.box("stage");
  d.wheelAt(area.centreX(), area.centreY(), -2);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("of queries 6 to"));
  d.session().pin(Cell{650, 20});
  d.settle();
  EXPECT_TRUE(d.drawn().shows("650")) << "a new pin comes into sight";
}

}  // namespace
}  // namespace headlight::test
