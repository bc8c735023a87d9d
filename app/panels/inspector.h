#pragma once
#include "app/panels/panel_state.h"

namespace headlight {

/// The inspector's place: its ground, the line at its left, and a column of text that scrolls up and down.
class InspectorRegion {
 public:
  explicit InspectorRegion(Panel& p, const char* id = "inspector");
  float x() const { return x_; }
  float width() const { return width_; }
  float top() const { return region_.top(); }
  void contentEnds(float y) const { region_.contentEnds(y); }

 private:
  Region region_;
  float x_;
  float width_;
};

/// "How this number is made", for the pinned cell or the one under the pointer.
void drawInspector(Panel& p);

/// A letter and a token in a frame of its hue: `Q it 7`, at most `room` wide. Returns the x after it.
float tokenChip(Ui& ui, float x, float y, ImU32 hue, const char* letter, const std::string& word,
                const std::string& index, float room);
/// Three decimals, more where they would leave fewer than two digits.
std::string resultText(float value);
/// The number of the stage that is shown, which may stand before the last of its steps.
float shownValue(const Panel& p, const Explanation& explanation);
/// Pinned cells side by side, two or more of them: heads to choose and release them by, a line for each step
/// with their numbers. Returns the y after them.
float drawPinColumns(Panel& p, float x, float y, float width);
/// The steps of the one that is shown in full were folded away.
bool pinFolded(PanelState& state);
/// The numbered steps from `y` on; returns the y after them.
float drawSteps(Panel& p, const Explanation& explanation, float x, float y, float width);
/// The step below which the whole row unfolds: the last one that makes the weight; null where there is none.
const ExplainStep* rowStep(const Explanation& explanation);
/// The row as a table: key, score, e^{s − max} where the normalizer takes it, weight, with their sums.
/// Returns the y after it.
float drawRowTable(Panel& p, const Explanation& explanation, float x, float y, float width);
/// The whole row as one bar of length 1, with its legend; returns the y after it.
float drawRowBar(Panel& p, const Explanation& explanation, float x, float y, float width);
/// Rank, share of the output and gradient, each unfolding to how it is made; returns the y after them.
float drawFacts(Panel& p, const Explanation& explanation, float x, float y, float width);
/// The strips of a step (v, a·v, z); returns the y after them.
float drawStrips(Panel& p, const ExplainStep& step, float x, float y, float width);

}  // namespace headlight
