#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/attention/inputs.h"
#include "core/experiment/source/pattern_codes.h"

namespace headlight {

/// How the d_k columns of a key head are shared out among what the query heads that use it look for. Keys say
/// what they are in columns of their own for each; a query head reads only those of its pattern.
struct KeySlots {
  std::int64_t firstMark = 0;
  std::int64_t marks = 0;
  std::int64_t firstPosition = 0;
  std::int64_t position = 0;
  std::int64_t firstToken = 0;
  std::int64_t token = 0;
  std::int64_t firstRandom = 0;
  std::int64_t random = 0;  ///< of each random head
  std::vector<int> randomHeads;
  std::vector<LinkEnd> keyEnds;  ///< what links of this group lead to
  bool sharp = false;            ///< a column for each position
};

/// Closed-form W_Q and W_K for heads that look where their pattern says. Scores that lie on a pattern are
/// `sharpness` above the others after ÷ √d_k; with too few columns they blur.
///
/// With a column for each position (d_k ≥ T) W_K decodes a key's position, k_j = a e_j, and W_Q maps a
/// query's position to the columns of its targets, a² = sharpness·√d_k. With fewer, k_j holds the lowest
/// frequencies of the position code and W_Q turns the query's by the distance to its target (a rotation of
/// each pair): scores are then the sum of cos(2πf(j − target)/N), a bump around the target. Tokens are
/// compared by their phases, links by their marks. At last each head's columns are turned, queries and keys
/// alike, which changes no score.
struct PatternPlan {
  Sizes sizes;
  CodeLayout layout;
  std::vector<PatternHead> heads;  ///< [H]
  double sharpness = 6;
  std::uint64_t seed = 1;
  std::vector<KeySlots> groups;  ///< [Hkv]
};

PatternPlan planPatterns(const Sizes& sizes, std::vector<PatternHead> list, double sharpness,
                         std::uint64_t seed);
/// [d_model, H·d_k] and [d_model, Hkv·d_k].
Matrix patternQueryWeights(const PatternPlan& plan);
Matrix patternKeyWeights(const PatternPlan& plan);

}  // namespace headlight
