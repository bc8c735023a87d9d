#include "core/experiment/source/random.h"

#include "core/experiment/source/generated.h"

namespace headlight {
namespace {

Result<SourceOutput> readRandom(const SourceRequest& request) {
  Report report;
  const auto queries = static_cast<std::int64_t>(request.tokens->size());
  const auto keys = request.memory ? static_cast<std::int64_t>(request.memory->size()) : queries;
  const auto sizes = generatedSizes(request.experiment, queries, keys, report);
  if (!sizes) return report.errors.front();
  const std::uint64_t seed = seedOf(request.experiment.source);
  SourceOutput out;
  out.sizes = *sizes;
  out.cross = request.memory.has_value();
  out.x = tokenEmbedding(seed, *request.tokens, request.image, sizes->dModel);
  if (request.memory) out.memory = tokenEmbedding(seed, *request.memory, request.memoryImage, sizes->dModel);
  out.wQ = generatedProjection(seed, Generated::wQ, sizes->dModel, sizes->heads, sizes->dK);
  out.wK = generatedProjection(seed, Generated::wK, sizes->dModel, sizes->kvHeads, sizes->dK);
  out.wV = generatedProjection(seed, Generated::wV, sizes->dModel, sizes->kvHeads, sizes->dV);
  out.wO = generatedOutput(seed, *sizes);
  out.origin = {request.image || request.memoryImage
                    ? "pixels, untrained: random weights, the pattern carries "
                      "no meaning"
                    : "random weights: the pattern carries no meaning",
                true};
  return out;
}

}  // namespace

const SourceKind& randomSource() {
  static const SourceKind kind{
      {"random",
       "random",
       "X, W_Q, W_K, W_V and W_O from the generator; equal tokens get equal rows of X.",
       {seedKey(), generatorKey()}},
      false,
      true,
      nullptr,
      nullptr,
      generatedSizes,
      readRandom};
  return kind;
}

}  // namespace headlight
