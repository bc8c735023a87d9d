#include <gtest/gtest.h>

#include "tests/ui/scenes.h"

namespace headlight::test {
namespace {

void openFour(Driver& d) {
  d.openText(R"({"type": "headlight/experiment", "version": 1, "tokens": {"text": "one two three four"},
                 "source": "random", "shape": {"d_model": 8, "heads": 2}})");
}

std::string words(const Driver& d) {
  return d.experiment().tokens.text;
}

TEST(LabelDrag, ARowsTokenTakesAnotherPlace) {
  Driver d;
  openFour(d);
  const Box map = d.box("stage");
  const float row = map.height() / 4;
  d.dragBy(map.x0 - 20, map.y0 + row * 0.5f, 0, row * 2.4f);
  d.settle();
  EXPECT_EQ(words(d), "two three one four");
  EXPECT_EQ(d.session().undoName(), "move one from 0 to 2");
  EXPECT_EQ(d.undoAll(), 1);
  EXPECT_EQ(words(d), "one two three four");
}

TEST(LabelDrag, AColumnsTokenTakesAnotherPlace) {
  Driver d;
  openFour(d);
  const Box map = d.box("stage");
  const float column = map.width() / 4;
  d.dragBy(map.x0 + column * 3.5f, map.y0 - 20, -column * 3.4f, 0);
  d.settle();
  EXPECT_EQ(words(d), "four one two three");
}

TEST(LabelDrag, AClickMovesNothing) {
  Driver d;
  openFour(d);
  const Box map = d.box("stage");
  d.clickAt(map.x0 - 20, map.y0 + 5);
  d.settle();
  EXPECT_EQ(words(d), "one two three four");
  EXPECT_FALSE(d.session().canUndo());
}

TEST(LabelDrag, RowsOfAFileStay) {
  Driver d;
  scene("given weights").set(d);
  d.settle();
  const std::string before = d.document();
  const Box map = d.box("stage");
  d.dragBy(map.x0 - 20, map.y0 + 5, 0, map.height());
  d.settle();
  EXPECT_EQ(d.document(), before);
}

}  // namespace
}  // namespace headlight::test
