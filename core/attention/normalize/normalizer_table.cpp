#include <array>

#include "core/attention/normalize/kinds.h"
#include "core/base/words.h"

namespace headlight {

std::span<const NormalizerKind> normalizerKinds() {
  static const std::array kinds{softmaxNormalizer()};
  return kinds;
}

const NormalizerKind* normalizerKind(std::string_view kind) {
  for (const NormalizerKind& row : normalizerKinds()) {
    if (row.spec.kind == kind) return &row;
  }
  return nullptr;
}

Result<std::unique_ptr<Normalizer>> makeNormalizer(const Kinded& entry, const std::string& path) {
  if (const NormalizerKind* kind = normalizerKind(entry.kind)) return kind->make(entry, path);
  std::vector<std::string> names;
  for (const NormalizerKind& row : normalizerKinds()) names.emplace_back(row.spec.kind);
  return Error{ErrorCode::invalid, "found " + quoted(entry.kind) + ", accepted is " + orList(names),
               path + ".kind", didYouMean(entry.kind, names)};
}

}  // namespace headlight
