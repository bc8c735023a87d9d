#include <array>

#include "core/attention/normalize/kinds.h"
#include "core/attention/normalize/mistaken.h"
#include "core/base/words.h"

namespace headlight {
namespace {

Status refused(const std::string& what, const std::string& key) {
  return Error{ErrorCode::invalid, what, "mistake." + key, ""};
}

/// Mistakes that the kind, or another mistake, leaves nothing to.
Status checkMistake(const Mistake& mistake, const std::string& kind) {
  const bool exponential = kind == "softmax" || kind == "softmax1" || kind == "sink";
  if (mistake.overQueries && mistake.plainSum) {
    return refused("found \"queries\" beside the normalize \"plain_sum\", accepted is one of the two",
                   "softmax_over");
  }
  if (mistake.overQueries && kind != "softmax") {
    return refused(
        "found \"queries\" with the normalizer " + quoted(kind) + ", accepted is it with \"softmax\"",
        "softmax_over");
  }
  if (mistake.keepsMaximum && mistake.plainSum) {
    return refused(
        "found false beside the normalize \"plain_sum\", which has no exponentials; accepted is "
        "one of the two",
        "subtract_max");
  }
  if (mistake.keepsMaximum && !exponential) {
    return refused("found false with the normalizer " + quoted(kind) +
                       ", which has no exponentials; accepted is it with \"softmax\", \"softmax1\" or "
                       "\"sink\"",
                   "subtract_max");
  }
  return {};
}

}  // namespace

std::span<const NormalizerKind> normalizerKinds() {
  static const std::array kinds{softmaxNormalizer(),   softmax1Normalizer(), sinkNormalizer(),
                                sparsemaxNormalizer(), entmax15Normalizer(), sigmoidNormalizer(),
                                reluNormalizer()};
  return kinds;
}

const NormalizerKind* normalizerKind(std::string_view kind) {
  for (const NormalizerKind& row : normalizerKinds()) {
    if (row.spec.kind == kind) return &row;
  }
  return nullptr;
}

Result<std::unique_ptr<Normalizer>> makeNormalizer(const Kinded& entry, const NormalizerContext& context,
                                                   const std::string& path) {
  if (const NormalizerKind* kind = normalizerKind(entry.kind)) {
    if (Status status = checkMistake(context.mistake, entry.kind); !status) return status.error();
    auto made = kind->make(entry, context, path);
    if (made && context.mistake.plainSum) return plainSum();
    return made;
  }
  std::vector<std::string> names;
  for (const NormalizerKind& row : normalizerKinds()) names.emplace_back(row.spec.kind);
  return Error{ErrorCode::invalid, "found " + quoted(entry.kind) + ", accepted is " + orList(names),
               path + ".kind", didYouMean(entry.kind, names)};
}

}  // namespace headlight
