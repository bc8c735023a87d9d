#pragma once
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "app/panels/map_image.h"
#include "app/panels/panel_state.h"
#include "app/panels/present_tools.h"

namespace headlight {

class LessonDesk;

/// A number on its way to another, 160 ms, ease-out, from wherever it was.
class Glide {
 public:
  /// Where it stands on its way to `target`; the first is reached at once.
  float to(Ui& ui, float target);

 private:
  float from_ = 0;
  float target_ = 0;
  double since_ = -1;
  bool begun_ = false;
};

/// Full screen for a room of people: pipeline, map and arithmetic, led by the keyboard alone.
struct Presentation {
  bool on = false;
  bool fullScreen = false;   ///< without presenting
  bool blank = false;        ///< nothing is shown until the next key
  bool lesson = false;       ///< the open lesson, not its experiment
  int page = 0;              ///< of its step: what is said, the answer, what there is to see of it
  int document = 0;          ///< what is presented
  std::optional<bool> dark;  ///< the theme's while nobody swapped it
  /// The document was left at its end (+1) or beginning (−1): the next one begins at its own, or at its end.
  int entering = 0;
  std::shared_ptr<const Evaluation> left;  ///< what was shown then
  Glide markLeft, markRight, stepTop;
  MapFade fade;
  Spotlight spotlight;
  Hands hands;
  StepClock clock;
};

bool presenting(const Panel& p);
/// Scale at which type is 1.5 times as large at 720 lines.
float presentScale(float height);
/// The projector set of the session's theme, or of the one that was swapped to.
Theme presentTheme(const PanelState& state, Theme theme);

/// px at 720 lines → window px.
float atLines(const Panel& p, float px);

/// Where its parts are, in window px.
struct PresentLayout {
  Box window, strip, map, panel;
  float dotsY = 0;
};
PresentLayout presentLayout(float width, float height);
/// For what is drawn in the stage's place: problems.
Layout layoutOf(const PresentLayout& layout);

/// The stages of its strip that the newest numbers have, in their order.
std::vector<Stage> presentStages(const Panel& p);
/// One step along them, then to the next document of the deck.
void presentStep(Panel& p, int by);
void presentDeckStep(Panel& p, int by);
void startPresenting(Panel& p);
void stopPresenting(Panel& p);
/// Whether a command may be run while presenting: those whose effect is seen.
bool presentAllows(std::string_view id);
/// Runs what a key means while presenting.
void presentKey(Panel& p, Chord chord);

/// The lesson that is presented, null where a document is.
const LessonDesk* presentedLesson(const Panel& p);
void presentLessonStep(Panel& p, int by);
/// The lesson as it is come to: from its beginning (+1), its end (−1), or as it stands.
void enterLesson(Panel& p, int entering);

/// The whole window.
void drawPresent(Panel& p);
// Its parts.
void drawPresentStrip(Panel& p, const PresentLayout& layout);
void drawPresentMap(Panel& p, const PresentLayout& layout);
void drawPresentSteps(Panel& p, const PresentLayout& layout);
void drawPresentLesson(Panel& p, const PresentLayout& layout);
/// Colour bar with its ends and the looks present; returns the y below.
float drawPresentBar(Panel& p, float x, float y, float width);

}  // namespace headlight
