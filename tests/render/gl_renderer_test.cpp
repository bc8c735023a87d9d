#include "app/render/gl_renderer.h"

#include <gmock/gmock.h>

#include "tests/render/egl_context.h"
#include "tests/render/random_maps.h"

namespace headlight::test {
namespace {

class GlRendererTest : public RenderTest {
 protected:
  void SetUp() override {
    RenderTest::SetUp();
    std::string error;
    renderer_ = GlRenderer::make(&error);
    ASSERT_NE(renderer_, nullptr) << error;
    renderer_->beginFrame();
  }
  void TearDown() override {
    renderer_.reset();
    RenderTest::TearDown();
  }
  Picture shown(std::uint64_t slot, const MapImage& image) {
    const MapTexture map = renderer_->map(slot, image);
    renderer_->endFrame();
    return readMap(map, image.geometry.width, image.geometry.height);
  }
  void nextFrame() {
    renderer_->endFrame();
    renderer_->beginFrame();
  }

  std::unique_ptr<GlRenderer> renderer_;
};

MapImage smallMap(std::shared_ptr<const Tile>* tile) {
  std::mt19937 random(5);
  MapImage image;
  image.fieldKey = 1;
  image.look = makeLook({}, *colormap("viridis"), Theme::dark);
  *tile = randomTile(random, image.look, 0, 10, 12);
  image.rows = 10;
  image.cols = 12;
  image.geometry.texelPx = 16;
  image.geometry.width = 192;
  image.geometry.height = 160;
  image.tile = [tile](std::int64_t, std::int64_t) { return *tile; };
  return image;
}

TEST_F(GlRendererTest, EveryPixelIsThatOfTheProcessor) {
  for (std::uint32_t seed = 0; seed < 600; ++seed) {
    const std::unique_ptr<RandomMap> map = randomMap(seed);
    const MapGeometry& g = map->image.geometry;
    ASSERT_EQ(difference(shown(seed % 7, map->image), expectedPicture(map->image)), "")
        << "seed " << seed << ": " << map->image.rows << " × " << map->image.cols << " cells, level "
        << g.level << ", " << g.texelPx << " px a texel, from (" << g.left << ", " << g.top
        << "), transposed " << g.transposed << ", mean " << map->image.look.mean << ", scale "
        << map->image.look.scale;
    nextFrame();
  }
  EXPECT_GT(renderer_->tilesDrawn(CellsKind::any), 200U);
  EXPECT_GT(renderer_->tilesDrawn(CellsKind::masked), 50U);
  EXPECT_GT(renderer_->tilesDrawn(CellsKind::plain), 50U);
}

TEST_F(GlRendererTest, FarCornerOfALargeMapIsThatOfTheProcessor) {
  std::mt19937 random(11);
  MapImage image;
  image.rows = image.cols = std::int64_t{1} << 20;
  image.look = makeLook({}, *colormap("viridis"), Theme::light);
  image.geometry.texelPx = 4000;
  image.geometry.width = 300;
  image.geometry.height = 200;
  image.geometry.left = image.cols * 4000 - 250;
  image.geometry.top = image.rows * 4000 - 150;
  std::shared_ptr<const Tile> tile = randomTile(random, image.look, 0, 256, 256);
  image.tile = [&](std::int64_t r, std::int64_t c) {
    EXPECT_EQ(r, 4095);
    EXPECT_EQ(c, 4095);
    return tile;
  };
  EXPECT_EQ(difference(shown(1, image), expectedPicture(image)), "");
}

TEST_F(GlRendererTest, SlotIsDrawnAgainOnlyWhenItsContentChanged) {
  std::shared_ptr<const Tile> tile;
  MapImage image = smallMap(&tile);
  shown(1, image);
  EXPECT_EQ(renderer_->redraws(), 1U);
  nextFrame();
  shown(1, image);
  EXPECT_EQ(renderer_->redraws(), 1U);
  EXPECT_EQ(renderer_->tiles().uploads(), 1U);

  image.geometry.left = 5;
  EXPECT_EQ(difference(shown(1, image), expectedPicture(image)), "");
  EXPECT_EQ(renderer_->redraws(), 2U);
  image.look = makeLook({}, *colormap("magma"), Theme::light);
  EXPECT_EQ(difference(shown(1, image), expectedPicture(image)), "");
  EXPECT_EQ(renderer_->redraws(), 3U);
  EXPECT_EQ(renderer_->tiles().uploads(), 1U);

  shown(2, image);
  EXPECT_EQ(renderer_->redraws(), 4U);
  EXPECT_EQ(renderer_->tiles().uploads(), 1U) << "two slots share the tile on the graphics card";
}

TEST_F(GlRendererTest, NewTileIsShownAndTheOldOneLeavesTheCard) {
  std::shared_ptr<const Tile> tile;
  const MapImage image = smallMap(&tile);
  shown(1, image);
  for (std::uint32_t step = 0; step < 20; ++step) {
    nextFrame();
    std::mt19937 random(step);
    tile = randomTile(random, image.look, 0, 10, 12);
    ASSERT_EQ(difference(shown(1, image), expectedPicture(image)), "") << "step " << step;
  }
  nextFrame();
  EXPECT_EQ(renderer_->tiles().count(), 1U);
  EXPECT_EQ(renderer_->tiles().bytes(), 10U * 12U * 5U);
}

TEST_F(GlRendererTest, TileThatArrivesLaterCompletesThePicture) {
  std::shared_ptr<const Tile> tile;
  const MapImage image = smallMap(&tile);
  const std::shared_ptr<const Tile> ready = std::exchange(tile, nullptr);
  EXPECT_EQ(difference(shown(1, image), expectedPicture(image)), "");
  EXPECT_FALSE(renderer_->complete());
  nextFrame();
  tile = ready;
  EXPECT_EQ(difference(shown(1, image), expectedPicture(image)), "");
  EXPECT_TRUE(renderer_->complete());
}

TEST_F(GlRendererTest, MeanIsUploadedOnlyWhenItIsShown) {
  std::shared_ptr<const Tile> tile;
  MapImage image = smallMap(&tile);
  std::mt19937 random(3);
  tile = randomTile(random, image.look, 2, 10, 12);
  image.rows = 40;
  image.cols = 48;
  image.geometry.level = 2;
  EXPECT_EQ(difference(shown(1, image), expectedPicture(image)), "");
  EXPECT_EQ(renderer_->tiles().bytes(), 10U * 12U * 5U);
  image.look.mean = true;
  EXPECT_EQ(difference(shown(1, image), expectedPicture(image)), "");
  EXPECT_EQ(renderer_->tiles().bytes(), 10U * 12U * 9U);
}

TEST_F(GlRendererTest, BytesOnTheCardAreBounded) {
  const std::size_t limit = 12 * 600;
  renderer_->setTileLimit(limit);
  std::shared_ptr<const Tile> tile;
  const MapImage image = smallMap(&tile);
  std::vector<std::shared_ptr<const Tile>> held;
  for (std::uint32_t step = 0; step < 50; ++step) {
    std::mt19937 random(step);
    held.push_back(randomTile(random, image.look, 0, 10, 12));
    tile = held.back();
    ASSERT_EQ(difference(shown(step, image), expectedPicture(image)), "");
    nextFrame();
    ASSERT_LE(renderer_->tiles().bytes(), limit);
  }
  EXPECT_EQ(renderer_->tiles().count(), 12U);
  // The longest unused went; the newest stay, and a dropped one comes back.
  const std::uint64_t before = renderer_->tiles().uploads();
  tile = held[49];
  shown(100, image);
  EXPECT_EQ(renderer_->tiles().uploads(), before);
  tile = held[0];
  EXPECT_EQ(difference(shown(101, image), expectedPicture(image)), "");
  EXPECT_EQ(renderer_->tiles().uploads(), before + 1);
}

TEST_F(GlRendererTest, SlotsThatAreNotShownAnyMoreAreForgotten) {
  std::shared_ptr<const Tile> tile;
  const MapImage image = smallMap(&tile);
  for (std::uint64_t slot = 0; slot < 10; ++slot) shown(slot, image);
  for (int frame = 0; frame < 200; ++frame) {
    nextFrame();
    renderer_->map(3, image);
  }
  EXPECT_EQ(renderer_->slotCount(), 1U);
}

TEST_F(GlRendererTest, MapsOfOneFrameShareASheet) {
  std::vector<std::unique_ptr<RandomMap>> maps;
  std::vector<MapTexture> drawn;
  for (std::uint32_t seed = 500; maps.size() < 24; ++seed) {
    maps.push_back(randomMap(seed));
    const MapGeometry& g = maps.back()->image.geometry;
    if (g.width > GlRenderer::kSheetSide / 2 || g.height > GlRenderer::kSheetSide / 2) {
      maps.pop_back();
      continue;
    }
    drawn.push_back(renderer_->map(maps.size(), maps.back()->image));
  }
  // A frame that is begun again leaves what is due to its end; what changed in between is drawn as it is now.
  renderer_->beginFrame();
  std::swap(maps[3], maps[4]);
  for (std::size_t n = 3; n <= 4; ++n) drawn[n] = renderer_->map(n + 1, maps[n]->image);
  renderer_->endFrame();
  for (std::size_t n = 0; n < maps.size(); ++n) {
    const MapGeometry& g = maps[n]->image.geometry;
    EXPECT_EQ(drawn[n].id, drawn[0].id);
    EXPECT_EQ(difference(readMap(drawn[n], g.width, g.height), expectedPicture(maps[n]->image)), "") << n;
  }
}

TEST_F(GlRendererTest, LargeMapsHaveATextureOfTheirOwn) {
  std::shared_ptr<const Tile> tile;
  MapImage image = smallMap(&tile);
  const MapTexture small = renderer_->map(1, image);
  image.geometry.width = GlRenderer::kSheetSide / 2 + 8;
  const MapTexture large = renderer_->map(2, image);
  renderer_->endFrame();
  EXPECT_NE(large.id, small.id);
  EXPECT_EQ(large.u1, 1);
  EXPECT_EQ(difference(readMap(large, image.geometry.width, image.geometry.height), expectedPicture(image)),
            "");
}

TEST_F(GlRendererTest, EmptyMapsAndPicturesAreNoTexture) {
  std::shared_ptr<const Tile> tile;
  MapImage image = smallMap(&tile);
  image.geometry.width = 0;
  EXPECT_FALSE(renderer_->map(1, image));
  image.geometry.width = 1 << 20;
  EXPECT_FALSE(renderer_->map(1, image)) << "wider than any texture";
  image.geometry.width = 40;
  image.rows = 0;
  EXPECT_EQ(difference(shown(2, image), expectedPicture(image)), "");
}

TEST_F(GlRendererTest, TileWhoseArraysAreTooShortIsNotComputed) {
  std::shared_ptr<const Tile> tile;
  const MapImage image = smallMap(&tile);
  auto broken = std::make_shared<Tile>(*tile);
  broken->extreme.resize(7);
  tile = broken;
  const Picture found = shown(1, image);
  tile = nullptr;
  EXPECT_EQ(difference(found, expectedPicture(image)), "");
}

TEST_F(GlRendererTest, StateOfWhoeverDrawsAroundItIsUndisturbed) {
  GLuint texture = 0;
  GLuint sampler = 0;
  GLuint framebuffer = 0;
  glGenTextures(1, &texture);
  glGenSamplers(1, &sampler);
  glGenFramebuffers(1, &framebuffer);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
  glActiveTexture(GL_TEXTURE2);
  glBindTexture(GL_TEXTURE_2D, texture);
  glBindSampler(2, sampler);
  glEnable(GL_BLEND);
  glEnable(GL_SCISSOR_TEST);
  glScissor(1, 2, 3, 4);
  glViewport(5, 6, 7, 8);
  glClearColor(0.25F, 0.5F, 0.75F, 1.0F);
  glColorMask(GL_TRUE, GL_FALSE, GL_TRUE, GL_FALSE);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 8);
  glPixelStorei(GL_UNPACK_ROW_LENGTH, 77);

  std::shared_ptr<const Tile> tile;
  const MapImage image = smallMap(&tile);
  const MapTexture drawn = renderer_->map(1, image);
  renderer_->endFrame();
  renderer_->picture(1, [] {
    return std::make_shared<Picture>(Picture{3, 1, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}});
  });

  const auto integer = [](GLenum what) {
    GLint value = 0;
    glGetIntegerv(what, &value);
    return value;
  };
  EXPECT_EQ(integer(GL_DRAW_FRAMEBUFFER_BINDING), static_cast<GLint>(framebuffer));
  EXPECT_EQ(integer(GL_READ_FRAMEBUFFER_BINDING), static_cast<GLint>(framebuffer));
  EXPECT_EQ(integer(GL_ACTIVE_TEXTURE), GL_TEXTURE2);
  EXPECT_EQ(integer(GL_TEXTURE_BINDING_2D), static_cast<GLint>(texture));
  EXPECT_EQ(integer(GL_SAMPLER_BINDING), static_cast<GLint>(sampler));
  EXPECT_EQ(integer(GL_CURRENT_PROGRAM), 0);
  EXPECT_EQ(integer(GL_VERTEX_ARRAY_BINDING), 0);
  EXPECT_EQ(integer(GL_UNPACK_ALIGNMENT), 8);
  EXPECT_EQ(integer(GL_UNPACK_ROW_LENGTH), 77);
  EXPECT_TRUE(glIsEnabled(GL_BLEND));
  EXPECT_TRUE(glIsEnabled(GL_SCISSOR_TEST));
  EXPECT_FALSE(glIsEnabled(GL_DEPTH_TEST));
  GLint box[4];
  glGetIntegerv(GL_SCISSOR_BOX, box);
  EXPECT_THAT(box, testing::ElementsAre(1, 2, 3, 4));
  glGetIntegerv(GL_VIEWPORT, box);
  EXPECT_THAT(box, testing::ElementsAre(5, 6, 7, 8));
  GLboolean mask[4];
  glGetBooleanv(GL_COLOR_WRITEMASK, mask);
  EXPECT_THAT(mask, testing::ElementsAre(GL_TRUE, GL_FALSE, GL_TRUE, GL_FALSE));
  EXPECT_EQ(difference(readMap(drawn, 192, 160), expectedPicture(image)), "")
      << "the state around it must not enter the map either";

  glBindSampler(2, 0);
  glDeleteTextures(1, &texture);
  glDeleteSamplers(1, &sampler);
  glDeleteFramebuffers(1, &framebuffer);
}

TEST_F(GlRendererTest, PictureIsUploadedOncePerKey) {
  int made = 0;
  const Picture label{2, 2, {255, 0, 0, 255, 0, 255, 0, 128, 0, 0, 255, 0, 9, 8, 7, 6}};
  const auto make = [&] {
    ++made;
    return std::make_shared<const Picture>(label);
  };
  EXPECT_EQ(renderer_->picture(9, [] { return std::shared_ptr<const Picture>(); }), nullptr)
      << "not ready yet";
  const TextureId first = renderer_->picture(9, make);
  EXPECT_EQ(renderer_->picture(9, make), first);
  EXPECT_EQ(made, 1);
  EXPECT_EQ(difference(readTexture(first, 2, 2), label), "");
}

}  // namespace
}  // namespace headlight::test
