#include "app/render/null_renderer.h"

#include <gmock/gmock.h>

namespace headlight {
namespace {

TEST(NullRenderer, RemembersTheMapsOfTheLastFrame) {
  NullRenderer renderer;
  MapImage image;
  image.rows = image.cols = 300;
  image.geometry.width = image.geometry.height = 300;
  std::vector<std::pair<std::int64_t, std::int64_t>> asked;
  image.tile = [&](std::int64_t r, std::int64_t c) {
    asked.emplace_back(r, c);
    return std::make_shared<const Tile>();
  };
  renderer.beginFrame();
  renderer.map(7, image);
  EXPECT_TRUE(renderer.maps().empty());
  renderer.endFrame();
  EXPECT_THAT(renderer.maps(), testing::ElementsAre(testing::Key(7)));
  EXPECT_THAT(asked, testing::ElementsAre(testing::Pair(0, 0), testing::Pair(0, 1), testing::Pair(1, 0),
                                          testing::Pair(1, 1)));
  EXPECT_TRUE(renderer.complete());

  renderer.beginFrame();
  image.tile = [](std::int64_t, std::int64_t) { return std::shared_ptr<const Tile>(); };
  renderer.map(8, image);
  renderer.endFrame();
  EXPECT_THAT(renderer.maps(), testing::ElementsAre(testing::Key(8)));
  EXPECT_FALSE(renderer.complete());
}

TEST(NullRenderer, KeepsThePicturesItMade) {
  NullRenderer renderer;
  int made = 0;
  const auto make = [&] {
    ++made;
    return std::make_shared<const Picture>();
  };
  renderer.picture(1, [] { return std::shared_ptr<const Picture>(); });
  renderer.picture(1, make);
  renderer.picture(1, make);
  EXPECT_EQ(made, 1);
  EXPECT_THAT(renderer.pictures(), testing::ElementsAre(testing::Key(1)));
}

}  // namespace
}  // namespace headlight
