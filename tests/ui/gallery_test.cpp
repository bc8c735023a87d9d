#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "app/session/head_products.h"
#include "core/base/number.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

constexpr const char* kCaution = "One sentence is one observation.";

/// The heads from the first thumbnail to the last.
std::vector<int> galleryOrder(const Driver& d) {
  std::vector<std::pair<std::pair<float, float>, int>> places;
  for (const Registry::Control& control : d.drawn().controls()) {
    if (control.id.rfind("head.H", 0) != 0) continue;
    places.push_back({{std::round(control.box.y0), control.box.x0}, std::stoi(control.id.substr(6))});
  }
  std::sort(places.begin(), places.end());
  std::vector<int> heads;
  heads.reserve(places.size());
  for (const auto& place : places) heads.push_back(place.second);
  return heads;
}

void sortBy(Driver& d, const std::string& order) {
  d.click("heads.sort");
  d.settle();
  d.click("heads.sort=" + order);
  d.settle();
}

double weightAt(Driver& d, int head, Cell cell) {
  const auto evaluation = d.session().evaluation();
  const std::shared_ptr<const Run> run(evaluation, evaluation->run.get());
  return static_cast<double>(Field::make(run, Stage::weights, head)->cell(cell.row, cell.col));
}

TEST(Gallery, EveryThumbnailHasItsEffectiveKeys) {
  Driver d;
  const auto evaluation = d.session().evaluation();
  for (int head = 0; head < 8; ++head) {
    const auto profile = profileHead({evaluation, evaluation->run.get()}, head);
    ASSERT_TRUE(profile);
    EXPECT_TRUE(d.drawn().shows(fixed(profile->effectiveKeys, 1))) << head;
  }
}

TEST(Gallery, APinnedCellPrintsItsWeightUnderEveryThumbnail) {
  Driver d(1920, 1080);
  d.session().pin(Cell{7, 1});
  d.settle();
  for (int head = 0; head < 8; ++head)
    EXPECT_TRUE(d.drawn().shows(fixed(weightAt(d, head, {7, 1}), 3))) << head;
  EXPECT_TRUE(d.drawn().shows(kCaution));
  d.session().pin(std::nullopt);
  d.settle();
  EXPECT_FALSE(d.drawn().shows(kCaution));
}

TEST(Gallery, SortsByEachOfItsNumbers) {
  Driver d;
  EXPECT_EQ(galleryOrder(d), (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7}));
  sortBy(d, "effective_keys");
  const auto keys = d.session().effectiveKeys();
  ASSERT_TRUE(keys);
  const std::vector<int> byKeys = galleryOrder(d);
  EXPECT_TRUE(std::is_sorted(byKeys.begin(), byKeys.end(), [&](int a, int b) {
    return (*keys)[static_cast<std::size_t>(a)] < (*keys)[static_cast<std::size_t>(b)];
  }));
  sortBy(d, "pattern");
  const auto readings = d.session().headReadings();
  ASSERT_TRUE(readings);
  // Heads of one pattern stand together.
  std::vector<std::string> tags;
  for (const int head : galleryOrder(d)) {
    const auto& own = (*readings)[static_cast<std::size_t>(head)].tags;
    const std::string tag = own.empty() ? "" : std::string(own.front().name);
    if (tags.empty() || tags.back() != tag) tags.push_back(tag);
  }
  std::vector<std::string> different = tags;
  std::sort(different.begin(), different.end());
  EXPECT_EQ(std::unique(different.begin(), different.end()), different.end());
}

TEST(Gallery, SortsByThePinnedCellAndByTheMeanOfSeveral) {
  Driver d;
  d.session().pin(Cell{7, 1});
  d.settle();
  sortBy(d, "cell");
  const auto falling = [&](const std::vector<int>& heads, const auto& value) {
    return std::is_sorted(heads.begin(), heads.end(), [&](int a, int b) { return value(a) > value(b); });
  };
  EXPECT_TRUE(falling(galleryOrder(d), [&](int head) { return weightAt(d, head, {7, 1}); }));
  EXPECT_TRUE(d.drawn().shows("this cell"));
  d.session().togglePin({3, 2});
  d.settle();
  EXPECT_TRUE(d.drawn().shows("these cells"));
  const auto mean = [&](int head) { return (weightAt(d, head, {7, 1}) + weightAt(d, head, {3, 2})) / 2; };
  EXPECT_TRUE(falling(galleryOrder(d), mean));
  EXPECT_TRUE(d.drawn().shows(fixed(mean(2), 3)));
  // Without a cell there is nothing to sort by.
  d.session().pin(std::nullopt);
  d.settle();
  EXPECT_EQ(galleryOrder(d), (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7}));
  d.click("heads.sort");
  d.settle();
  EXPECT_FALSE(d.drawn().find("heads.sort=cell")->enabled);
}

TEST(Gallery, TheKeySCyclesTheOrder) {
  Driver d;
  d.session().pin(Cell{7, 1});
  d.settle();
  std::vector<std::string> seen;
  for (const char* words : {"eff. keys", "pattern", "this cell", "number"}) {
    d.key('S');
    d.settle();
    EXPECT_TRUE(d.drawn().shows(words)) << words;
  }
  EXPECT_EQ(galleryOrder(d), (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_FALSE(d.session().canUndo()) << "it is a way to look";
}

TEST(Gallery, ArrowsFollowTheOrder) {
  Driver d;
  sortBy(d, "effective_keys");
  const std::vector<int> order = galleryOrder(d);
  d.click("head.H" + std::to_string(order[0]));
  d.settle();
  d.key(kKeyRight);
  EXPECT_EQ(d.session().view().head, order[1]);
  d.key(kKeyDown);
  EXPECT_EQ(d.session().view().head, order[3]);
}

/// How often this stands somewhere by itself.
std::int64_t timesShown(const Driver& d, std::string_view words) {
  const auto& all = d.drawn().words();
  return std::count_if(all.begin(), all.end(), [words](const auto& one) { return one.text == words; });
}

TEST(Gallery, ASilencedHeadIsMarked) {
  Driver d(1920, 1080);
  EXPECT_EQ(timesShown(d, "silenced"), 0);
  d.key('X');
  d.settle();
  EXPECT_EQ(timesShown(d, "silenced"), 1);
  EXPECT_TRUE(d.session().silenced(d.session().view().head));
  d.session().undo();
  d.settle();
  EXPECT_EQ(timesShown(d, "silenced"), 0);
}

TEST(Gallery, AMaskedCellIsNoNumber) {
  Driver d;
  d.openExample("causal-random");
  d.session().pin(Cell{1, 4});
  d.settle();
  const auto heads = d.session().evaluation()->run->sizes.heads;
  EXPECT_GE(timesShown(d, "masked"), heads);
}

TEST(Gallery, OtherStagesPrintTheirOwnNumbers) {
  Driver d;
  d.session().selectStage(Stage::scaled);
  d.session().pin(Cell{7, 1});
  d.settle();
  const auto cell = d.session().cellOfHeads(Stage::scaled, {7, 1});
  ASSERT_TRUE(cell);
  EXPECT_TRUE(d.drawn().shows(fixed(static_cast<double>(cell->values[3]), 2)));
}

}  // namespace
}  // namespace headlight::test
