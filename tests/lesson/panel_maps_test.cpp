#include <algorithm>
#include <memory>
#include <optional>

#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "core/base/thread_pool.h"
#include "core/experiment/json.h"
#include "core/lesson/lesson.h"

namespace headlight::test {
namespace {

class PanelMaps : public testing::Test {
 protected:
  PanelMaps() {
    const auto read = fromText(R"({"type": "headlight/experiment", "version": 1, "tokens": {"count": 150},
        "shape": {"heads": 1, "d_k": 4, "d_model": 8}, "mask": [{"kind": "causal"}]})");
    EXPECT_TRUE(read);
    bench_ = std::make_unique<Bench>(read->experiment, ".", Measures{}, pool_);
    panel_.kind = LessonPanel::Kind::map;
    panel_.stage = Stage::weights;
    panel_.variants.emplace_back();
    const auto evaluation = bench_->evaluated(bench_->start(), {}, false);
    EXPECT_TRUE(evaluation);
    const auto field = Field::make((*evaluation)->run, Stage::weights, 0);
    EXPECT_TRUE(field);
    field_ = *field;
  }

  ThreadPool pool_{1};
  std::unique_ptr<Bench> bench_;
  LessonPanel panel_;
  std::optional<Field> field_;
};

TEST_F(PanelMaps, APooledCellIsTheKeptOneFarthestFromZero) {
  const PanelExtent extent{40, 60, true};
  const auto maps = panelMaps(panel_, *bench_, nullptr, extent);
  ASSERT_TRUE(maps) << maps.error().text();
  const PanelMap& map = maps->front();
  ASSERT_EQ(map.rows, 150);
  ASSERT_EQ(map.shownRows, 40);
  ASSERT_EQ(map.shownCols, 60);
  double largest = 0;
  for (std::int64_t r = 0; r < 40; ++r) {
    for (std::int64_t c = 0; c < 60; ++c) {
      float most = 0;
      bool isKept = false;
      for (std::int64_t i = 0; i < 150; ++i) {
        for (std::int64_t j = 0; j < 150; ++j) {
          if (i * 40 / 150 != r || j * 60 / 150 != c) continue;
          if (field_->cellClass(i, j) == CellClass::masked) continue;
          isKept = true;
          most = std::max(most, field_->cell(i, j));
        }
      }
      const auto at = static_cast<std::size_t>(r * 60 + c);
      EXPECT_EQ(map.values[at], most) << r << ", " << c;
      EXPECT_EQ(static_cast<CellClass>(map.classes[at]) != CellClass::masked, isKept) << r << ", " << c;
      largest = std::max(largest, static_cast<double>(most));
    }
  }
  EXPECT_EQ(map.largest, largest);
}

TEST_F(PanelMaps, ACornerIsNotPooled) {
  const auto maps = panelMaps(panel_, *bench_, nullptr, {3, 5, false});
  ASSERT_TRUE(maps) << maps.error().text();
  const PanelMap& map = maps->front();
  ASSERT_EQ(map.values.size(), 15U);
  for (std::int64_t i = 0; i < 3; ++i) {
    for (std::int64_t j = 0; j <= i; ++j)
      EXPECT_EQ(map.values[static_cast<std::size_t>(i * 5 + j)], field_->cell(i, j));
  }
}

TEST_F(PanelMaps, ARowIsWhole) {
  panel_.kind = LessonPanel::Kind::row;
  panel_.query = 149;
  const auto maps = panelMaps(panel_, *bench_, nullptr, {10, 10, true});
  ASSERT_TRUE(maps) << maps.error().text();
  ASSERT_EQ(maps->front().values.size(), 150U);
  for (std::int64_t j = 0; j < 150; ++j)
    EXPECT_EQ(maps->front().values[static_cast<std::size_t>(j)], field_->cell(149, j));
}

TEST_F(PanelMaps, BarsOfARowAreTheLargestOfTheirKeys) {
  panel_.kind = LessonPanel::Kind::row;
  panel_.query = 99;
  const auto maps = panelMaps(panel_, *bench_);
  ASSERT_TRUE(maps) << maps.error().text();
  const auto& levels = maps->front().levels;
  ASSERT_EQ(levels.size(), 9u);  // 150, 75, 38, 19, 10, 5, 3, 2, 1
  for (std::size_t level = 0; level < levels.size(); ++level) {
    const auto keys = std::int64_t{1} << level;
    ASSERT_EQ(levels[level].values.size(), static_cast<std::size_t>((150 + keys - 1) / keys));
    for (std::size_t n = 0; n < levels[level].values.size(); ++n) {
      float most = 0;
      bool isKept = false;
      const auto first = static_cast<std::int64_t>(n) * keys;
      for (std::int64_t j = first; j < std::min<std::int64_t>(150, first + keys); ++j) {
        if (field_->cellClass(99, j) == CellClass::masked) continue;
        isKept = true;
        most = std::max(most, field_->cell(99, j));
      }
      const bool isMasked = static_cast<CellClass>(levels[level].classes[n]) == CellClass::masked;
      EXPECT_EQ(isMasked, !isKept) << level << " " << n;
      EXPECT_EQ(isKept ? levels[level].values[n] : most, most) << level << " " << n;
    }
  }
}

TEST_F(PanelMaps, LooksAreThoseOfTheShownCells) {
  const auto maps = panelMaps(panel_, *bench_);
  ASSERT_TRUE(maps);
  EXPECT_TRUE(maps->front().has.masked);
  EXPECT_FALSE(maps->front().has.nan);
  EXPECT_FALSE(maps->front().has.plusInfinity || maps->front().has.minusInfinity);
  panel_.variants[0].with = {{"mask", Value(List{})}};
  const auto open = panelMaps(panel_, *bench_);
  ASSERT_TRUE(open) << open.error().text();
  EXPECT_FALSE(open->front().has.masked);
}

}  // namespace
}  // namespace headlight::test
