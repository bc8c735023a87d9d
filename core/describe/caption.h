#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/experiment/evaluate.h"
#include "core/picture/range.h"

namespace headlight {

/// What a figure shows, as far as its caption speaks of it.
struct CaptionSubject {
  enum class Kind { map, heads, pipeline, difference, row, lines };
  Kind kind = Kind::map;
  Stage stage = Stage::weights;
  std::vector<int> heads;             ///< kMeanHead is the mean; of a difference the two, or one
  std::optional<Stage> minusStage;    ///< of a difference of stages
  std::string minusName;              ///< of a difference of two experiments: the other one's
  std::optional<std::int64_t> query;  ///< of a row
  std::optional<Range> range;         ///< that the colours span
  std::string title;                  ///< given for the figure; empty: the experiment's
};

/// One to three sentences to stand under a figure in a paper: what is shown, of how many tokens, how it is
/// made and masked, what the colours span and where the numbers come from. Nothing in it is rounded away:
/// what is deliberately wrong is said.
std::string caption(const Evaluation& evaluation, const CaptionSubject& subject);

}  // namespace headlight
