#include <array>

#include "core/attention/normalize/kinds.h"

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

}  // namespace headlight
