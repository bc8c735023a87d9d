#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "app/widgets/keys.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

/// The controls that Tab comes by until it is back at the first.
std::vector<std::string> walk(Driver& d, int modifiers) {
  std::vector<std::string> order;
  for (int i = 0; i < 200; ++i) {
    d.key(kKeyTab, modifiers);
    const std::string here = d.window().focused();
    if (!order.empty() && here == order.front()) break;
    order.push_back(here);
  }
  return order;
}

/// What the keyboard reaches by other means than Tab: nodes, heads and files by arrows, names by their
/// sliders.
bool byArrows(const std::string& id) {
  return id.rfind("stage.", 0) == 0 || id.rfind("head.", 0) == 0 || id.rfind("browse=", 0) == 0 ||
         id.find("/name") != std::string::npos;
}

class Walk : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Keyboard, Walk,
                         testing::Values("start", "every parameter", "two sentences", "arrays", "empty row",
                                         "stage output", "folded rail", "rail over", "refused file", "export",
                                         "path, open", "menu", "palette", "keys", "heads", "heads, many",
                                         "list heads.sort", "row", "pooled row", "lines", "two pins",
                                         "unfolded facts", "in words"),
                         [](const auto& one) {
                           std::string name = one.param;
                           for (char& c : name) c = c == ' ' || c == ',' || c == '.' ? '_' : c;
                           return name;
                         });

TEST_P(Walk, ReachesEveryControlOnce) {
  Driver d;
  scene(GetParam()).set(d);
  // A folder that is being read comes meanwhile, and with it what waits for a choice.
  walk(d, kNoModifier);
  int top = 0;
  for (const auto& control : d.drawn().controls()) top = std::max(top, control.layer);
  std::multiset<std::string> wanted;
  for (const auto& control : d.drawn().controls()) {
    if (control.layer == top && control.enabled && !byArrows(control.id)) wanted.insert(control.id);
  }
  const std::vector<std::string> order = walk(d, kNoModifier);
  EXPECT_EQ(std::multiset<std::string>(order.begin(), order.end()), wanted);
  std::vector<std::string> back = walk(d, kShift);
  EXPECT_EQ(back.size(), order.size());
  EXPECT_EQ(std::set<std::string>(back.begin(), back.end()),
            std::set<std::string>(order.begin(), order.end()));
}

TEST(Keyboard, WalksStripRailStageGalleryInspector) {
  Driver d;
  const std::vector<std::string> order = walk(d, kNoModifier);
  const auto at = [&order](const char* id) {
    return std::find(order.begin(), order.end(), id) - order.begin();
  };
  EXPECT_EQ(order.front(), "strip");
  EXPECT_LT(at("strip"), at("tokens.text"));
  EXPECT_LT(at("tokens.text"), at("tokens.split"));
  EXPECT_LT(at("tokens.split"), at("shape.heads"));
  EXPECT_LT(at("shape.heads"), at("source.seed/resample"));
  EXPECT_LT(at("source.seed/resample"), at("stage"));
  EXPECT_LT(at("stage"), at("gallery"));
  EXPECT_LT(at("gallery"), at("step.1"));
  EXPECT_LT(at("step.1"), at("menu"));
}

void tabTo(Driver& d, const std::string& id) {
  for (int i = 0; i < 200 && d.window().focused() != id; ++i) d.key(kKeyTab);
  ASSERT_EQ(d.window().focused(), id);
}

TEST(Keyboard, TabReachesWhatIsScrolledAway) {
  Driver d(1280, 720);
  tabTo(d, "source.seed/resample");
  d.key(kKeyEnter);
  d.settle();
  EXPECT_EQ(d.value("source.seed"), "8");
}

TEST(Keyboard, EnterAndSpacePress) {
  Driver d;
  tabTo(d, "score.scale");
  d.key(kKeyEnter);
  EXPECT_EQ(d.value("score.scale"), "\"none\"");
  d.key(kKeySpace);
  EXPECT_EQ(d.value("score.scale"), "\"inverse_sqrt_d_k\"");
}

TEST(Keyboard, ArrowsTurnASliderAndBackspaceResetsIt) {
  Driver d;
  tabTo(d, "normalizer.temperature");
  d.key(kKeyRight);
  EXPECT_EQ(d.value("normalizer.temperature"), "1.1");
  d.key(kKeyLeft);
  d.key(kKeyLeft);
  EXPECT_EQ(d.value("normalizer.temperature"), "0.91");
  d.key(kKeyHome);
  EXPECT_EQ(d.value("normalizer.temperature"), "0.1");
  d.key(kKeyEnd);
  EXPECT_EQ(d.value("normalizer.temperature"), "10.0");
  d.key(kKeyBackspace);
  EXPECT_EQ(d.value("normalizer.temperature"), "1.0");
  d.key(kKeyEnter);
  d.frames(3);
  EXPECT_TRUE(d.typing());
  d.type("3");
  d.key(kKeyEnter);
  EXPECT_EQ(d.value("normalizer.temperature"), "3.0");
  EXPECT_FALSE(d.typing());
}

TEST(Keyboard, ArrowsWalkThePipelineAndEnterGoesToTheMap) {
  Driver d;
  tabTo(d, "strip");
  d.key(kKeyLeft);
  EXPECT_EQ(d.session().view().stage, Stage::masked);
  d.key(kKeyHome);
  EXPECT_EQ(d.session().view().stage, Stage::input);
  d.key(kKeyLeft);
  EXPECT_EQ(d.session().view().stage, Stage::input);
  d.key(kKeyEnd);
  EXPECT_EQ(d.session().view().stage, Stage::output);
  d.key(kKeyEnter);
  EXPECT_EQ(d.window().focused(), "stage");
}

TEST(Keyboard, ArrowsWalkTheHeads) {
  Driver d;
  tabTo(d, "gallery");
  d.session().selectHead(2);
  d.key(kKeyRight);
  EXPECT_EQ(d.session().view().head, 3);
  d.key(kKeyDown);
  EXPECT_EQ(d.session().view().head, 5);
  d.key(kKeyUp);
  d.key(kKeyLeft);
  EXPECT_EQ(d.session().view().head, 2);
  d.key('7');
  EXPECT_EQ(d.session().view().head, 7);
  d.key('9');
  EXPECT_EQ(d.session().view().head, 7) << "there is no head 9";
}

TEST(Keyboard, ArrowsMoveThePinAndEscapeReleasesIt) {
  Driver d;
  d.session().pin(Cell{3, 4});
  d.frames(2);
  d.key(kKeyRight);
  d.key(kKeyDown);
  EXPECT_EQ(d.session().pinned(), (Cell{4, 5}));
  d.key(kKeyLeft, kShift);
  EXPECT_EQ(d.session().pinned(), (Cell{4, 0})) << "by ten, stopped by the edge";
  d.key(kKeyUp, kShift);
  EXPECT_EQ(d.session().pinned(), (Cell{0, 0}));
  d.key(kKeyEscape);
  EXPECT_FALSE(d.session().pinned());
  const Stage stage = d.session().view().stage;
  d.key(kKeyLeft);
  EXPECT_NE(d.session().view().stage, stage) << "without a pin the arrows walk the pipeline";
}

TEST(Keyboard, EnterOnTheMapPinsTheFirstCellInSight) {
  Driver d;
  d.session().pin(std::nullopt);
  tabTo(d, "stage");
  d.key(kKeyEnter);
  EXPECT_EQ(d.session().pinned(), (Cell{0, 0}));
}

TEST(Keyboard, ALayerTakesTheWalkAndGivesItBack) {
  Driver d;
  tabTo(d, "tokens.split");
  d.key(kKeyEnter);
  d.settle();
  ASSERT_TRUE(d.has("tokens.split=words"));
  EXPECT_EQ(d.window().focused(), "tokens.split=words");
  d.key(kKeyTab);
  d.key(kKeyEnter);
  d.settle();
  EXPECT_EQ(d.value("tokens.split"), "\"characters\"");
  EXPECT_FALSE(d.has("tokens.split=words"));
  EXPECT_EQ(d.window().focused(), "tokens.split");
  d.key(kKeyEnter);
  d.settle();
  d.key(kKeyEscape);
  d.settle();
  EXPECT_FALSE(d.has("tokens.split=words"));
  EXPECT_TRUE(d.session().pinned()) << "Escape closed the list and nothing else";
  EXPECT_EQ(d.window().focused(), "tokens.split");
}

TEST(Keyboard, TheRingIsForTheKeyboardAlone) {
  Driver d;
  const std::uint64_t before = d.picture();
  d.key(kKeyTab);
  EXPECT_NE(d.picture(), before);
  d.clickAt(5, 690);
  d.moveTo(-1, -1);
  d.settle();
  EXPECT_EQ(d.picture(), before);
}

}  // namespace
}  // namespace headlight::test
