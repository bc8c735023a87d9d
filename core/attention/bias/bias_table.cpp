#include <algorithm>
#include <array>

#include "core/attention/bias/kinds.h"

namespace headlight {

std::span<const BiasKind> biasKinds() {
  static const std::array kinds{alibiBias(), t5Bias(), tensorBias(), constantBias()};
  return kinds;
}

const BiasKind* biasKind(std::string_view kind) {
  for (const BiasKind& row : biasKinds()) {
    if (row.spec.kind == kind) return &row;
  }
  return nullptr;
}

bool needsFile(const BiasKind& kind) {
  return std::any_of(kind.spec.keys.begin(), kind.spec.keys.end(),
                     [](const KeySpec& key) { return key.fallback.isNull() && !key.nullable; });
}

}  // namespace headlight
