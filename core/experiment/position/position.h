#pragma once
#include <span>
#include <string_view>

#include "core/attention/position/rotary.h"
#include "core/base/kinds.h"
#include "core/base/matrix.h"

namespace headlight {

/// A row of the table of positions: a new one is one file with its KindSpec and functions, and one line in
/// position_table.cpp.
struct PositionKind {
  KindSpec spec;
  /// Adds each row's position, counted from 0, to X [T, d_model]; null when X stays as it is.
  void (*add)(const Kinded& position, Matrix& x);
  /// How q and k are turned; null when they stay as they are.
  Rotary (*rotary)(const Kinded& position) = nullptr;
};
std::span<const PositionKind* const> positionKinds();
const PositionKind* positionKind(std::string_view kind);

}  // namespace headlight
