#include <gtest/gtest.h>

#include "app/widgets/keys.h"
#include "core/analysis/row_values.h"
#include "core/base/number.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

TEST(RowView, ShowsEveryWeightOfThePinnedRow) {
  Driver d;
  scene("row").set(d);
  const auto row = d.session().row(Stage::weights, 2, 7);
  ASSERT_TRUE(row);
  for (const float value : row->cells().values) {
    EXPECT_TRUE(d.drawn().shows(fixed(static_cast<double>(value), 3))) << value;
  }
  EXPECT_TRUE(d.drawn().shows("Σ 1.000"));
  EXPECT_TRUE(d.drawn().shows("effective of 11 keys"));
}

TEST(RowView, TheArrowsMoveTheQuery) {
  Driver d;
  scene("row").set(d);
  d.key(kKeyDown);
  d.settle();
  EXPECT_EQ(d.session().pinned(), (Cell{8, 1})) << "the pin goes along";
  d.key(kKeyEscape);
  d.settle();
  ASSERT_FALSE(d.session().pinned());
  d.key(kKeyUp);
  d.key(kKeyUp);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("6"));
  EXPECT_FALSE(d.session().pinned()) << "without a pin the row alone";
  const auto row = d.session().row(Stage::weights, 2, 6);
  ASSERT_TRUE(row) << "it was looked at";
  EXPECT_TRUE(d.drawn().shows(fixed(static_cast<double>(row->cells().values[6]), 3)));
  d.click("row/next");
  d.settle();
  EXPECT_TRUE(d.drawn().shows("0.771")) << "query 7 again";
}

TEST(RowView, ABarIsHoveredAndPinned) {
  Driver d;
  scene("row").set(d);
  const Box bars = d.box("stage");
  const float pitch = bars.height() / 11;
  d.moveTo(bars.centreX(), bars.y0 + 3.5f * pitch);
  d.settle();
  EXPECT_EQ(d.session().hovered(), (Cell{7, 3}));
  d.clickAt(bars.centreX(), bars.y0 + 3.5f * pitch);
  d.settle();
  EXPECT_EQ(d.session().pinned(), (Cell{7, 3}));
  d.moveTo(1, 1);
  d.settle();
  EXPECT_FALSE(d.session().hovered());
}

TEST(RowView, MaskedKeysAreSaidAndNoNumbers) {
  Driver d;
  scene("row with masked keys").set(d);
  EXPECT_TRUE(d.drawn().shows("masked"));
  EXPECT_TRUE(d.drawn().shows("effective of 3 keys"));
}

TEST(RowView, ManyKeysArePooledWithTheirLargestBeside) {
  Driver d;
  scene("pooled row").set(d);
  EXPECT_TRUE(d.drawn().shows("each bar = max of"));
  const auto row = d.session().row(Stage::weights, d.session().view().head, 0);
  ASSERT_TRUE(row);
  ASSERT_TRUE(d.has("row/largest"));
  const Box list = d.box("row/largest");
  d.clickAt(list.centreX(), list.y0 + 5);
  d.settle();
  ASSERT_TRUE(d.session().pinned());
  EXPECT_EQ(d.session().pinned()->col, row->largest.front());
}

TEST(RowView, VGoesRoundAndStagesWithoutLinesHaveTwoViews) {
  Driver d;
  const std::string before = d.reading();
  d.key('V');
  d.settle();
  EXPECT_TRUE(d.has("row/next"));
  d.key('V');
  d.settle();
  EXPECT_TRUE(d.has("lines/most"));
  d.key('V');
  d.settle();
  EXPECT_EQ(d.reading(), before);
  d.session().selectStage(Stage::scaled);
  d.settle();
  d.key('V');
  d.settle();
  EXPECT_TRUE(d.has("row/next"));
  d.key('V');
  d.settle();
  EXPECT_FALSE(d.has("row/next"));
  EXPECT_FALSE(d.has("lines/most"));
  d.session().selectStage(Stage::q);
  d.settle();
  EXPECT_FALSE(d.has("view.as=row")) << "a matrix is a map alone";
}

TEST(RowView, NothingOfItIsADocument) {
  Driver d;
  const std::string before = d.document();
  scene("row").set(d);
  d.click("row/previous");
  d.settle();
  EXPECT_FALSE(d.session().canUndo());
  EXPECT_EQ(d.document(), before);
}

}  // namespace
}  // namespace headlight::test
