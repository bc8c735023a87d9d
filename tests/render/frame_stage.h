#pragma once
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "app/panels/frame.h"
#include "app/render/gl_renderer.h"
#include "app/window/offscreen.h"
#include "tests/render/egl_context.h"
#include "tests/temporary_folder.h"

namespace headlight::test {

/// A map as it came to stand in the picture.
struct PlacedMap {
  std::uint64_t slot = 0;
  MapImage image;
  float x0 = 0, y0 = 0, x1 = 0, y1 = 0;  ///< corners of what is drawn, px
  float u0 = 0, v0 = 0, u1 = 0, v1 = 0;  ///< and the part of the texture that the map is
  float clipX0 = 0, clipY0 = 0, clipX1 = 0, clipY1 = 0;
};

/// The whole interface drawn off the screen by the real renderer: Session, Frame and ImGui's OpenGL backend,
/// without window and display. The clock is the test's, the home folder a temporary one.
class FrameStage {
 public:
  FrameStage(int width, int height, float scale = 1);
  ~FrameStage();
  FrameStage(const FrameStage&) = delete;
  FrameStage& operator=(const FrameStage&) = delete;

  const std::string& error() const { return error_; }
  Session& session() { return *session_; }
  Frame& frame() { return *frame_; }
  GlRenderer& renderer() { return *renderer_; }

  void draw();
  /// Draws until nothing more will change; false when that takes more than a hundred frames.
  bool drawUntilSettled();
  /// The last frame without the status line, which tells how long the computer took.
  Picture picture() const;
  /// All of the last frame, and the same frame as ImGui's backend alone draws it.
  Picture whole() const { return target_->read(); }
  Picture afresh();
  /// Draws by ImGui's backend alone, on that ground.
  static void drawWhole(const Offscreen& target, ImDrawData& data, ImU32 colour);
  /// Share of the px that the last frame drew.
  double painted() const { return target_->painted(); }
  /// The maps of the last frame, in the order in which they were drawn.
  const std::vector<PlacedMap>& maps() const { return maps_; }

 private:
  class Recorder;
  void findMaps();

  std::string error_;
  TemporaryFolder home_;
  double seconds_ = 1000;
  float scale_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<GlRenderer> renderer_;
  std::unique_ptr<Recorder> recorder_;
  std::unique_ptr<Frame> frame_;
  std::shared_ptr<Fonts> fonts_;
  std::uint64_t faces_ = 0;
  std::unique_ptr<Offscreen> target_;
  std::vector<PlacedMap> maps_;
};

}  // namespace headlight::test
