#include <filesystem>

#include <gtest/gtest.h>

#include "app/panels/stage_views.h"
#include "app/widgets/keys.h"
#include "core/analysis/row_values.h"
#include "core/base/number.h"
#include "tests/experiment/photo.h"
#include "tests/ui/scene_steps.h"

namespace headlight::test {
namespace {

/// The middle of patch [row, column] of the garden.
void pointAt(Driver& d, int row, int column, bool click) {
  const Box picture = d.box("stage");
  const float x = picture.x0 + picture.width() * (static_cast<float>(column) + 0.5f) / 12;
  const float y = picture.y0 + picture.height() * (static_cast<float>(row) + 0.5f) / 9;
  if (click) {
    d.clickAt(x, y);
  } else {
    d.moveTo(x, y);
  }
  d.settle();
}

TEST(PatchView, IsHowADocumentOfAPictureIsSeenFirst) {
  Driver d;
  scene("patches").set(d);
  EXPECT_TRUE(d.has("patch.over=over"));
  EXPECT_TRUE(d.drawn().shows("12 × 9 patches of 16 × 16 pixels"));
  EXPECT_TRUE(d.drawn().shows("pixels, untrained"));
  EXPECT_TRUE(d.drawn().shows("Σ 1.000"));
  const Box picture = d.box("stage");
  EXPECT_NEAR(picture.width() / picture.height(), 192.0f / 144, 0.01f);
  run(d, "view.map");
  EXPECT_FALSE(d.has("patch.over=over"));
  d.session().change("score.scale", Value(0.1), Phase::done);
  d.settle();
  EXPECT_FALSE(d.has("patch.over=over")) << "what was chosen stays";
  run(d, "view.picture");
  EXPECT_TRUE(d.has("patch.over=over"));
  d.openExample("padded");
  EXPECT_FALSE(d.has("patch.over=over"));
  EXPECT_FALSE(d.has("view.as=picture"));
}

TEST(PatchView, TheNumberUnderThePointerIsTheWeight) {
  Driver d;
  scene("patches").set(d);
  const auto row = d.session().row(Stage::weights, 0, 38);
  ASSERT_TRUE(row);
  pointAt(d, 0, 7, false);
  EXPECT_EQ(d.session().hovered(), (Cell{38, 7}));
  const std::string number =
      fixed(static_cast<double>(row->cells().values[7]), rowDecimals(static_cast<double>(row->high)));
  EXPECT_TRUE(d.drawn().shows("0,7  " + number)) << number;
  d.moveTo(1, 1);
  d.settle();
  EXPECT_FALSE(d.session().hovered());
}

TEST(PatchView, AClickAndTheArrowsChooseTheQuery) {
  Driver d;
  scene("patches").set(d);
  pointAt(d, 6, 2, true);
  EXPECT_EQ(d.session().pinned(), (Cell{74, 74}));
  d.moveTo(1, 1);
  d.key(kKeyRight);
  d.settle();
  EXPECT_EQ(d.session().pinned(), (Cell{75, 75}));
  d.key(kKeyUp);
  d.settle();
  EXPECT_EQ(d.session().pinned(), (Cell{63, 63})) << "a row of patches up";
  for (int n = 0; n < 20; ++n) d.key(kKeyLeft);
  d.settle();
  EXPECT_EQ(d.session().pinned(), (Cell{60, 60})) << "not beyond the edge";
  d.click("row/next");
  d.settle();
  EXPECT_EQ(d.session().pinned()->row, 61);
  run(d, "view.map");
  d.key(kKeyDown);
  d.settle();
  EXPECT_EQ(d.session().pinned()->row, 62) << "in the map the arrows are the map's";
}

TEST(PatchView, BehindAClassTokenAndAMaskItIsTheSamePatch) {
  Driver d;
  scene("patches, masked").set(d);
  EXPECT_TRUE(d.drawn().shows("[CLS]"));
  pointAt(d, 0, 0, true);
  EXPECT_EQ(d.session().pinned(), (Cell{1, 1}));
  pointAt(d, 8, 11, false);
  EXPECT_EQ(d.session().hovered(), (Cell{1, 108}));
  EXPECT_TRUE(d.drawn().shows("masked"));
}

TEST(PatchView, UnderWordsAClickChoosesTheKey) {
  Driver d;
  scene("patches under words").set(d);
  ASSERT_TRUE(d.has("patch.over=over"));
  pointAt(d, 2, 3, true);
  EXPECT_EQ(d.session().pinned(), (Cell{1, 27}));
  d.key(kKeyDown);
  d.settle();
  EXPECT_EQ(d.session().pinned(), (Cell{2, 27})) << "the next word";
}

TEST(PatchView, ADroppedPhotoIsCutAndSaysHow) {
  Driver d;
  scene("photo dropped").set(d);
  EXPECT_EQ(d.session().documentName(), "a photo of mine");
  EXPECT_TRUE(d.has("patch.over=over"));
  EXPECT_TRUE(d.drawn().shows("9 × 14 patches of 6.8 × 6.9 pixels"));
  EXPECT_FALSE(d.session().unsaved());
}

TEST(PatchView, APictureThatIsGoneIsSaidInItsPlace) {
  Driver d;
  const std::string path = d.write("photo.png", photoPng(32, 32));
  d.session().openFile(path);
  d.session().settle();
  std::filesystem::remove(path);
  d.settle();
  EXPECT_TRUE(d.drawn().shows("photo.png"));
}

}  // namespace
}  // namespace headlight::test
