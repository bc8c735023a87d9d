#pragma once
#include <string_view>

#include "app/panels/panel_state.h"
#include "core/text/tokens.h"

namespace headlight {

/// Marks in a field of the rail which tokens are under the pointer, or else pinned: the query's in q, the
/// key's in k (of V in v). `memory`: the field holds the keys' sequence, and the queries' one is another.
void markTokens(Panel& p, TextArea& area, std::string_view text, Split split, bool memory);

}  // namespace headlight
