// What the scene of the patches says of its picture is so.
#include <array>

#include "core/experiment/image_patches.h"
#include "tests/lesson/lessons.h"

namespace headlight::test {
namespace {

std::array<double, 3> meanColour(const Pixels& pixels, std::int64_t row, std::int64_t column) {
  std::array<double, 3> sums{};
  for (std::int64_t y = 0; y < 16; ++y) {
    for (std::int64_t x = 0; x < 16; ++x) {
      for (std::size_t c = 0; c < 3; ++c)
        sums[c] +=
            static_cast<double>(pixels.at(row * 16 + y, column * 16 + x, static_cast<std::int64_t>(c)));
    }
  }
  for (double& sum : sums) sum /= 256;
  return sums;
}

double light(const std::array<double, 3>& colour) {
  return colour[0] + colour[1] + colour[2];
}

TEST(ImageScene, SaysWhatThePictureIs) {
  const Lesson scene = lessonOf("image-patches");
  EXPECT_EQ(scene.start.tokens.grid, (std::array<std::int64_t, 2>{9, 12}));
  const auto image = imageOf(scene.start.tokens, "", "tokens");
  ASSERT_TRUE(image && *image);
  const auto pixels = pixelsOf(**image);
  ASSERT_TRUE(pixels) << pixels.error().text();
  EXPECT_EQ(pixels->width, 192);
  EXPECT_EQ(pixels->height, 144);
  const auto isGreen = [&](std::int64_t row, std::int64_t column) {
    const auto colour = meanColour(*pixels, row, column);
    return colour[1] > colour[0] && colour[1] > colour[2];
  };
  const auto isBlue = [&](std::int64_t row, std::int64_t column) {
    const auto colour = meanColour(*pixels, row, column);
    return colour[2] > colour[0] && colour[2] > colour[1];
  };
  for (const auto& [row, column] : {std::pair{3, 2}, {2, 2}, {3, 3}, {7, 10}})
    EXPECT_TRUE(isGreen(row, column)) << row << "," << column;
  for (const auto& [row, column] : {std::pair{0, 2}, {0, 8}, {3, 4}})
    EXPECT_TRUE(isBlue(row, column)) << row << "," << column;
  for (const auto& [row, column] : {std::pair{3, 2}, {2, 2}, {3, 1}, {4, 2}})
    EXPECT_LT(light(meanColour(*pixels, 3, 3)), light(meanColour(*pixels, row, column)));
}

TEST(ImageScene, IsUntrainedAtEveryStep) {
  const Lesson scene = lessonOf("image-patches");
  const auto starts = stepStarts(scene);
  ASSERT_TRUE(starts);
  for (const Experiment& start : *starts) {
    const auto prepared = prepare(start, "");
    ASSERT_TRUE(prepared) << prepared.error().text();
    EXPECT_THAT(prepared->origin.chip, testing::StartsWith("pixels, untrained"));
    EXPECT_EQ(prepared->queryTokens.size(), 108u);
  }
  EXPECT_EQ(starts->back().source.kind, "random");
}

// The dark patch gets most because its row of X is longest among those like it.
TEST(ImageScene, LengthDecidesAmongPatchesThatAreAlike) {
  const Lesson scene = lessonOf("image-patches");
  Bench bench = scene.bench(".", pool());
  const auto number = [&](const char* name) {
    const auto found = bench.number(name);
    EXPECT_TRUE(found) << name;
    return found ? *found : -1;
  };
  EXPECT_GT(number("length_dark"), number("length_crown"));
  EXPECT_GT(number("dark"), number("crown"));
  EXPECT_GT(number("crown"), number("meadow"));
  EXPECT_GT(number("meadow"), 10 * number("sky"));
  EXPECT_GT(number("sky_sky"), 5 * number("sky_crown"));
  EXPECT_NEAR(number("sum"), 1, 1e-6);
}

}  // namespace
}  // namespace headlight::test
