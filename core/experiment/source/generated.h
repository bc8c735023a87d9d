#pragma once
#include "core/experiment/generator.h"
#include "core/experiment/source/source.h"

namespace headlight {

/// The matrices of the generator (contract §2.2) as recipes, for every source that fills with them what it
/// does not give itself.
Recipe<Matrix> generatedEmbedding(std::uint64_t seed, std::vector<Token> tokens, std::int64_t dModel);
/// Of an image's patches where there is one, else generatedEmbedding.
Recipe<Matrix> tokenEmbedding(std::uint64_t seed, std::vector<Token> tokens,
                              const std::optional<ImagePatches>& image, std::int64_t dModel);
Recipe<Linear> generatedProjection(std::uint64_t seed, Generated matrix, std::int64_t dModel, int heads,
                                   std::int64_t width);
Recipe<Linear> generatedOutput(std::uint64_t seed, const Sizes& sizes);

}  // namespace headlight
