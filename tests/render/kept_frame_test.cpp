#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <imgui.h>

#include "app/widgets/imgui_compat.h"
#include "tests/render/frame_stage.h"

namespace headlight::test {
namespace {

class KeptFrameTest : public RenderTest {
 protected:
  /// Draws a frame and compares all of it with one that keeps nothing.
  static void expectAsAfresh(FrameStage& stage, const std::string& after) {
    stage.draw();
    EXPECT_EQ(difference(stage.whole(), stage.afresh()), "") << "after " << after;
  }
};

TEST_F(KeptFrameTest, StandsStillWithoutDrawing) {
  FrameStage stage(1280, 720);
  ASSERT_EQ(stage.error(), "");
  ASSERT_TRUE(stage.drawUntilSettled());
  stage.draw();
  EXPECT_EQ(stage.painted(), 0);
  ImGui::GetIO().MousePos = {400, 400};
  stage.draw();
  EXPECT_LT(stage.painted(), 0.6);
}

/// What is drawn over the frame before is the frame, to the last pixel: edits, pages, popups, the pointer
/// over everything, other faces, wheel and keys, with results that come home in between.
TEST_F(KeptFrameTest, IsWhatIsDrawnAfreshOnAnyWay) {
  FrameStage stage(1280, 720);
  ASSERT_EQ(stage.error(), "");
  ASSERT_TRUE(stage.drawUntilSettled());
  Session& session = stage.session();
  std::mt19937 random(11);
  const auto upTo = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
  const std::vector<std::string> commands{
      "view.describe", "view.fit",      "view.inspector", "view.larger",     "view.next",  "view.present",
      "view.rail",     "view.received", "view.smaller",   "view.strip",      "view.theme", "palette",
      "help.keys",     "edit.undo",     "edit.redo",      "view.orientation"};
  ImGuiIO& io = ImGui::GetIO();
  int parts = 0;
  for (int step = 0; step < 150 && !HasFailure(); ++step) {
    std::string what;
    switch (upTo(8)) {
      case 0:
        what = commands[static_cast<std::size_t>(upTo(static_cast<int>(commands.size())))];
        stage.frame().run(what);
        break;
      case 1:
        what = "another d_k";
        session.change("shape.d_k", Value(std::int64_t{2 + upTo(14)}), Phase::live);
        break;
      case 2:
        what = "a mask";
        session.change("mask", Value(upTo(2) == 0 ? "causal" : "none"), Phase::done);
        break;
      case 3:
        what = "a pinned cell";
        session.pin(upTo(3) == 0 ? std::nullopt : std::optional(Cell{upTo(8), upTo(8)}));
        break;
      case 4: {
        what = "another stage";
        const std::vector<Stage> stages = session.stagesShown();
        session.selectStage(stages[static_cast<std::size_t>(upTo(static_cast<int>(stages.size())))]);
        break;
      }
      case 5:
        what = "the wheel";
        io.MouseWheel = static_cast<float>(upTo(5) - 2);
        break;
      default:
        what = "the pointer";
        io.MousePos = {static_cast<float>(upTo(1280)), static_cast<float>(upTo(720))};
        io.MouseDown[0] = upTo(4) == 0;
        break;
    }
    for (int frame = 0; frame < 3; ++frame) {
      expectAsAfresh(stage, "step " + std::to_string(step) + ", " + what);
      if (stage.painted() > 0 && stage.painted() < 0.7) ++parts;
    }
    if (upTo(4) == 0) {
      session.settle();
      expectAsAfresh(stage, "step " + std::to_string(step) + ", with its results");
    }
  }
  EXPECT_GE(parts, 50) << "parts were hardly ever drawn";
}

/// The same of drawings that no panel makes: opaque and half transparent rectangles, on whole pixels and
/// between them, lines, letters, clips in clips, of which a few move in each frame.
TEST_F(KeptFrameTest, IsWhatIsDrawnAfreshOfAnyDrawing) {
  constexpr int kWidth = 500;
  constexpr int kHeight = 330;
  FrameStage stage(kWidth, kHeight);
  ASSERT_EQ(stage.error(), "");
  stage.draw();
  std::mt19937 random(3);
  const auto upTo = [&](int most) { return static_cast<float>(random() % static_cast<unsigned>(most)); };
  struct Thing {
    int kind;
    ImVec2 from, to;
    ImU32 colour;
    ImVec4 clip;
  };
  const auto thing = [&] {
    Thing one;
    one.kind = static_cast<int>(upTo(4));
    const float part = upTo(2) == 0 ? 0.0f : upTo(8) / 8;
    one.from = {upTo(kWidth) + part, upTo(kHeight) + part};
    one.to = {one.from.x + upTo(260), one.from.y + upTo(190)};
    one.colour = IM_COL32(upTo(255), upTo(255), upTo(255), upTo(3) == 0 ? 120 : 255);
    const ImVec2 corner{upTo(kWidth / 2) + part, upTo(kHeight / 2) + part};
    one.clip = upTo(3) > 0 ? ImVec4{0, 0, kWidth, kHeight}
                           : ImVec4{corner.x, corner.y, corner.x + upTo(300), corner.y + upTo(300)};
    return one;
  };
  std::vector<Thing> things;
  for (int n = 0; n < 30; ++n) things.push_back(thing());
  FrameSources sources;
  sources.ground = IM_COL32(30, 40, 50, 255);
  sources.glyphs = ImGui::GetIO().Fonts->TexID;
  Offscreen kept(kWidth, kHeight);
  int parts = 0;
  for (int round = 0; round < 120; ++round) {
    for (float changes = upTo(4); changes > 0; --changes) {
      things[static_cast<std::size_t>(upTo(static_cast<int>(things.size())))] = thing();
    }
    ImDrawList list(ImGui::GetDrawListSharedData());
    list._ResetForNewFrame();
    list.PushTextureID(sources.glyphs);
    for (const Thing& one : things) {
      list.PushClipRect({one.clip.x, one.clip.y}, {one.clip.z, one.clip.w});
      if (one.kind == 0) list.AddLine(one.from, one.to, one.colour, 3);
      if (one.kind == 1) list.AddText(one.from, one.colour, "softmax(QK) over all that is seen");
      if (one.kind >= 2) list.AddRectFilled(one.from, one.to, one.colour);
      list.PopClipRect();
    }
    ImDrawData data = *ImGui::GetDrawData();
    ImDrawList* only = &list;
    compat::drawOnly(data, only);
    kept.paint(data, sources);
    if (kept.painted() > 0 && kept.painted() < 0.7) ++parts;
    const Offscreen plain(kWidth, kHeight);
    FrameStage::drawWhole(plain, data, sources.ground);
    ASSERT_EQ(difference(kept.read(), plain.read()), "") << "round " << round;
  }
  EXPECT_GE(parts, 30) << "parts were hardly ever drawn";
}

}  // namespace
}  // namespace headlight::test
