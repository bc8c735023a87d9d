#include "core/analysis/row_values.h"

#include <algorithm>

#include "app/session/product.h"
#include "tests/session/session_fixture.h"

namespace headlight {
namespace {

using test::SessionTest;

class RowOf : public SessionTest {
 protected:
  std::shared_ptr<const RowValues> row(Stage stage, int head, std::int64_t at) {
    auto got = session->row(stage, head, at);
    for (int i = 0; i < 100 && !got; ++i) {
      session->settle();
      got = session->row(stage, head, at);
    }
    return got;
  }
  Field field(Stage stage, int head) const { return *Field::make(session->evaluation()->run, stage, head); }
};

TEST_F(RowOf, IsTheFieldsOwn) {
  open();
  const auto made = row(Stage::weights, 2, 7);
  ASSERT_TRUE(made);
  const Field weights = field(Stage::weights, 2);
  ASSERT_EQ(made->cells().values.size(), 11u);
  double sum = 0;
  for (std::int64_t j = 0; j < 11; ++j) {
    EXPECT_EQ(made->cells().values[static_cast<std::size_t>(j)], weights.cell(7, j));
    sum += static_cast<double>(weights.cell(7, j));
  }
  EXPECT_DOUBLE_EQ(made->sum, sum);
  EXPECT_EQ(made->kept, 11);
  EXPECT_EQ(made->largest.front(), 1) << "“it” attends to “animal”";
  EXPECT_TRUE(std::is_sorted(made->largest.begin(), made->largest.end(), [&](std::int64_t a, std::int64_t b) {
    return weights.cell(7, a) > weights.cell(7, b);
  }));
  ASSERT_TRUE(made->numbers);
  EXPECT_NEAR(made->numbers->weightSum, 1, 1e-5);
  EXPECT_FALSE(session->row(Stage::weights, 2, 11)) << "there is no such row";
}

TEST_F(RowOf, ALevelKeepsTheLargestOfEveryPair) {
  open();
  session->change("tokens", Value(Object{{"count", Value(37)}}), Phase::done);
  session->settle();
  for (const Stage stage : {Stage::weights, Stage::scaled}) {
    const auto made = row(stage, 1, 5);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->levels.back().values.size(), 1u);
    const auto& cells = made->cells().values;
    for (std::size_t level = 1; level < made->levels.size(); ++level) {
      const auto& values = made->levels[level].values;
      EXPECT_EQ(values.size(), (made->levels[level - 1].values.size() + 1) / 2);
      for (std::size_t n = 0; n < values.size(); ++n) {
        const std::size_t first = n << level;
        const std::size_t end = std::min(cells.size(), first + (std::size_t{1} << level));
        float best = cells[first];
        for (std::size_t j = first; j < end; ++j) {
          const bool more = info(stage).isSigned ? std::abs(cells[j]) > std::abs(best) : cells[j] > best;
          if (more) best = cells[j];
        }
        EXPECT_EQ(values[n], best) << "level " << level << " at " << n;
      }
    }
  }
}

TEST_F(RowOf, MaskedKeysDoNotCount) {
  Session& s = open();
  s.openExample("causal-random");
  s.settle();
  const auto made = row(Stage::weights, 0, 2);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->kept, 3);
  EXPECT_EQ(made->largest.size(), 3u);
  for (const std::int64_t key : made->largest) EXPECT_LE(key, 2);
  const auto masked = static_cast<std::uint8_t>(CellClass::masked);
  EXPECT_EQ(made->cells().classes[3], masked);
  const auto scores = row(Stage::masked, 0, 2);
  ASSERT_TRUE(scores);
  EXPECT_GT(scores->low, -1e30f) << "−∞ of a masked key is no score";
}

TEST_F(RowOf, TheStrongestComeInBlocks) {
  Session& s = open();
  s.change("tokens", Value(Object{{"count", Value(100)}}), Phase::done);
  s.settle();
  const auto ask = [&](std::int64_t block) {
    auto got = s.strongest(Stage::weights, 0, block);
    for (int i = 0; i < 100 && !got; ++i) {
      s.settle();
      got = s.strongest(Stage::weights, 0, block);
    }
    return got;
  };
  ASSERT_TRUE(ask(0));
  EXPECT_EQ(ask(0)->rows.size(), static_cast<std::size_t>(kStrongestRows));
  ASSERT_TRUE(ask(1));
  EXPECT_EQ(ask(1)->first, kStrongestRows);
  EXPECT_EQ(ask(1)->rows.size(), 100u - static_cast<std::size_t>(kStrongestRows));
  EXPECT_FALSE(s.strongest(Stage::weights, 0, 2));
  const Field weights = field(Stage::weights, 0);
  const StrongestKeys::Row& row = ask(1)->rows[10];
  EXPECT_EQ(row.keys.size(), static_cast<std::size_t>(kStrongestKeys));
  EXPECT_EQ(row.keys[0].weight, weights.cell(kStrongestRows + 10, row.keys[0].key));
}

TEST_F(RowOf, TheSelectionIsDescribedAnewAfterEveryChange) {
  Session& s = open();
  const auto ask = [&] {
    auto got = s.description(Stage::weights, 2, Cell{7, 1});
    for (int i = 0; i < 100 && !got; ++i) {
      s.settle();
      got = s.description(Stage::weights, 2, Cell{7, 1});
    }
    return got ? *got : "";
  };
  EXPECT_NE(ask().find("“animal” (key 1)"), std::string::npos) << ask();
  s.change("tokens.text", Value("The robot didn't cross the street because it was too tired"), Phase::done);
  s.settle();
  EXPECT_NE(ask().find("“robot” (key 1)"), std::string::npos) << ask();
}

}  // namespace
}  // namespace headlight
