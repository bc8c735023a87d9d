#pragma once
#include <cstdint>
#include <string>

#include "tests/experiment/dice.h"

namespace headlight::test {

/// The parts of a random experiment between scores and weights: softcap, biases, masks of every kind,
/// normalizer, mistakes. Tensors that they name are written into `folder`.
Value randomScore(Dice& dice, const Numbers& n, const std::string& folder, std::uint64_t seed);
List randomMasks(Dice& dice, const Numbers& n, const std::string& folder, std::uint64_t seed);
Value randomNormalizer(Dice& dice, const Numbers& n);
/// What is deliberately wrong, as far as the normalizer and the heads allow it.
Value randomMistake(Dice& dice, const Numbers& n, const Value& normalizer, bool projects);

}  // namespace headlight::test
