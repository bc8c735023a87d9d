#include <gtest/gtest.h>

#include "app/widgets/keys.h"
#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

TEST(TextPanel, DescribesTheSelectionAndIsCopied) {
  Driver d;
  d.key('D', kCtrl);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("In words"));
  EXPECT_TRUE(d.drawn().shows("Attention weights of H2"));
  EXPECT_FALSE(d.drawn().shows("How this number is made"));
  d.reveal("text/copy");
  d.click("text/copy");
  d.settle();
  EXPECT_NE(d.clipboard().held.find("“it” (query 7) attends to “animal” (key 1)"), std::string::npos)
      << d.clipboard().held;
  EXPECT_NE(d.clipboard().held.find("Colours span 0.000 to 1.000"), std::string::npos) << d.clipboard().held;
  d.key('D', kCtrl);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("How this number is made"));
}

TEST(TextPanel, FollowsPinStageAndHead) {
  Driver d;
  scene("in words").set(d);
  d.session().selectStage(Stage::masked);
  d.session().selectHead(5);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("of H5"));
  d.session().pin(std::nullopt);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("Pin a cell"));
  d.click("text/close");
  d.settle();
  EXPECT_FALSE(d.drawn().shows("In words"));
}

TEST(TextPanel, OpensAFoldedInspector) {
  Driver d;
  d.window().run("view.inspector");
  d.settle();
  d.window().run("view.describe");
  d.settle();
  EXPECT_TRUE(d.drawn().shows("In words"));
}

TEST(TextPanel, IsCopiedFromThePaletteWithoutBeingOpen) {
  Driver d;
  EXPECT_TRUE(d.window().run("copy.description"));
  d.settle();
  EXPECT_NE(d.clipboard().held.find("Attention weights of H2"), std::string::npos);
}

}  // namespace
}  // namespace headlight::test
