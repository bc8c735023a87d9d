#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/desktop/appearance.h"
#include "app/desktop/window_request.h"
#include "app/panels/frame.h"
#include "app/render/map_renderer.h"
#include "app/session/session.h"
#include "app/widgets/fonts.h"
#include "app/window/atlas_texture.h"
#include "app/window/clipboard.h"
#include "app/window/cursors.h"
#include "app/window/font_maker.h"
#include "app/window/frame_pacer.h"
#include "app/window/gl_window.h"
#include "app/window/offscreen.h"
#include "app/window/window_picture.h"

namespace headlight {

/// The window and everything in it: display, session, renderer, panels, in the order in which they need each
/// other.
class MainWindow {
 public:
  /// With a screenshot or measurements asked for, nothing is read from or written to the user's folders.
  /// Errors: why there is no window.
  static Result<std::unique_ptr<MainWindow>> open(const WindowRequest& request);
  ~MainWindow();
  MainWindow(const MainWindow&) = delete;
  MainWindow& operator=(const MainWindow&) = delete;

  Session& session() { return *session_; }
  Frame& frame() { return *frame_; }

  /// Until the window is closed.
  void run();
  /// Hands what happened since the last call to whom it concerns. True when a frame is due.
  bool collect();
  /// As collect, without waiting for a frame's time: true when anything happened. For measurements.
  bool collectNow();
  /// Draws a frame into the window and shows it, or into `target`.
  void draw(Offscreen* target = nullptr);
  /// The last frame showed the maps of the newest numbers, none missing.
  bool mapsShown() { return !session_->busy() && renderer_->complete(); }
  /// The last frame was laid out again with what it had asked for.
  bool answered() const { return answered_; }
  /// The last frame showed all it will show: nothing is computed, drawn in the background or moving.
  bool settled();
  /// Draws into `target`, or the window, until that is so. False when it is not after so many seconds.
  bool drawUntilSettled(Offscreen* target, double seconds);
  /// Waits for an event, a result or the next frame that is due; at most so many seconds.
  void wait(double atMost);

  /// Where a script holds the pointer in pictures that are drawn off the screen, px, and whether it presses
  /// the left button; nowhere at first.
  void setPointer(float x, float y, bool down = false) { pointerX_ = x, pointerY_ = y, pointerDown_ = down; }

  std::uint64_t framesDrawn() const { return frames_; }
  double now() const;

 private:
  MainWindow() = default;
  Status start(const WindowRequest& request);
  /// Files that were let go over the window, together.
  void dropped(const std::vector<std::string>& paths);
  /// The faces of the next frame: until those of a new size are drawn, the old ones stretched.
  void prepareFonts();
  void sendInput();
  /// Lays a frame out: ImGui's draw data and the maps' textures.
  void build(const Offscreen* target);
  /// Waits a moment for the numbers of a change that was made, `alsoSmall` for what a frame asked for
  /// besides; true when all of it is here.
  bool answersSoon(bool alsoSmall);
  /// Draws what was laid out, and shows it.
  void show(Offscreen* target);

  std::atomic<bool> woken_{false};
  std::string temporary_;  // a folder in place of the user's, removed at the end
  std::unique_ptr<Display> display_;
  std::unique_ptr<AppearanceWatch> appearance_;
  std::unique_ptr<FileDialogs> dialogs_;
  WindowClipboard clipboard_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<GlWindow> window_;
  std::unique_ptr<FontMaker> fontMaker_;
  std::shared_ptr<Fonts> fonts_;
  AtlasTexture atlas_;
  bool fontsDue_ = false;  // sharper ones are being drawn
  Cursors cursors_;
  bool imgui_ = false;
  bool backends_ = false;
  std::unique_ptr<MapRenderer> renderer_;
  std::unique_ptr<Frame> frame_;
  std::unique_ptr<WindowPicture> picture_;
  bool answered_ = false;
  bool cameHome_ = false;  // something did while a frame was laid out
  double scale_ = 1;
  double wantedScale_ = 1;
  FramePacer pacer_;
  std::uint64_t frames_ = 0;
  int width_ = 0;  // of the last frame, px
  int height_ = 0;
  float pointerX_ = -1e6F;
  float pointerY_ = -1e6F;
  bool pointerDown_ = false;
};

}  // namespace headlight
