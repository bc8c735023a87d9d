#include "app/window/window.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/render/png_file.h"
#include "tests/render/virtual_display.h"
#include "tests/temporary_folder.h"

namespace headlight::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class WindowTest : public testing::Test {
 protected:
  void SetUp() override {
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    setenv("LIBGL_ALWAYS_SOFTWARE", "1", 1);
    // The user's own folders are none of a test's business.
    for (const char* variable : {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"}) {
      setenv(variable, folder_.path().c_str(), 1);
    }
  }
  void TearDown() override { unsetenv("MESA_GL_VERSION_OVERRIDE"); }
  /// The exit code and what was said on stderr.
  static std::pair<int, std::string> run(const WindowRequest& request) {
    testing::internal::CaptureStderr();
    const int code = runWindow(request);
    return {code, testing::internal::GetCapturedStderr()};
  }

  TemporaryFolder folder_;
};

const auto kNamesWhatWorks =
    AllOf(HasSubstr("compute"), HasSubstr("export"), HasSubstr("describe"), HasSubstr("check"),
          HasSubstr("info"), HasSubstr("new"), HasSubstr("doctor"));

TEST_F(WindowTest, WithoutADisplayItSaysSoInOneSentence) {
  const auto [code, words] = run({});
  EXPECT_EQ(code, 1);
  EXPECT_THAT(words,
              StartsWith("headlight: the window needs a display (X11: The DISPLAY environment variable"));
  EXPECT_THAT(words, kNamesWhatWorks);
  EXPECT_EQ(std::count(words.begin(), words.end(), '\n'), 1);
  EXPECT_THAT(probeOpenGl(), StartsWith("none: no display"));
}

TEST_F(WindowTest, WithoutOpenGl33ItSaysSoInOneSentence) {
  const VirtualDisplay display;
  ASSERT_EQ(display.error(), "");
  // Mesa reads this once in a process: so the window is tried in one of its own.
  setenv("MESA_GL_VERSION_OVERRIDE", "2.1", 1);
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(std::exit(runWindow({})), testing::ExitedWithCode(1),
              AllOf(HasSubstr("headlight: the window needs OpenGL 3.3 (GLX: "), kNamesWhatWorks));
  EXPECT_EXIT(std::exit(probeOpenGl().starts_with("none: no OpenGL 3.3") ? 7 : 0), testing::ExitedWithCode(7),
              "");
}

TEST_F(WindowTest, ProbeNamesVersionAndRenderer) {
  const VirtualDisplay display;
  ASSERT_EQ(display.error(), "");
  EXPECT_THAT(probeOpenGl(), AllOf(HasSubstr("Mesa"), HasSubstr("llvmpipe")));
}

TEST_F(WindowTest, ScreenshotIsWrittenAtTheSizeAskedFor) {
  const VirtualDisplay display;
  ASSERT_EQ(display.error(), "");
  WindowRequest request;
  request.screenshot = folder_.path("picture.png");
  request.width = 2000;  // wider than the screen
  request.height = 700;
  request.theme = "light";
  request.actions = {"stage=scaled", "head=1", "shape.d_k=12", "mask=causal", "pin=3,2", "edit.undo"};
  const auto [code, words] = run(request);
  ASSERT_EQ(code, 0) << words;
  EXPECT_EQ(words, "");
  const std::optional<Picture> picture = readPng(request.screenshot);
  ASSERT_TRUE(picture.has_value());
  EXPECT_EQ(picture->width, 2000);
  EXPECT_EQ(picture->height, 700);
  std::set<std::uint32_t> colours;
  for (std::size_t i = 0; i < picture->rgba.size(); i += 4) {
    colours.insert(static_cast<std::uint32_t>(picture->rgba[i] << 16 | picture->rgba[i + 1] << 8 |
                                              picture->rgba[i + 2]));
  }
  EXPECT_GT(colours.size(), 100U);
}

TEST_F(WindowTest, StepThatIsUnknownNamesTheNearest) {
  const VirtualDisplay display;
  ASSERT_EQ(display.error(), "");
  WindowRequest request;
  request.screenshot = folder_.path("picture.png");
  request.actions = {"edit.undu"};
  const auto [code, words] = run(request);
  EXPECT_EQ(code, 2);
  EXPECT_THAT(words, HasSubstr("Did you mean \"edit.undo\"?"));
  EXPECT_FALSE(std::filesystem::exists(request.screenshot));
}

TEST_F(WindowTest, PictureThatCannotBeWrittenIsSaid) {
  const VirtualDisplay display;
  ASSERT_EQ(display.error(), "");
  WindowRequest request;
  request.screenshot = folder_.path("missing/picture.png");
  const auto [code, words] = run(request);
  EXPECT_EQ(code, 1);
  EXPECT_THAT(words, HasSubstr("picture.png"));
}

TEST_F(WindowTest, PresentingItTakesTheWholeScreenAndDrawsNothingWhileUntouched) {
  const VirtualDisplay display;
  ASSERT_EQ(display.error(), "");
  WindowRequest request;
  request.present = true;
  request.measure = true;
  request.idleSeconds = 1;
  request.actions = {"pin=7,1", "present.next", "present.previous"};
  const auto [code, words] = run(request);
  EXPECT_EQ(code, 0) << words;
  EXPECT_THAT(words, HasSubstr("measure: idle_s=1.0 frames=0 cpu_s=0.0"));
}

TEST_F(WindowTest, PresentationIsDrawnAtTheSizeAskedFor) {
  const VirtualDisplay display;
  ASSERT_EQ(display.error(), "");
  WindowRequest request;
  request.screenshot = folder_.path("projector.png");
  request.width = 1024;
  request.height = 768;
  request.present = true;
  const auto [code, words] = run(request);
  ASSERT_EQ(code, 0) << words;
  const std::optional<Picture> picture = readPng(request.screenshot);
  ASSERT_TRUE(picture.has_value());
  EXPECT_EQ(picture->width, 1024);
  EXPECT_EQ(picture->height, 768);
}

TEST_F(WindowTest, UntouchedItDrawsNothing) {
  const VirtualDisplay display;
  ASSERT_EQ(display.error(), "");
  WindowRequest request;
  request.measure = true;
  request.idleSeconds = 2;
  request.actions = {"measure.dk"};
  const auto [code, words] = run(request);
  EXPECT_EQ(code, 0);
  EXPECT_THAT(words, AllOf(HasSubstr("measure: first_frame_ms="), HasSubstr("measure: dk_tick_ms="),
                           HasSubstr("measure: idle_s=2.0 frames=0 cpu_s=0.0")));
}

}  // namespace
}  // namespace headlight::test
