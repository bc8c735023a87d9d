#pragma once
#include <cstdint>
#include <string>

#include "core/experiment/experiment.h"

namespace headlight::test {

/// A valid experiment of every kind of tokens, source, position, mask, … that its tables know, small enough
/// to compute slowly too; the seed chooses it. Tensor files that it names are written into `folder` first.
Experiment randomExperiment(std::uint64_t seed, const std::string& folder);

}  // namespace headlight::test
