#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/convex_hull.h"
#include "core/experiment/evaluate.h"
#include "core/lesson/paper.h"

namespace headlight {

/// One query of d_k = 2 with its keys as arrows, and its values of d_v = 2 as points with the output among
/// them.
struct PaperPlane {
  std::string queryName;
  std::vector<std::string> names;  ///< of the keys
  PlanePoint query{};
  std::vector<PlanePoint> keys;
  std::vector<PlanePoint> values;
  std::vector<double> weights;
  PlanePoint output{};
  std::string origin;  ///< where the numbers come from
  std::string note;    ///< under the planes, what to do with them
};
inline constexpr std::int64_t kMostPlaneKeys = 12;

/// Nothing where queries, keys and values are no pairs of numbers, of one head and one query that may see
/// all of at most kMostPlaneKeys keys.
std::optional<PaperPlane> planeOf(const Evaluation& evaluation);

/// Both planes beside each other, with a grid to draw on.
Drawing drawPlane(const PaperPlane& plane, double width, double height);
/// For who cannot see it: all points and weights.
std::string planeWords(const PaperPlane& plane);

}  // namespace headlight
