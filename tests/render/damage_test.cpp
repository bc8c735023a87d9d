#include "app/window/damage.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace headlight::test {
namespace {

constexpr int kWidth = 640;
constexpr int kHeight = 400;
constexpr ImU32 kGrey = IM_COL32(90, 90, 90, 255);
constexpr ImU32 kRed = IM_COL32(200, 30, 30, 255);

/// Frames of one list, drawn by hand.
class DamageTest : public testing::Test {
 protected:
  DamageTest() {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {kWidth, kHeight};
    unsigned char* pixels = nullptr;
    int width = 0;
    int height = 0;
    io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
    io.Fonts->SetTexID(glyphs_);
    ImGui::NewFrame();
    ImGui::EndFrame();
    sources_.ground = IM_COL32(10, 10, 10, 255);
    sources_.glyphs = glyphs_;
    sources_.content = [this](ImTextureID, float, float) { return content_; };
    list_ = std::make_unique<ImDrawList>(ImGui::GetDrawListSharedData());
    begin();
  }
  ~DamageTest() override {
    list_.reset();
    ImGui::DestroyContext();
  }

  ImDrawList& list() { return *list_; }

  /// An empty frame.
  void begin() {
    list_->_ResetForNewFrame();
    list_->PushClipRect({0, 0}, {kWidth, kHeight});
    list_->PushTextureID(glyphs_);
  }

  const ImDrawData& data() {
    data_.Valid = true;
    data_.CmdListsCount = 1;
    data_.CmdLists = &drawn_;
    drawn_ = list_.get();
    data_.DisplaySize = {kWidth, kHeight};
    data_.FramebufferScale = {1, 1};
    return data_;
  }

  std::vector<PixelBox> next() { return damage_.next(data(), kWidth, kHeight, sources_); }

  /// Ends the frame and begins the next.
  std::vector<PixelBox> show() {
    std::vector<PixelBox> boxes = next();
    begin();
    return boxes;
  }

  ImTextureID glyphs_ = reinterpret_cast<ImTextureID>(1);
  ImTextureID map_ = reinterpret_cast<ImTextureID>(2);
  std::uint64_t content_ = 1;
  FrameSources sources_;
  Damage damage_;

 private:
  std::unique_ptr<ImDrawList> list_;
  ImDrawList* drawn_ = nullptr;
  ImDrawData data_;
};

bool covered(const std::vector<PixelBox>& boxes, const PixelBox& box) {
  return std::any_of(boxes.begin(), boxes.end(), [&](const PixelBox& one) {
    return one.x0 <= box.x0 && one.y0 <= box.y0 && one.x1 >= box.x1 && one.y1 >= box.y1;
  });
}

const std::vector<PixelBox> kAll{{0, 0, kWidth, kHeight}};

TEST_F(DamageTest, TheFirstFrameIsDrawnWhole) {
  list().AddRectFilled({40, 40}, {60, 60}, kRed);
  EXPECT_EQ(show(), kAll);
}

TEST_F(DamageTest, AnEqualFrameIsNotDrawn) {
  for (int frame = 0; frame < 3; ++frame) {
    list().AddRectFilled({40, 40}, {60, 60}, kRed);
    list().AddText({100, 100}, kGrey, "weights");
    EXPECT_EQ(show().empty(), frame > 0);
  }
}

TEST_F(DamageTest, OnlyWhatChangedIsDrawn) {
  list().AddRectFilled({40, 40}, {60, 60}, kRed);
  list().AddRectFilled({400, 300}, {420, 320}, kRed);
  show();
  list().AddRectFilled({40, 40}, {60, 60}, kRed);
  list().AddRectFilled({400, 300}, {420, 320}, kGrey);
  const std::vector<PixelBox> boxes = show();
  ASSERT_EQ(boxes.size(), 1u);
  EXPECT_TRUE(covered(boxes, {400, 300, 420, 320}));
  EXPECT_LE(boxes.front().area(), 4 * Damage::kSide * Damage::kSide);
}

TEST_F(DamageTest, WhatWentAwayIsDrawnOver) {
  list().AddText({200, 200}, kGrey, "query 3");
  show();
  const std::vector<PixelBox> boxes = show();
  ASSERT_EQ(boxes.size(), 1u);
  EXPECT_TRUE(covered(boxes, {200, 200, 224, 213}));
}

TEST_F(DamageTest, AnotherOrderIsAnotherPicture) {
  for (const bool redFirst : {true, false}) {
    list().AddRectFilled({40, 40}, {60.5f, 60}, redFirst ? kRed : kGrey);
    list().AddRectFilled({50, 40}, {70.5f, 60}, redFirst ? kGrey : kRed);
    EXPECT_FALSE(show().empty());
  }
}

TEST_F(DamageTest, TheSameUnderAnotherClipIsDrawn) {
  for (const float right : {60.0f, 50.0f}) {
    list().PushClipRect({0, 0}, {right, kHeight});
    list().AddRectFilled({40, 40}, {60, 60}, kRed);
    EXPECT_FALSE(show().empty());
  }
}

TEST_F(DamageTest, AMapThatWasDrawnAgainIsShown) {
  const auto map = [&] {
    list().AddImage(map_, {128, 128}, {192, 192});
    list().AddRectFilled({400, 300}, {420, 320}, kRed);
  };
  map();
  show();
  map();
  EXPECT_TRUE(show().empty());
  ++content_;
  map();
  const std::vector<PixelBox> boxes = show();
  ASSERT_EQ(boxes.size(), 1u);
  EXPECT_TRUE(covered(boxes, {128, 128, 192, 192}));
  EXPECT_FALSE(boxes.front().meets({400, 300, 420, 320}));
}

TEST_F(DamageTest, GroundFacesAndSizeConcernAll) {
  show();
  sources_.ground = IM_COL32(250, 250, 250, 255);
  EXPECT_EQ(show(), kAll);
  ++sources_.faces;
  EXPECT_EQ(show(), kAll);
  EXPECT_TRUE(show().empty());
  const std::vector<PixelBox> boxes = damage_.next(data(), kWidth, kHeight - 1, sources_);
  ASSERT_EQ(boxes.size(), 1u);
  EXPECT_EQ(boxes.front(), (PixelBox{0, 0, kWidth, kHeight - 1}));
}

TEST_F(DamageTest, WhatLiesUnderAPanelIsNeitherComparedNorDrawn) {
  for (const ImU32 colour : {kRed, kGrey}) {
    list().AddRectFilled({100, 100}, {120, 120}, colour);
    list().AddRectFilled({64, 64}, {320, 320}, IM_COL32(20, 30, 40, 255));
    list().AddText({200, 200}, kGrey, "seen");
    const bool first = colour == kRed;
    const std::vector<PixelBox> boxes = next();
    EXPECT_EQ(boxes.empty(), !first);
    if (first) {
      ImDrawList part(ImGui::GetDrawListSharedData());
      const std::vector<PlainBox> filled = damage_.fill(part, data(), boxes);
      // The ground around it, the panel; the text alone is left to be drawn.
      ASSERT_EQ(filled.size(), 2u);
      EXPECT_EQ(filled[0].colour, sources_.ground);
      EXPECT_EQ(filled[1].colour, IM_COL32(20, 30, 40, 255));
      EXPECT_EQ(filled[1].box, (PixelBox{64, 64, 320, 320}));
      EXPECT_EQ(part.IdxBuffer.Size, 4 * 6);
    }
    begin();
  }
}

/// A panel is filled before all else only where nothing that is drawn reaches under it.
TEST_F(DamageTest, APanelOverTheEndOfATextIsDrawnAfterIt) {
  const ImU32 panel = IM_COL32(20, 30, 40, 255);
  list().AddText({53, 40}, kGrey, "mmmm");
  list().AddRectFilled({64, 32}, {320, 320}, panel);
  ImDrawList part(ImGui::GetDrawListSharedData());
  const std::vector<PixelBox> boxes = next();
  for (const PlainBox& plain : damage_.fill(part, data(), boxes)) EXPECT_NE(plain.colour, panel);
  ASSERT_GT(part.VtxBuffer.Size, 4);
  EXPECT_NE(part.VtxBuffer.front().col, panel);
  EXPECT_EQ(part.VtxBuffer.back().col, panel);
}

TEST_F(DamageTest, AHalfTransparentVeilHidesNothing) {
  for (const ImU32 colour : {kRed, kGrey}) {
    list().AddRectFilled({100, 100}, {120, 120}, colour);
    list().AddRectFilled({64, 64}, {320, 320}, IM_COL32(20, 30, 40, 200));
    EXPECT_FALSE(show().empty());
  }
}

/// Rectangles, lines and letters at random places: what is left out of a frame is equal in both.
TEST_F(DamageTest, BoxesNeverMeetAndHoldAllThatMoved) {
  std::mt19937 random(7);
  const auto upTo = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
  struct Thing {
    int x, y, width, height;
    ImU32 colour;
  };
  std::vector<Thing> things;
  const auto thing = [&] {
    return Thing{upTo(kWidth), upTo(kHeight), 1 + upTo(90), 1 + upTo(60), IM_COL32(upTo(255), 80, 80, 255)};
  };
  for (int i = 0; i < 120; ++i) things.push_back(thing());
  const auto draw = [&] {
    for (const Thing& one : things) {
      const auto x = static_cast<float>(one.x);
      const auto y = static_cast<float>(one.y);
      list().AddRect({x, y}, {x + static_cast<float>(one.width), y + static_cast<float>(one.height)},
                     one.colour);
    }
  };
  draw();
  show();
  for (int round = 0; round < 200; ++round) {
    std::vector<PixelBox> moved;
    const int changes = 1 + upTo(12);
    const int from = upTo(static_cast<int>(things.size()) - changes);
    for (int i = from; i < from + changes; ++i) {
      Thing& one = things[static_cast<std::size_t>(i)];
      const auto edge = [&](const Thing& of) {
        // The upper side, as far as it lies in the picture.
        const PixelBox line = PixelBox{of.x, of.y, of.x + of.width, of.y + 1}.clippedTo(kAll.front());
        if (!line.empty()) moved.push_back(line);
      };
      edge(one);
      one = thing();
      edge(one);
    }
    draw();
    const std::vector<PixelBox> boxes = show();
    for (std::size_t a = 0; a < boxes.size(); ++a) {
      EXPECT_FALSE(boxes[a].empty());
      for (std::size_t b = a + 1; b < boxes.size(); ++b) EXPECT_FALSE(boxes[a].meets(boxes[b]));
    }
    for (const PixelBox& line : moved) {
      for (int x = line.x0; x < line.x1; ++x) {
        EXPECT_TRUE(covered(boxes, {x, line.y0, x + 1, line.y1})) << x << ", " << line.y0;
      }
    }
  }
}

}  // namespace
}  // namespace headlight::test
