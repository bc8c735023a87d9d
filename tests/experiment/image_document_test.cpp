// Pictures as documents: how they are cut, what is a picture, the program's own.
#include "core/experiment/image_document.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/experiment/image_patches.h"
#include "core/experiment/tensor_record.h"
#include "core/files/embedded.h"
#include "tests/experiment/photo.h"
#include "tests/experiment/support.h"

namespace headlight {
namespace {

using test::evaluated;
using test::experimentOf;
using test::photo;
using test::photoPng;
using test::TemporaryFolder;
using testing::AllOf;
using testing::HasSubstr;

TEST(PatchGrid, IsOfWholeSquaresWhereTheSidesAllowIt) {
  EXPECT_EQ(patchGrid(224, 224), (PatchGrid{14, 14}));
  EXPECT_EQ(patchGrid(192, 144), (PatchGrid{9, 12}));
  EXPECT_EQ(patchGrid(144, 192), (PatchGrid{12, 9}));
  EXPECT_EQ(patchGrid(96, 64), (PatchGrid{8, 12}));
}

TEST(PatchGrid, IsAboutSquareOtherwiseAndNeverFinerThanPixels) {
  for (const auto& [width, height] : {std::pair<std::int64_t, std::int64_t>{301, 199},
                                      {199, 301},
                                      {1, 1},
                                      {1, 5000},
                                      {5000, 3},
                                      {7, 5},
                                      {13, 13}}) {
    const PatchGrid grid = patchGrid(width, height);
    EXPECT_GE(grid.rows, 1);
    EXPECT_GE(grid.columns, 1);
    EXPECT_LE(grid.rows, std::min(height, kMostPatches));
    EXPECT_LE(grid.columns, std::min(width, kMostPatches));
  }
  const PatchGrid odd = patchGrid(301, 199);
  EXPECT_EQ(odd, (PatchGrid{9, 14}));
  EXPECT_EQ(patchSizeText(301, 199, odd), "21.5 × 22.1 pixels");
  EXPECT_EQ(patchSizeText(192, 144, {9, 12}), "16 × 16 pixels");
}

/// A patch by the definition: each of its 8 × 8 cells the mean of the picture over it, sampled finely.
std::vector<double> slowPatch(const Pixels& pixels, const PatchGrid& grid, std::int64_t row,
                              std::int64_t column) {
  constexpr int kFine = 64;
  double mean[3] = {0, 0, 0};
  for (std::int64_t y = 0; y < pixels.height; ++y) {
    for (std::int64_t x = 0; x < pixels.width; ++x) {
      for (std::int64_t c = 0; c < 3; ++c) mean[c] += static_cast<double>(pixels.at(y, x, c));
    }
  }
  for (double& each : mean) each /= static_cast<double>(pixels.height * pixels.width);
  std::vector<double> patch;
  const double high = static_cast<double>(pixels.height) / static_cast<double>(grid.rows * 8);
  const double wide = static_cast<double>(pixels.width) / static_cast<double>(grid.columns * 8);
  for (std::int64_t y = 0; y < 8; ++y) {
    for (std::int64_t x = 0; x < 8; ++x) {
      for (std::int64_t c = 0; c < 3; ++c) {
        double sum = 0;
        for (int v = 0; v < kFine; ++v) {
          for (int u = 0; u < kFine; ++u) {
            const double py = (static_cast<double>(row * 8 + y) + (v + 0.5) / kFine) * high;
            const double px = (static_cast<double>(column * 8 + x) + (u + 0.5) / kFine) * wide;
            sum += static_cast<double>(
                pixels.at(static_cast<std::int64_t>(py), static_cast<std::int64_t>(px), c));
          }
        }
        patch.push_back(sum / (kFine * kFine) - mean[c]);
      }
    }
  }
  return patch;
}

TEST(ImagePatches, OfAPhotoAreThoseOfASlowCut) {
  for (const auto& [width, height] : {std::pair<int, int>{96, 64}, {61, 47}}) {
    const auto pixels = decodePngPixels(photoPng(width, height));
    ASSERT_TRUE(pixels) << pixels.error().text();
    EXPECT_EQ(pixels->rgb, photo(width, height)) << "as it was drawn";
    const PatchGrid grid = patchGrid(width, height);
    const PatchReader reader(*pixels, grid.rows, grid.columns);
    std::vector<float> patch(static_cast<std::size_t>(kPatchWidth));
    for (const auto& [row, column] :
         {std::pair<std::int64_t, std::int64_t>{0, 0}, {1, 3}, {grid.rows - 1, grid.columns - 1}}) {
      reader.read(row, column, patch.data());
      const std::vector<double> slow = slowPatch(*pixels, grid, row, column);
      for (std::size_t i = 0; i < patch.size(); ++i)
        EXPECT_NEAR(patch[i], slow[i], 6e-3) << width << " " << row << "," << column << " " << i;
    }
  }
}

TEST(ImageDocument, HasThePatchesOfThePictureAsTokens) {
  const TemporaryFolder folder;
  folder.put("photo.png", photoPng(96, 64));
  const auto made = imageDocument("photo.png", folder.path());
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(made->words, "12 × 8 patches of 8 × 8 pixels");
  EXPECT_EQ(made->experiment.tokens.grid, (std::array<std::int64_t, 2>{8, 12}));
  const auto e = evaluated(made->experiment, folder.path());
  EXPECT_EQ(e->run->sizes.queries, 96);
  EXPECT_THAT(e->prepared->origin.chip, HasSubstr("pixels, untrained"));
  EXPECT_TRUE(e->prepared->origin.untrained);
  EXPECT_LT((*made->experiment.view.pin)[0], 96);
}

TEST(ImageDocument, RefusesWhatIsNoPictureOrTooLarge) {
  const TemporaryFolder folder;
  std::string claims = photoPng(96, 64);
  claims.replace(16, 8, std::string("\x7f\xff\xff\xff\x7f\xff\xff\xff", 8));  // width and height in IHDR
  folder.put("huge.png", claims);
  folder.put("words.png", "no picture");
  folder.put("cut.png", photoPng(96, 64).substr(0, 400));
  for (const char* name : {"huge.png", "words.png", "cut.png", "nowhere.png"}) {
    const auto made = imageDocument(name, folder.path());
    ASSERT_FALSE(made) << name;
    EXPECT_FALSE(made.error().what.empty()) << name;
  }
}

TEST(PlainImage, IsAPngWithoutAnExperiment) {
  const std::string png = photoPng(16, 16);
  EXPECT_TRUE(isPlainImage(png));
  EXPECT_FALSE(isPlainImage(withEmbeddedPng(png, "{}")));
  EXPECT_FALSE(isPlainImage("<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>"));
  EXPECT_FALSE(isPlainImage(""));
  EXPECT_TRUE(isPlainImage(png.substr(0, 40))) << "what is damaged says so when it is read";
}

TEST(OwnImage, IsFoundEverywhereAndIsNoFileOfTheDocument) {
  const TemporaryFolder folder;
  const Experiment experiment = experimentOf(
      R"("tokens": {"grid": [9, 12], "image": "headlight:garden.png"}, "shape": {"d_model": 8})");
  const auto here = evaluated(experiment, folder.path());
  const auto there = evaluated(experiment, "/nowhere");
  EXPECT_EQ(*here->prepared->plan.inputs.x, *there->prepared->plan.inputs.x);
  EXPECT_THAT(filesOf(experiment), testing::IsEmpty());
  const Experiment saved = forSaving(experiment, folder.path(), "/elsewhere");
  EXPECT_EQ(saved.tokens.image, "headlight:garden.png");
  EXPECT_THAT(saved.files, testing::IsEmpty());
  // The same pixels as those of the file that it is built from.
  std::ostringstream bytes;
  bytes << std::ifstream(std::string(HEADLIGHT_SOURCE_DIR) + "/assets/examples/garden.png", std::ios::binary)
               .rdbuf();
  EXPECT_LE(bytes.str().size(), std::size_t{64} << 10);
  const auto pixels = decodePngPixels(bytes.str());
  ASSERT_TRUE(pixels);
  EXPECT_EQ(pixels->width, 192);
  EXPECT_EQ(pixels->height, 144);
  folder.put("garden.png", bytes.str());
  const auto copy = evaluated(
      experimentOf(R"("tokens": {"grid": [9, 12], "image": "garden.png"}, "shape": {"d_model": 8})"),
      folder.path());
  EXPECT_EQ(*here->prepared->plan.inputs.x, *copy->prepared->plan.inputs.x);
}

TEST(OwnImage, OfAnotherNameIsRefusedWithTheNamesThereAre) {
  const auto refused =
      prepare(experimentOf(R"("tokens": {"grid": [2, 2], "image": "headlight:moon.png"})"), "");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text(), AllOf(HasSubstr("tokens.image"), HasSubstr("headlight:garden.png")));
}

}  // namespace
}  // namespace headlight
