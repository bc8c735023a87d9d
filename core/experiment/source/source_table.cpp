#include <array>
#include <limits>

#include "core/base/random.h"
#include "core/experiment/source/maps.h"
#include "core/experiment/source/mha.h"
#include "core/experiment/source/patterns.h"
#include "core/experiment/source/qkv.h"
#include "core/experiment/source/random.h"
#include "core/experiment/source/source.h"
#include "core/experiment/source/values.h"

namespace headlight {

std::span<const SourceKind* const> sourceKinds() {
  static const std::array<const SourceKind*, 6> kinds{&randomSource(), &patternsSource(), &valuesSource(),
                                                      &qkvSource(),    &mapsSource(),     &mhaSource()};
  return kinds;
}

const SourceKind* sourceKind(std::string_view kind) {
  for (const SourceKind* row : sourceKinds()) {
    if (row->spec.kind == kind) return row;
  }
  return nullptr;
}

bool readsArrays(const Kinded& source) {
  const SourceKind* kind = sourceKind(source.kind);
  return kind != nullptr && !kind->fileKeys.empty();
}

std::optional<Sizes> generatedSizes(const Experiment& experiment, std::int64_t queries, std::int64_t keys,
                                    Report& report) {
  const ShapeSpec& shape = experiment.shape;
  const ShapeSpec plain = Experiment().shape;
  Sizes sizes;
  sizes.queries = queries;
  sizes.keys = keys;
  sizes.dModel = shape.dModel.value_or(*plain.dModel);
  const std::int64_t heads = shape.heads.value_or(*plain.heads);
  const std::int64_t kvHeads = shape.kvHeads.value_or(heads);
  if (heads % kvHeads != 0) {
    report.error("shape.kv_heads", "found " + std::to_string(kvHeads) + " key-value heads for " +
                                       std::to_string(heads) + " heads, accepted is a divisor of heads");
    return std::nullopt;
  }
  if (!shape.dK && sizes.dModel % heads != 0) {
    report.error("shape.d_k",
                 "found null, which stands for d_model ÷ heads, but d_model " + std::to_string(sizes.dModel) +
                     " is no multiple of heads " + std::to_string(heads),
                 "Give d_k a number, or choose d_model and heads that divide");
    return std::nullopt;
  }
  sizes.heads = static_cast<int>(heads);
  sizes.kvHeads = static_cast<int>(kvHeads);
  sizes.dK = shape.dK.value_or(sizes.dModel / heads);
  sizes.dV = shape.dV.value_or(sizes.dK);
  return sizes;
}

KeySpec seedKey() {
  return {"seed", KeyType::integer,
          1,      false,
          0,      static_cast<double>(std::numeric_limits<std::int64_t>::max()),
          {},     "Chooses the generated numbers; one seed gives the same numbers everywhere."};
}

KeySpec generatorKey() {
  return {"generator",
          KeyType::word,
          kGeneratorName,
          false,
          0,
          0,
          {kGeneratorName},
          "Name and version of the generator that the numbers come from."};
}

std::uint64_t seedOf(const Kinded& source) {
  const Value* seed = source.find("seed");
  return static_cast<std::uint64_t>(seed ? seed->integer() : 1);
}

}  // namespace headlight
