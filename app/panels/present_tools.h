#pragma once
#include <array>
#include <optional>
#include <string>

#include "app/panels/panel_state.h"

namespace headlight {

/// All of the screen but a circle stands back. It follows the pointer, and the pinned cell when the keyboard
/// moves that.
struct Spotlight {
  bool on = false;
  float radius = 130;  ///< px at 720 lines
  std::optional<ImVec2> at;
  ImVec2 mouse{-1, -1};
  std::optional<Cell> pin;
};
inline constexpr float kSmallestSpot = 50;
inline constexpr float kLargestSpot = 340;
/// The next of a few sizes, the smallest after the largest.
void nextSpotlightSize(Spotlight& spot);
/// Above everything else. The wheel changes its size.
void drawSpotlight(Panel& p, const Box& window);

/// How many hands were shown for each of four answers, typed by whoever counted them.
struct Hands {
  static constexpr std::size_t kAnswers = 4;
  std::array<std::string, kAnswers> typed;  ///< digits, empty: not counted
  bool entering = false;                    ///< keys go to the numbers
  std::size_t at = 0;
  std::string step;  ///< what they were counted for

  bool counted() const;
  bool shown() const { return entering || counted(); }
  int count(std::size_t answer) const;
  int total() const;
  /// Of the most, 0 … 1: how long its bar is.
  float share(std::size_t answer) const;
};
/// The step that hands are counted for: that of a lesson, else the document.
std::string handsStep(const Panel& p);
void startHands(Panel& p);
/// A key while they are entered; false when it means something else.
bool handsKey(Hands& hands, Chord chord);
/// Four bars with their numbers, in two columns where the box is too low for one; returns the y below.
float drawHands(Panel& p, const Box& box);
/// The bar and the number of one answer, in a line.
void drawHand(Panel& p, std::size_t answer, const Box& line);
/// Of two columns.
float handsHeight(const Panel& p);

/// The step whose time is told: of a document each stage is one.
std::string shownStep(const Panel& p);
/// How long the shown step has lasted.
struct StepClock {
  bool shown = false;
  std::string step;
  double since = 0;
};
void drawStepClock(Panel& p, const Box& line);
/// "0:07", "12:40".
std::string clockText(double seconds);

}  // namespace headlight
