#include "app/session/patch_desk.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "tests/experiment/photo.h"
#include "tests/session/session_fixture.h"

namespace headlight::test {
namespace {

using testing::HasSubstr;

Pixels pixelsOfPhoto(int width, int height) {
  return {height, width, photo(width, height)};
}

/// The mean colour over a pixel of the smaller picture, sampled finely.
double slowChannel(const Pixels& pixels, int width, int height, int x, int y, std::int64_t c) {
  constexpr int kFine = 40;
  double sum = 0;
  for (int v = 0; v < kFine; ++v) {
    for (int u = 0; u < kFine; ++u) {
      const auto py =
          static_cast<std::int64_t>((y + (v + 0.5) / kFine) * static_cast<double>(pixels.height) / height);
      const auto px =
          static_cast<std::int64_t>((x + (u + 0.5) / kFine) * static_cast<double>(pixels.width) / width);
      sum += 255.0 * static_cast<double>(pixels.at(py, px, c));
    }
  }
  return sum / (kFine * kFine);
}

TEST(Resized, MakesSmallerByArea) {
  const Pixels pixels = pixelsOfPhoto(97, 61);
  const Picture small = resized(pixels, 23, 17);
  ASSERT_EQ(small.rgba.size(), std::size_t{23 * 17 * 4});
  for (int y = 0; y < 17; ++y) {
    for (int x = 0; x < 23; ++x) {
      for (std::int64_t c = 0; c < 3; ++c) {
        const auto at = static_cast<std::size_t>((y * 23 + x) * 4 + c);
        EXPECT_NEAR(small.rgba[at], slowChannel(pixels, 23, 17, x, y, c), 3) << x << "," << y;
      }
      EXPECT_EQ(small.rgba[static_cast<std::size_t>((y * 23 + x) * 4 + 3)], 255);
    }
  }
}

TEST(Resized, KeepsTheSizeAndStaysBetweenNeighboursWhenLarger) {
  const Pixels pixels = pixelsOfPhoto(12, 9);
  const Picture same = resized(pixels, 12, 9);
  for (std::size_t i = 0; i < pixels.rgb.size(); ++i) EXPECT_EQ(same.rgba[i / 3 * 4 + i % 3], pixels.rgb[i]);
  const auto [low, high] = std::minmax_element(pixels.rgb.begin(), pixels.rgb.end());
  const Picture large = resized(pixels, 50, 40);
  for (std::size_t i = 0; i < large.rgba.size(); ++i) {
    if (i % 4 == 3) continue;
    EXPECT_GE(large.rgba[i], *low);
    EXPECT_LE(large.rgba[i], *high);
  }
  const Picture one = resized({1, 1, {10, 20, 30}}, 3, 2);
  EXPECT_EQ(one.rgba[4], 10);
  EXPECT_EQ(one.rgba[6], 30);
}

class Patches : public SessionTest {
 protected:
  std::shared_ptr<const PatchPicture> shown(int width, int height) {
    Session& s = *session;
    const auto look = [&] {
      const Experiment& e = s.evaluation()->experiment;
      return s.patchDesk().show(e.tokens, s.evaluation()->prepared->folder, width, height,
                                static_cast<std::uint64_t>(s.documentNumber()));
    };
    look();
    s.settle();
    return look();
  }
};

TEST_F(Patches, APictureThatIsOpenedBecomesADocumentOfItsPatches) {
  Session& s = open();
  write("photo.png", photoPng(96, 64));
  s.openFile(inHome("photo.png"));
  s.settle();
  ASSERT_FALSE(s.problem()) << s.problem()->error.text();
  EXPECT_EQ(s.documentName(), "photo");
  EXPECT_EQ(s.path(), "") << "it is saved elsewhere";
  EXPECT_EQ(s.experiment().tokens.image, "photo.png");
  EXPECT_THAT(s.notice(), HasSubstr("12 × 8 patches of 8 × 8 pixels"));
  ASSERT_TRUE(s.evaluation());
  EXPECT_EQ(s.evaluation()->run->sizes.queries, 96);
  ASSERT_EQ(s.saveTo(inHome("kept.headlight.json")).ok(), true);
  s.settle();
  s.openExample("padded");
  s.settle();
  s.openFile(inHome("kept.headlight.json"));
  s.settle();
  EXPECT_FALSE(s.problem());
  EXPECT_EQ(s.evaluation()->run->sizes.queries, 96);
}

TEST_F(Patches, AFigureIsStillTheDocumentThatItCarries) {
  Session& s = open();
  s.exportFigure({}, inHome("figure.png"));
  s.settle();
  s.openExample("padded");
  s.settle();
  s.openFile(inHome("figure.png"));
  s.settle();
  EXPECT_FALSE(s.problem());
  EXPECT_TRUE(s.experiment().tokens.image.empty());
}

TEST_F(Patches, ThePictureIsAsLargeAsItIsLookedAt) {
  Session& s = open();
  write("photo.png", photoPng(96, 64));
  s.openFile(inHome("photo.png"));
  s.settle();
  const auto picture = shown(300, 300);
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->width, 96);
  EXPECT_EQ(picture->height, 64);
  EXPECT_EQ(picture->picture->width, 300);
  EXPECT_EQ(picture->picture->height, 200);
  EXPECT_EQ(shown(300, 300), picture) << "made once";
  const auto smaller = shown(48, 300);
  ASSERT_TRUE(smaller);
  EXPECT_EQ(smaller->picture->height, 32);
  EXPECT_NE(smaller->number, picture->number);
}

TEST_F(Patches, APictureThatIsGoneIsSaid) {
  Session& s = open();
  write("photo.png", photoPng(32, 32));
  s.openFile(inHome("photo.png"));
  s.settle();
  std::filesystem::remove(inHome("photo.png"));
  EXPECT_FALSE(shown(100, 100));
  ASSERT_TRUE(s.patchDesk().error());
  EXPECT_THAT(s.patchDesk().error()->text(), HasSubstr("photo.png"));
}

}  // namespace
}  // namespace headlight::test
