#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/attention/explain.h"

namespace headlight {

/// One line of two explanations side by side.
struct ExplainDifferenceLine {
  Stage stage;
  std::string title;       ///< math markup; of the first where both have the line
  std::string otherTitle;  ///< of the second where it is called otherwise there, else empty
  std::optional<float> a;  ///< nothing: the line is missing there
  std::optional<float> b;
  std::optional<float> difference;  ///< a − b where both are there
  int stepOfA = -1;                 ///< its index in `steps`; −1: missing there, or a fact
  int stepOfB = -1;
  bool fact = false;  ///< not how the number is made but what follows from it
};

/// The steps of two explanations matched stage by stage, in their order: what a stage ends with first, then
/// equal titles; a single step between two of those on either side is the same one by another name ("÷ √d_k"
/// and "× scale"). Then the facts that either has (rank, share of the output, gradient). Steps without a
/// result are left out.
std::vector<ExplainDifferenceLine> explainDifference(const Explanation& a, const Explanation& b);

}  // namespace headlight
