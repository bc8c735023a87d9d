#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/result.h"

namespace headlight {

/// Half-open: begin … end − 1; an open end is the axis's length.
struct IndexSpan {
  std::int64_t begin = 0;
  std::optional<std::int64_t> end;
  bool operator==(const IndexSpan&) const = default;
};
/// "a:b", "a:", ":b". Errors (usage, at `where`): it cannot be read, or is empty.
Result<IndexSpan> readIndexSpan(std::string_view where, std::string_view text);

}  // namespace headlight
