#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "app/render/map_renderer.h"
#include "app/session/actions.h"
#include "app/session/session.h"
#include "app/widgets/fonts.h"
#include "app/widgets/registry.h"

namespace headlight {

/// The whole window: one host window with its regions at computed places. It owns no part of the document,
/// only how it is looked at right now (scroll, zoom, folded regions, the text being typed).
///
/// A frame: renderer.beginFrame(); [fonts]; ImGui::NewFrame(); draw(…); ImGui::Render(); renderer.endFrame().
class Frame {
 public:
  /// `wake` may be called from any thread when a frame is due.
  Frame(Session& session, MapRenderer& renderer, std::function<void()> wake);
  ~Frame();
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;

  /// What the next frame must be drawn with at this scale. When it differs from what is in use, the window
  /// makes it (Fonts), puts its glyphs on the card, sets ImGui's `io.Fonts` to it and hands it over, all
  /// before NewFrame.
  FontRequest fontsFor(float scale) const;
  void useFonts(std::shared_ptr<Fonts> fonts);

  /// A text field is about to take the keyboard: keys that are not yet told wait for it.
  bool opensField() const;
  /// A key went down or repeats; told before the frame that it belongs to.
  void key(Chord chord);
  /// Draws at `scale`, which the window may have limited from `wantedScale`. Sizes are window px.
  void draw(float width, float height, float scale, float wantedScale);

  /// What the window is cleared to before the frame is drawn onto it.
  ImU32 ground() const;
  /// True while something moves or is about to: another frame is due.
  bool animating() const;
  /// True when nothing is missing in the picture: labels are drawn and nothing moves.
  bool settled() const;
  /// The scale that the next frame is drawn at in a window of this height, px: `scale`, or presentation
  /// mode's own.
  float scaleFor(float height, float scale) const;
  /// The window takes the whole of its monitor.
  bool wantsFullScreen() const;
  /// The pointer is inside a map.
  bool wantsCrosshair() const;
  /// Runs a command of the window itself or an action by id; false when there is none or it is disabled.
  bool run(std::string_view id);

  /// The id of the control that the keyboard speaks to, empty for none.
  const std::string& focused() const;
  /// Where things were drawn in the last frame.
  const Registry& registry() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace headlight
