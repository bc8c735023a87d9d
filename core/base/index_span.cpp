#include "core/base/index_span.h"

#include <string>

#include "core/base/number.h"
#include "core/base/words.h"

namespace headlight {

Result<IndexSpan> readIndexSpan(std::string_view where, std::string_view text) {
  const Error unreadable{
      ErrorCode::usage,
      "found " + quoted(text) + ", accepted is a:b with 0 ≤ a < b, where a or b may be left out",
      std::string(where),
      {}};
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return unreadable;
  const std::string_view left = text.substr(0, colon);
  const std::string_view right = text.substr(colon + 1);
  IndexSpan span;
  if (!left.empty()) {
    const std::optional<std::int64_t> begin = parseInteger(left);
    if (!begin || *begin < 0) return unreadable;
    span.begin = *begin;
  }
  if (!right.empty()) {
    span.end = parseInteger(right);
    if (!span.end || *span.end <= span.begin) return unreadable;
  }
  return span;
}

}  // namespace headlight
