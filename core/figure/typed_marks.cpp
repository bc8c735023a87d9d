#include "core/figure/typed_marks.h"

#include "core/attention/field.h"
#include "core/base/number.h"
#include "core/base/words.h"
#include "core/describe/words.h"
#include "core/figure/overlays.h"

namespace headlight {
namespace {

/// So many of an axis's tokens may be the one that was meant.
constexpr std::size_t kMostMeant = 4096;
/// So many places of a repeated token are told.
constexpr std::size_t kMostPlaces = 8;

Error refused(std::string_view where, std::string_view text, std::string_view accepted) {
  return {ErrorCode::usage,
          "found " + quoted(text) + ", accepted is " + std::string(accepted),
          std::string(where),
          {}};
}

struct BracketWords {
  bool queries = true;
  bool keys = true;
  bool named = false;  ///< the axis
  std::string_view span;
  std::string_view name;
};
Result<BracketWords> readBracket(std::string_view where, std::string_view text) {
  BracketWords words;
  std::string_view rest = text;
  if (rest.starts_with("q:") || rest.starts_with("k:")) {
    (rest.front() == 'q' ? words.keys : words.queries) = false;
    words.named = true;
    rest.remove_prefix(2);
  }
  const std::size_t equals = rest.find('=');
  if (equals == std::string_view::npos || equals == 0) return refused(where, text, kBracketForm);
  words.span = rest.substr(0, equals);
  words.name = rest.substr(equals + 1);
  return words;
}

Result<FigureBracket> placeSpan(std::string_view where, const BracketWords& words,
                                const std::vector<Token>& tokens, std::string_view axis) {
  // A token's text may hold colons of its own.
  std::optional<Error> first;
  for (std::size_t colon = words.span.find(':');; colon = words.span.find(':', colon + 1)) {
    const auto from = placeToken(where, words.span.substr(0, colon), tokens, axis);
    const bool single = colon == std::string_view::npos;
    const auto last = single ? from : placeToken(where, words.span.substr(colon + 1), tokens, axis);
    if (from && last) {
      if (*from > *last) return refused(where, words.span, "FIRST:LAST from left to right");
      return FigureBracket{*from, *last, std::string(words.name)};
    }
    if (!first) first = from ? last.error() : from.error();
    if (single) return *first;
  }
}

Result<std::array<std::int64_t, 2>> placeEnds(std::string_view where, const IndexSpan& span,
                                              std::int64_t length, Axis axis) {
  const std::int64_t end = span.end.value_or(length);
  if (span.begin < end && end <= length) return std::array<std::int64_t, 2>{span.begin, end};
  const std::string found =
      std::to_string(span.begin) + ":" + (span.end ? std::to_string(*span.end) : std::string());
  return refused(
      where, found,
      "0 ≤ a < b ≤ " + std::to_string(length) + ", as there are " + grouped(length) + " " + cellsOf(axis));
}

}  // namespace

Result<std::int64_t> placeToken(std::string_view where, std::string_view word,
                                const std::vector<Token>& tokens, std::string_view axis) {
  const auto count = static_cast<std::int64_t>(tokens.size());
  const auto index = parseInteger(word);
  if (index && *index >= 0 && *index < count) return *index;
  std::vector<std::string> places;
  std::int64_t place = -1;
  for (std::int64_t n = 0; n < count; ++n) {
    if (tokens[static_cast<std::size_t>(n)].label != word) continue;
    place = n;
    if (places.size() < kMostPlaces) places.push_back(std::to_string(n));
  }
  if (places.size() == 1) return place;
  if (places.empty()) {
    std::vector<std::string> labels;
    labels.reserve(std::min(tokens.size(), kMostMeant));
    for (std::size_t n = 0; n < tokens.size() && n < kMostMeant; ++n) labels.push_back(tokens[n].label);
    Error error = refused(where, word,
                          "a " + std::string(axis) + " by its index from 0 to " + std::to_string(count - 1) +
                              " or by its text");
    if (!index) error.hint = didYouMean(word, labels, "");
    return error;
  }
  return Error{ErrorCode::usage, quoted(word) + " stands there several times", std::string(where),
               "Name one by its index: " + orList(places)};
}

Status checkHighlight(std::string_view where, std::string_view text) {
  if (text.find(':') == std::string_view::npos) return refused(where, text, kHighlightForm);
  return {};
}

Result<std::array<std::int64_t, 2>> placeHighlight(std::string_view where, std::string_view text,
                                                   const Evaluation& evaluation) {
  std::optional<Error> first;
  // A token's text may hold colons of its own.
  for (std::size_t colon = text.find(':'); colon != std::string_view::npos;
       colon = text.find(':', colon + 1)) {
    const auto row = placeToken(where, text.substr(0, colon), evaluation.prepared->queryTokens, "query");
    const auto col = placeToken(where, text.substr(colon + 1), evaluation.prepared->keyTokens, "key");
    if (row && col) return std::array<std::int64_t, 2>{*row, *col};
    if (!first) first = row ? col.error() : row.error();
  }
  return first ? *first : refused(where, text, kHighlightForm);
}

Status checkBracket(std::string_view where, std::string_view text) {
  const auto words = readBracket(where, text);
  return words ? Status() : words.error();
}

Result<PlacedBracket> placeBracket(std::string_view where, std::string_view text,
                                   const Evaluation& evaluation) {
  const auto words = readBracket(where, text);
  if (!words) return words.error();
  if (isCross(evaluation) && !words->named) {
    const std::string typed(text);
    return Error{ErrorCode::usage, "queries and keys are two sequences, found " + quoted(text) + " for both",
                 std::string(where), "Say " + orList(std::vector<std::string>{"q:" + typed, "k:" + typed})};
  }
  PlacedBracket placed;
  if (words->queries) {
    auto bracket = placeSpan(where, *words, evaluation.prepared->queryTokens, "query");
    if (!bracket) return bracket.error();
    placed.queries = std::move(*bracket);
  }
  if (words->keys) {
    auto bracket = placeSpan(where, *words, evaluation.prepared->keyTokens, "key");
    if (!bracket) return bracket.error();
    placed.keys = std::move(*bracket);
  }
  return placed;
}

Result<CropSpans> readCrop(std::string_view where, std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) return refused(where, text, kCropForm);
  const auto rows = readIndexSpan(where, text.substr(0, comma));
  if (!rows) return rows.error();
  const auto cols = readIndexSpan(where, text.substr(comma + 1));
  if (!cols) return cols.error();
  return CropSpans{*rows, *cols};
}

Result<FigureCrop> placeCrop(std::string_view where, const CropSpans& spans, const Evaluation& evaluation,
                             std::optional<Stage> stage) {
  std::int64_t rows = evaluation.run->sizes.queries;
  std::int64_t cols = evaluation.run->sizes.keys;
  const bool other = stage && !isMap(*stage);
  if (other) {
    const auto field = Field::make(evaluation.run, *stage, 0);
    if (!field) return field.error();
    rows = field->rows();
    cols = field->cols();
  }
  const auto down = placeEnds(where, spans[0], rows, other ? info(*stage).rows : Axis::query);
  if (!down) return down.error();
  const auto across = placeEnds(where, spans[1], cols, other ? info(*stage).cols : Axis::key);
  if (!across) return across.error();
  return FigureCrop{(*down)[0], (*down)[1], (*across)[0], (*across)[1]};
}

std::string cropText(const FigureCrop& crop) {
  return std::to_string(crop.rowFirst) + ":" + std::to_string(crop.rowEnd) + "," +
         std::to_string(crop.colFirst) + ":" + std::to_string(crop.colEnd);
}

}  // namespace headlight
