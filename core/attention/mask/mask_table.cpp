#include <array>

#include "core/attention/mask/kinds.h"

namespace headlight {

std::span<const MaskKind> maskKinds() {
  static const std::array kinds{causalMask(), paddingMask(), windowMask()};
  return kinds;
}

const MaskKind* maskKind(std::string_view kind) {
  for (const MaskKind& row : maskKinds()) {
    if (row.spec.kind == kind) return &row;
  }
  return nullptr;
}

}  // namespace headlight
