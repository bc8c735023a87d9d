#include <algorithm>
#include <array>

#include "core/attention/mask/kinds.h"

namespace headlight {

std::span<const MaskKind> maskKinds() {
  static const std::array kinds{causalMask(),  paddingMask(),   windowMask(),  dilatedMask(),
                                prefixMask(),  documentsMask(), chunkedMask(), stridedMask(),
                                fixedMask(),   blockMask(),     sinksMask(),   longformerMask(),
                                bigbirdMask(), cellsMask(),     tensorMask()};
  return kinds;
}

const MaskKind* maskKind(std::string_view kind) {
  for (const MaskKind& row : maskKinds()) {
    if (row.spec.kind == kind) return &row;
  }
  return nullptr;
}

bool needsFile(const MaskKind& kind) {
  return kind.start == nullptr &&
         std::any_of(kind.spec.keys.begin(), kind.spec.keys.end(),
                     [](const KeySpec& key) { return key.fallback.isNull() && !key.nullable; });
}

}  // namespace headlight
