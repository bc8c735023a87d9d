#pragma once
#include <string>
#include <vector>

#include "app/panels/map_image.h"

namespace headlight {

/// A node of the strip or what stands between two.
struct StripNode {
  Stage stage = Stage::input;
  ShownField field;
  std::string name;  ///< math markup
  Thumb thumb;
  Box box;  ///< full height of the strip
  Box map;  ///< the thumbnail
};
struct StripOperator {
  enum class Kind : std::uint8_t { sign, arrow, projections };
  Kind kind = Kind::arrow;
  std::string words;  ///< math markup
  bool off = false;   ///< a switched-off step: "no mask"
  float x0 = 0;
  float x1 = 0;
};
struct StripPlan {
  std::vector<StripNode> nodes;
  std::vector<StripOperator> operators;  ///< [i] stands after node i
  float width = 0;
};

/// The stages that the newest numbers have, as large as the strip's width allows.
StripPlan planStrip(Panel& p);
/// The node that stands for a stage: `contribution` opens under the output, `value_weighted` under the
/// weights, a gradient under what it is with respect to.
Stage stripStage(Stage stage);

}  // namespace headlight
