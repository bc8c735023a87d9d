#include "core/experiment/source/generated.h"

#include "core/base/hash.h"

namespace headlight {

Recipe<Matrix> generatedEmbedding(std::uint64_t seed, std::vector<Token> tokens, std::int64_t dModel) {
  KeyHash hash;
  hash.add("embedding").add(seed).add(static_cast<std::uint64_t>(dModel));
  for (const Token& token : tokens) hash.add(generatorText(token));
  auto shared = std::make_shared<const std::vector<Token>>(std::move(tokens));
  return {hash.key(), [=]() -> Result<Matrix> { return generateEmbedding(seed, *shared, dModel); }};
}

Recipe<Matrix> tokenEmbedding(std::uint64_t seed, std::vector<Token> tokens,
                              const std::optional<ImagePatches>& image, std::int64_t dModel) {
  if (!image) return generatedEmbedding(seed, std::move(tokens), dModel);
  KeyHash hash;
  hash.add("patches").add(image->file).add(image->stamp).add(seed);
  for (const std::int64_t n : {image->rows, image->columns, image->first, dModel})
    hash.add(static_cast<std::uint64_t>(n));
  for (const Token& token : tokens) hash.add(generatorText(token));
  auto shared = std::make_shared<const std::vector<Token>>(std::move(tokens));
  return {hash.key(),
          [=, patches = *image]() -> Result<Matrix> { return embedPatches(patches, seed, *shared, dModel); }};
}

Recipe<Linear> generatedProjection(std::uint64_t seed, Generated matrix, std::int64_t dModel, int heads,
                                   std::int64_t width) {
  KeyHash hash;
  hash.add("projection")
      .add(seed)
      .add(static_cast<std::uint64_t>(matrix))
      .add(static_cast<std::uint64_t>(dModel));
  hash.add(static_cast<std::uint64_t>(heads)).add(static_cast<std::uint64_t>(width));
  return {hash.key(), [=]() -> Result<Linear> {
            return Linear{generateProjection(seed, matrix, dModel, heads, width), {}};
          }};
}

Recipe<Linear> generatedOutput(std::uint64_t seed, const Sizes& sizes) {
  KeyHash hash;
  hash.add("output").add(seed).add(static_cast<std::uint64_t>(sizes.dModel));
  hash.add(static_cast<std::uint64_t>(sizes.heads)).add(static_cast<std::uint64_t>(sizes.dV));
  return {hash.key(), [seed, heads = sizes.heads, dV = sizes.dV, dModel = sizes.dModel]() -> Result<Linear> {
            return Linear{generateOutput(seed, heads, dV, dModel), {}};
          }};
}

}  // namespace headlight
