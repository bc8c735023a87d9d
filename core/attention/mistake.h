#pragma once
#include <cstdint>

namespace headlight {

/// Deliberately wrong variants for lessons (contract §2, `mistake`); without any, attention as it is meant.
struct Mistake {
  enum class MaskAs : std::uint8_t {
    minusInfinity,  ///< as it is meant: a dropped pair takes no part
    zeroScore,      ///< dropped pairs get the score 0 and take part in the normalizer
    zeroWeight      ///< the normalizer runs over all keys, then dropped pairs get the weight 0
  };
  bool overQueries = false;  ///< softmax over the queries of a key: columns sum to 1
  MaskAs maskAs = MaskAs::minusInfinity;
  bool plainSum = false;      ///< score ÷ sum of the row's scores
  bool keepsMaximum = false;  ///< e^z ÷ Σ e^z without subtracting the maximum first
  bool meanMerge = false;     ///< mean of the head outputs × the first d_v rows of W_O

  bool any() const {
    return overQueries || maskAs != MaskAs::minusInfinity || plainSum || keepsMaximum || meanMerge;
  }
  bool operator==(const Mistake&) const = default;
};

}  // namespace headlight
