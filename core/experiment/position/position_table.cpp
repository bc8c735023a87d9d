#include <array>

#include "core/experiment/position/learned.h"
#include "core/experiment/position/position.h"
#include "core/experiment/position/rope.h"
#include "core/experiment/position/sinusoidal.h"

namespace headlight {
namespace {

const PositionKind& none() {
  static const PositionKind kind{{"none", "none", "X is used as it is.", {}}, nullptr};
  return kind;
}

}  // namespace

std::span<const PositionKind* const> positionKinds() {
  static const std::array<const PositionKind*, 4> kinds{&none(), &sinusoidalPosition(), &learnedPosition(),
                                                        &ropePosition()};
  return kinds;
}

const PositionKind* positionKind(std::string_view kind) {
  for (const PositionKind* row : positionKinds()) {
    if (row->spec.kind == kind) return row;
  }
  return nullptr;
}

}  // namespace headlight
