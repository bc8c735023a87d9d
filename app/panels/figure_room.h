#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/panels/figure_marks.h"
#include "app/panels/panel_state.h"
#include "core/figure/figure_spec.h"
#include "core/figure/sidecar.h"

namespace headlight {

struct FigurePage;

/// The figure that is being made, as long as the session runs. What `spec` leaves open follows the view: the
/// heads, the pinned cells and what is typed for crop and marks are put in when it is drawn.
struct FigureRoom {
  FigureSpec spec;
  std::string preset;  ///< empty: none
  std::string heads;   ///< empty: as the view; "all", "mean" or a number
  std::string minus;   ///< layout difference: empty: the next head; "mean", a number, "stage ID", "other"
  bool pins = true;    ///< pinned cells are outlined
  FigureMarks marks;
  std::vector<SidecarKind> beside;
  std::shared_ptr<const FigurePage> page;  ///< as it was drawn last

  // How the page is looked at.
  bool fitted = false;
  double zoom = 1;  ///< 1: true size
  ImVec2 pan{0, 0};
  bool moved = false;  ///< since it was pressed
};

/// What would be exported now.
FigureSpec figureSpec(Panel& p);
/// The stage that it shows.
Stage figureStage(Panel& p);
/// Whether cells of a map can be outlined on the page.
bool takesHighlights(Panel& p);
/// What the crop is of; nothing: the maps.
std::optional<Stage> croppedStage(Panel& p);
/// "as the view (H2)".
std::string figureHeadsWords(Panel& p);

/// Sizes, type, resolution and ground of the preset; empty: as without one.
void takePreset(Panel& p, const std::string& id);
/// The spec as the preset has it.
FigureSpec presetSpec(const FigureRoom& room);
/// What of the preset was changed since: "width, font size"; empty: nothing.
std::string presetChanges(const FigureRoom& room);
/// The part of the map that is in sight in Explore; nothing where that is all of it.
std::optional<FigureCrop> visiblePart(Panel& p);

/// Stage, head, look and visible part of the Explore tab, on the window's ground.
void figureAsSeen(Panel& p);
void saveFigure(Panel& p);
void copyFigure(Panel& p);
/// The compared maps and their difference, as layout difference draws them, to the clipboard.
void copyComparison(Panel& p);
/// Px per inch at which a page has its true size.
double trueDpi(const Panel& p);

}  // namespace headlight
