#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/attention/field_difference.h"
#include "core/figure/scene.h"

namespace headlight {

/// One of the two maps.
struct MapSide {
  const Evaluation* evaluation = nullptr;
  Stage stage = Stage::weights;
  int head = 0;
  std::string name;       ///< as a reader knows it: a head, a stage or an experiment
  bool isMarkup = false;  ///< the name of a stage
};

/// The two maps of a figure of their difference: which they are, what they are called, what their colours
/// span and where they differ most.
class ComparedMaps {
 protected:
  using Side = MapSide;
  explicit ComparedMaps(Scene& scene) : scene_(scene) {}

  /// What is taken from what, and what the two are called: what tells them apart.
  Status choose();
  Status read();
  static std::string nameWithShape(const Side& side, const Field& field);
  /// Both maps have one range, as where the window compares them.
  Status findRanges();
  /// "H2 who is meant".
  static std::string nameOf(const Evaluation& evaluation, int head);
  /// Heads of one stage by their numbers.
  std::string briefName(const Side& side) const;
  std::string cellName(const CellDifference& cell) const;
  /// "0.87 − 0.12 = +0.75".
  std::string sumText(const CellDifference& cell) const;

  Scene& scene_;
  std::array<Side, 2> sides_;
  bool byExperiment_ = false;
  bool byStage_ = false;
  bool byHead_ = false;
  std::optional<FieldDifference> difference_;
  FigureCrop part_;
  Stage shownAs_ = Stage::weights;  ///< whose colours both maps have
  const Colormap* map_ = nullptr;
  const Colormap* differenceMap_ = nullptr;
  Range bothRange_;
  Range range_;
  LargestDifferences largest_;
};

}  // namespace headlight
