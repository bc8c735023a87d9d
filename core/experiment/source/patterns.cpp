#include "core/experiment/source/patterns.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/base/hash.h"
#include "core/base/number.h"
#include "core/experiment/source/generated.h"
#include "core/experiment/source/pattern_weights.h"

namespace headlight {
namespace {

constexpr double kSharpness = 6.0;
constexpr double kMostSharpness = 1000.0;

double sharpnessOf(const Kinded& source) {
  const Value* sharpness = source.find("sharpness");
  return sharpness ? sharpness->number() : kSharpness;
}

/// What the weights depend on; a text that grows within a step of N leaves it as it is.
KeyHash planHash(const PatternPlan& plan) {
  KeyHash hash;
  const auto word = [&](std::int64_t n) { hash.add(static_cast<std::uint64_t>(n)); };
  const CodeLayout& layout = plan.layout;
  hash.add("patterns").add(plan.seed).add(plan.sharpness);
  for (const std::int64_t n :
       {plan.sizes.dModel, plan.sizes.dK, std::int64_t{plan.sizes.heads}, std::int64_t{plan.sizes.kvHeads},
        layout.period, layout.positionDims, layout.markDims}) {
    word(n);
  }
  for (const PatternHead& head : plan.heads) {
    word(static_cast<std::int64_t>(head.pattern));
    word(static_cast<std::int64_t>(head.links.size()));
    for (const Link& link : head.links) {
      for (const LinkEnd& end : link) {
        hash.add(end.text);
        word(end.index);
      }
    }
  }
  for (const KeySlots& slots : plan.groups) word(slots.sharp ? 1 : 0);
  return hash;
}

Recipe<Matrix> embedding(const PatternPlan& plan, std::vector<Token> tokens, CodeSide side) {
  KeyHash hash;
  const CodeLayout& layout = plan.layout;
  hash.add("pattern embedding").add(plan.seed).add(static_cast<std::uint64_t>(side));
  for (const std::int64_t n : {layout.dModel, layout.period, layout.positionDims, layout.markDims}) {
    hash.add(static_cast<std::uint64_t>(n));
  }
  for (const auto* ends : {&layout.queryEnds, &layout.keyEnds}) {
    hash.add(static_cast<std::uint64_t>(ends->size()));
    for (const LinkEnd& end : *ends) hash.add(end.text).add(static_cast<std::uint64_t>(end.index));
  }
  for (const Token& token : tokens) hash.add(generatorText(token)).add(token.label);
  auto shared = std::make_shared<const std::vector<Token>>(std::move(tokens));
  return {hash.key(), [layout, seed = plan.seed, shared, side]() -> Result<Matrix> {
            return patternEmbedding(layout, seed, *shared, side);
          }};
}

Recipe<Linear> weights(const std::shared_ptr<const PatternPlan>& plan, bool queries) {
  KeyHash hash = planHash(*plan);
  hash.add(queries ? "w_q" : "w_k");
  return {hash.key(), [plan, queries]() -> Result<Linear> {
            return Linear{queries ? patternQueryWeights(*plan) : patternKeyWeights(*plan), {}};
          }};
}

/// Generated, but the heads that copy get the first d_v columns of the identity, whose product W_V·W_O is the
/// identity on the first d_v dimensions.
Recipe<Linear> copying(const Recipe<Linear>& generated, const PatternPlan& plan, bool values) {
  std::set<std::int64_t> copies;
  for (int h = 0; h < plan.sizes.heads; ++h) {
    if (plan.heads[static_cast<std::size_t>(h)].copy) copies.insert(values ? plan.sizes.kvHeadOf(h) : h);
  }
  if (copies.empty()) return generated;
  KeyHash hash;
  hash.add("copying").add(generated.key).add(values ? "w_v" : "w_o");
  for (const std::int64_t h : copies) hash.add(static_cast<std::uint64_t>(h));
  return {hash.key(), [=, dV = plan.sizes.dV]() -> Result<Linear> {
            Result<Linear> linear = generated.make();
            if (!linear) return linear;
            Matrix& w = linear->weight;
            for (const std::int64_t h : copies) {
              for (std::int64_t i = 0; i < (values ? w.rows() : w.cols()); ++i) {
                for (std::int64_t j = 0; j < dV; ++j) {
                  (values ? w(i, h * dV + j) : w(h * dV + j, i)) = i == j ? 1.0f : 0.0f;
                }
              }
            }
            return linear;
          }};
}

void warnOfHeads(const std::vector<PatternHead>& list, const SourceRequest& request, const Sizes& sizes,
                 std::vector<std::string>& warnings) {
  const std::vector<Token>& queries = *request.tokens;
  const std::vector<Token>& keys = request.memory ? *request.memory : queries;
  for (std::size_t i = 0; i < list.size() && i < static_cast<std::size_t>(sizes.heads); ++i) {
    const PatternHead& head = list[i];
    const std::string path = itemPath("source.heads", i);
    for (const Link& link : head.links) {
      for (std::size_t end = 0; end < 2; ++end) {
        if (link[end].present(end == 0 ? queries : keys)) continue;
        warnings.push_back(path + ": the link " + link[0].name() + " → " + link[1].name() +
                           " is dropped, there is no token " + link[end].name() +
                           (end == 1 && request.memory ? " in memory" : ""));
        break;
      }
    }
    const std::int64_t needed = smallestKeyWidth(head, sizes.keys);
    if (sizes.dK < needed) {
      warnings.push_back(path + ": the pattern blurs, " + (head.name.empty() ? "its links" : head.name) +
                         " needs d_k " + std::to_string(needed) + " and has " + std::to_string(sizes.dK));
    }
    if (head.copy && sizes.dV < sizes.dModel) {
      warnings.push_back(path + ": copies the first " + std::to_string(sizes.dV) + " of " +
                         std::to_string(sizes.dModel) + " dimensions, the rank of W_V W_O is at most d_v");
    }
  }
}

Result<SourceOutput> readPatterns(const SourceRequest& request) {
  Report report;
  const auto queries = static_cast<std::int64_t>(request.tokens->size());
  const auto keys = request.memory ? static_cast<std::int64_t>(request.memory->size()) : queries;
  const auto sizes = generatedSizes(request.experiment, queries, keys, report);
  if (!sizes) return report.errors.front();
  const Kinded& source = request.experiment.source;
  const std::uint64_t seed = seedOf(source);
  const std::vector<PatternHead> list = patternHeads(source);
  const auto plan =
      std::make_shared<const PatternPlan>(planPatterns(*sizes, list, sharpnessOf(source), seed));
  SourceOutput out;
  out.sizes = *sizes;
  out.cross = request.memory.has_value();
  out.x = embedding(*plan, *request.tokens, out.cross ? CodeSide::queries : CodeSide::both);
  if (request.memory) out.memory = embedding(*plan, *request.memory, CodeSide::keys);
  out.wQ = weights(plan, true);
  out.wK = weights(plan, false);
  out.wV = copying(generatedProjection(seed, Generated::wV, sizes->dModel, sizes->kvHeads, sizes->dV), *plan,
                   true);
  out.wO = copying(generatedOutput(seed, *sizes), *plan, false);
  for (const PatternHead& head : plan->heads) out.headNames.push_back(head.name);
  warnOfHeads(list, request, *sizes, out.warnings);
  out.origin = {"constructed heads: drawn by hand, not learned", true};
  return out;
}

}  // namespace

const SourceKind& patternsSource() {
  static const SourceKind kind{{"patterns",
                                "patterns",
                                "X, W_Q and W_K constructed so that each head shows its pattern; with d_k ≥ "
                                "T it is sharp, below it blurs.",
                                {seedKey(),
                                 {"heads",
                                  KeyType::list,
                                  List{"previous", "next", "same_token", "first"},
                                  false,
                                  0,
                                  0,
                                  {},
                                  "A pattern a head: previous, next, same_token, first, neighbours, self, "
                                  "random, or name and links; heads "
                                  "beyond the list repeat it."},
                                 {"sharpness",
                                  KeyType::number,
                                  kSharpness,
                                  false,
                                  0,
                                  kMostSharpness,
                                  {},
                                  "How far scores on a pattern lie above the others, after ÷ √d_k."},
                                 generatorKey()}},
                               false,
                               true,
                               nullptr,
                               checkPatternHeads,
                               generatedSizes,
                               readPatterns};
  return kind;
}

}  // namespace headlight
