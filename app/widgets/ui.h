#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/session/actions.h"
#include "app/widgets/box.h"
#include "app/widgets/focus.h"
#include "app/widgets/fonts.h"
#include "app/widgets/label_cache.h"
#include "app/widgets/registry.h"
#include "app/widgets/theme.h"

namespace headlight {

/// What every widget is drawn with: measures, colours, faces, keys, focus, and the memory of the one field
/// that is being typed in. Nothing of the document.
class Ui {
 public:
  explicit Ui(std::function<void()> wake) : labels(std::move(wake)) {}

  // --- set by the frame
  float scale = 1;
  bool large = false;  ///< the L measures
  Theme theme = Theme::dark;
  Tokens c;
  const Fonts* fonts = nullptr;
  bool reducedMotion = false;
  double seconds = 0;
  std::function<void*(const LabelPicture&)> labelTexture;

  LabelCache labels;
  Registry registry;
  Focus focus;
  int layer = 0;         ///< 0 the window, 1 what is open above it
  int region = 0;        ///< place of what is drawn now in the Tab order
  bool covers = false;   ///< what is drawn now lies over other regions
  bool scrolls = false;  ///< what is drawn now may be scrolled out of sight

  float u(float px) const;  ///< px at scale 100 % → whole window px
  /// The measure S or L, in window px.
  float m(float small, float big) const { return u(large ? big : small); }

  void beginFrame();
  void endFrame();

  // --- keys of this frame
  void press(Chord chord) { pressed_.push_back({chord, false}); }
  /// True once when the key was pressed with these modifiers and nobody took it yet.
  bool take(int key, int modifiers = kNoModifier);
  std::vector<Chord> untakenKeys() const;

  // --- frames that must follow
  void stayAwake(double forSeconds) { awakeUntil_ = std::max(awakeUntil_, seconds + forSeconds); }
  bool awakeAt(double now) const { return now < awakeUntil_; }

  // --- the one field that is typed in
  std::string typingIn;  ///< id, empty: none
  std::string typed;     ///< its text so far
  bool typingBegins = false;
  std::string entered;  ///< id of the text field that was told to take the keyboard
  /// A text field opens: what is typed until it has the keyboard is kept for it. `now`: also what this frame
  /// brought and nobody took.
  void expectField(bool now = false);
  bool fieldOpens() const { return fieldFrames_ > 0; }

  // --- the one value that is dragged, or turned by wheel and keys and not yet settled
  std::string dragging;
  double dragFrom = 0;
  float dragX = 0;
  bool dragMoved = false;  ///< a press alone changes nothing
  std::string settling;
  double settlesAt = 0;

  // --- what is open above the window
  std::string open;  ///< id of the popup, empty: none
  void openPopup(std::string_view id);
  void closePopup() { closing_ = true; }
  bool popupIs(std::string_view id) const { return open == id; }
  /// Open, or about to be.
  bool popupPending(std::string_view id) const { return (open == id && !closing_) || wanted_ == id; }

  /// Words beside what the pointer rests on.
  void tip(std::string_view id, const Box& box, bool hovered, std::string_view words);

 private:
  friend class Popup;
  struct Pressed {
    Chord chord;
    bool taken = false;
  };
  void drawTip();
  void keepTyped();
  std::vector<Pressed> pressed_;
  int fieldFrames_ = 0;              ///< how many more frames a field is waited for
  bool fieldNow_ = false;            ///< what this frame brought is for the field that opens
  ImGuiID fieldBefore_ = 0;          ///< what was active when it was told to open
  std::vector<ImWchar> fieldTyped_;  ///< kept for it
  double awakeUntil_ = 0;
  std::string wanted_;
  bool closing_ = false;
  bool openedHere_ = false;  ///< ImGui was told to open it
  std::string tipId_;
  std::string tipWords_;
  Box tipBox_;
  double tipSince_ = 0;
  bool tipSeen_ = false;
};

/// What happened to a region that can be pressed.
struct Press {
  bool hovered = false;
  bool held = false;
  bool pressed = false;    ///< clicked, or Enter or Space while it has the focus
  bool secondary = false;  ///< right click, or Backspace
  bool focused = false;
};
/// An invisible control over `box`: pointer, keyboard, focus and registry. `tabStop` false: pointer only.
Press pressable(Ui& ui, std::string_view id, const Box& box, bool enabled = true, bool tabStop = true);
/// The focus ring: 2 px accent, 1 px gap, drawn only after keyboard use.
void focusRing(Ui& ui, std::string_view id, const Box& box, float radius);

/// A list, menu or dialog above the window; begins drawing when it is the one that is open.
///   if (Popup popup(ui, "menu", box); popup) { … }
class Popup {
 public:
  Popup(Ui& ui, std::string_view id, const Box& box);
  ~Popup();
  Popup(const Popup&) = delete;
  Popup& operator=(const Popup&) = delete;
  explicit operator bool() const { return shown_; }

 private:
  Ui& ui_;
  int layer_ = 0;
  bool shown_ = false;
};

/// A region of the window: clips, scrolls up and down when `contentHeight` (of the last frame) needs it.
class Region {
 public:
  Region(Ui& ui, const char* id, const Box& box, ImU32 ground, int order, bool scrolls);
  ~Region();
  Region(const Region&) = delete;
  Region& operator=(const Region&) = delete;
  /// y of the region's top in window px, scrolled.
  float top() const { return top_; }
  /// Says how far down the content reaches, in the coordinates of `top`.
  void contentEnds(float y) const;

 private:
  Ui& ui_;
  float top_ = 0;
  int orderBefore_ = 0;
  bool scrollsBefore_ = false;
  bool covers_ = false;
};

}  // namespace headlight
