#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/index_span.h"
#include "core/base/result.h"
#include "core/experiment/evaluate.h"
#include "core/figure/figure_spec.h"

namespace headlight {

// How the part of a figure that is drawn and the marks at its tokens are typed, on the command line and in
// the window. A token is named by its index from 0, or by its text where that stands there once. Every error
// is (usage), stands at `where` and says what was found and what is accepted.

/// What is accepted, in words.
inline constexpr std::string_view kCropForm =
    "a:b,c:d: queries a … b−1 and keys c … d−1, where an end may be left out";
inline constexpr std::string_view kBracketForm =
    "FIRST:LAST=NAME, such as 0:1=NP, with q: or k: before it for one axis";
inline constexpr std::string_view kHighlightForm = "QUERY:KEY, such as 7:1 or it:animal";

/// Rows and columns.
using CropSpans = std::array<IndexSpan, 2>;
Result<CropSpans> readCrop(std::string_view where, std::string_view text);
/// Of `stage`; nothing: of the maps. Errors: more than there is.
Result<FigureCrop> placeCrop(std::string_view where, const CropSpans& spans, const Evaluation& evaluation,
                             std::optional<Stage> stage);
/// "2:8,0:4": reads back as the same crop.
std::string cropText(const FigureCrop& crop);

/// Whether it can be a highlighted cell, in no experiment yet.
Status checkHighlight(std::string_view where, std::string_view text);
/// [query, key]. Errors: a token that is not there, one that is there several times (with its places).
Result<std::array<std::int64_t, 2>> placeHighlight(std::string_view where, std::string_view text,
                                                   const Evaluation& evaluation);

Status checkBracket(std::string_view where, std::string_view text);
/// The same span over queries and keys, or one of them.
struct PlacedBracket {
  std::optional<FigureBracket> queries;
  std::optional<FigureBracket> keys;
};
/// Errors: as placeHighlight; a span that ends before it begins; no axis named where queries and keys are two
/// sequences.
Result<PlacedBracket> placeBracket(std::string_view where, std::string_view text,
                                   const Evaluation& evaluation);

/// The token's place along the axis, "query" or "key". Errors: as placeHighlight.
Result<std::int64_t> placeToken(std::string_view where, std::string_view word,
                                const std::vector<Token>& tokens, std::string_view axis);

}  // namespace headlight
