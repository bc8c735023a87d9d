#include "app/cli/export_places.h"

#include <array>

#include "core/attention/field.h"
#include "core/base/number.h"
#include "core/base/words.h"
#include "core/describe/words.h"

namespace headlight {
namespace {

constexpr std::string_view kHighlightForm = "QUERY:KEY, such as 7:1 or it:animal";
constexpr std::string_view kBracketForm =
    "FIRST:LAST=NAME, such as 0:1=NP, with q: or k: before it for one axis";

Error refused(std::string_view option, std::string_view text, std::string_view accepted) {
  return {ErrorCode::usage,
          "found " + quoted(text) + ", accepted is " + std::string(accepted),
          std::string(option),
          {}};
}

Result<std::int64_t> placeOf(std::string_view option, std::string_view word, const std::vector<Token>& tokens,
                             std::string_view axis) {
  const auto count = static_cast<std::int64_t>(tokens.size());
  const auto index = parseInteger(word);
  if (index && *index >= 0 && *index < count) return *index;
  std::vector<std::string> places;
  std::int64_t place = -1;
  for (std::int64_t n = 0; n < count; ++n) {
    if (tokens[static_cast<std::size_t>(n)].label != word) continue;
    place = n;
    if (places.size() < 8) places.push_back(std::to_string(n));
  }
  if (places.size() == 1) return place;
  if (places.empty()) {
    std::vector<std::string> labels;
    for (std::size_t n = 0; n < tokens.size() && n < 4096; ++n) labels.push_back(tokens[n].label);
    return Error{ErrorCode::usage,
                 "found " + quoted(word) + ", accepted is a " + std::string(axis) +
                     " by its index from 0 to " + std::to_string(count - 1) + " or by its text",
                 std::string(option), index ? std::string() : didYouMean(word, labels, "")};
  }
  return Error{ErrorCode::usage, quoted(word) + " stands there several times", std::string(option),
               "Name one by its index: " + orList(places)};
}

struct Axes {
  const std::vector<Token>& queries;
  const std::vector<Token>& keys;
};

Result<std::array<std::int64_t, 2>> readHighlight(const std::string& text, const Axes& axes) {
  std::optional<Error> first;
  // A token's text may hold colons of its own.
  for (std::size_t colon = text.find(':'); colon != std::string::npos; colon = text.find(':', colon + 1)) {
    const std::string_view whole(text);
    const auto row = placeOf("--highlight", whole.substr(0, colon), axes.queries, "query");
    const auto col = placeOf("--highlight", whole.substr(colon + 1), axes.keys, "key");
    if (row && col) return std::array<std::int64_t, 2>{*row, *col};
    if (!first) first = row ? col.error() : row.error();
  }
  return first ? *first : refused("--highlight", text, kHighlightForm);
}

struct BracketWords {
  bool queries = true;
  bool keys = true;
  bool named = false;  ///< the axis
  std::string_view span;
  std::string name;
};
Result<BracketWords> readBracket(std::string_view text) {
  BracketWords words;
  std::string_view rest = text;
  if (rest.starts_with("q:") || rest.starts_with("k:")) {
    (rest.front() == 'q' ? words.keys : words.queries) = false;
    words.named = true;
    rest.remove_prefix(2);
  }
  const std::size_t equals = rest.find('=');
  if (equals == std::string_view::npos || equals == 0) return refused("--bracket", text, kBracketForm);
  words.span = rest.substr(0, equals);
  words.name = rest.substr(equals + 1);
  return words;
}

Result<FigureBracket> placeBracket(const BracketWords& words, const std::vector<Token>& tokens,
                                   std::string_view axis) {
  const std::size_t colon = words.span.find(':');
  const auto first = placeOf("--bracket", words.span.substr(0, colon), tokens, axis);
  if (!first) return first.error();
  FigureBracket bracket{*first, *first, words.name};
  if (colon != std::string_view::npos) {
    const auto last = placeOf("--bracket", words.span.substr(colon + 1), tokens, axis);
    if (!last) return last.error();
    bracket.last = *last;
  }
  if (bracket.first > bracket.last) return refused("--bracket", words.span, "FIRST:LAST from left to right");
  return bracket;
}

Status placeBrackets(const ExportRequest& request, const Axes& axes, bool cross, FigureSpec& spec) {
  for (const std::string& text : request.brackets) {
    const Result<BracketWords> words = readBracket(text);
    if (!words) return words.error();
    if (cross && !words->named) {
      return Error{ErrorCode::usage,
                   "queries and keys are two sequences, found " + quoted(text) + " for both", "--bracket",
                   "Say " + orList(std::vector<std::string>{"q:" + text, "k:" + text})};
    }
    if (words->queries) {
      Result<FigureBracket> bracket = placeBracket(*words, axes.queries, "query");
      if (!bracket) return bracket.error();
      spec.queryBrackets.push_back(std::move(*bracket));
    }
    if (words->keys) {
      Result<FigureBracket> bracket = placeBracket(*words, axes.keys, "key");
      if (!bracket) return bracket.error();
      spec.keyBrackets.push_back(std::move(*bracket));
    }
  }
  return {};
}

Result<std::array<std::int64_t, 2>> placeSpan(const IndexSpan& span, std::int64_t length,
                                              std::string_view axis) {
  const std::int64_t end = span.end.value_or(length);
  if (span.begin < end && end <= length) return std::array<std::int64_t, 2>{span.begin, end};
  return Error{ErrorCode::usage,
               "reaches beyond the " + std::string(axis) + ", of which there are " + std::to_string(length),
               "--crop",
               {}};
}

Status placeCrop(const ExportRequest& request, const Evaluation& evaluation, FigureSpec& spec) {
  if (!request.crop) return {};
  std::int64_t rows = evaluation.run->sizes.queries;
  std::int64_t cols = evaluation.run->sizes.keys;
  if (spec.stage && !isMap(*spec.stage)) {
    const Result<Field> field = Field::make(evaluation.run, *spec.stage, 0);
    if (!field) return field.error();
    rows = field->rows();
    cols = field->cols();
  }
  const auto down = placeSpan((*request.crop)[0], rows, "rows");
  if (!down) return down.error();
  const auto across = placeSpan((*request.crop)[1], cols, "columns");
  if (!across) return across.error();
  spec.crop = FigureCrop{(*down)[0], (*down)[1], (*across)[0], (*across)[1]};
  return {};
}

}  // namespace

Status placeMarks(const ExportRequest& request, const Evaluation& evaluation, FigureSpec& spec) {
  const Axes axes{evaluation.prepared->queryTokens, evaluation.prepared->keyTokens};
  if (request.query) {
    const auto query = placeOf("--query", *request.query, axes.queries, "query");
    if (!query) return query.error();
    spec.query = *query;
  }
  for (const std::string& text : request.highlights) {
    const auto cell = readHighlight(text, axes);
    if (!cell) return cell.error();
    spec.highlights.push_back(*cell);
  }
  if (Status status = placeBrackets(request, axes, isCross(evaluation), spec); !status) return status;
  return placeCrop(request, evaluation, spec);
}

Status checkMarks(const ExportRequest& request) {
  for (const std::string& text : request.highlights) {
    if (text.find(':') == std::string::npos) return refused("--highlight", text, kHighlightForm);
  }
  for (const std::string& text : request.brackets) {
    if (const auto words = readBracket(text); !words) return words.error();
  }
  return {};
}

Result<std::array<IndexSpan, 2>> readCrop(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) {
    return refused("--crop", text, "a:b,c:d: queries a … b−1 and keys c … d−1, where an end may be left out");
  }
  const Result<IndexSpan> rows = readOptionSpan("--crop", text.substr(0, comma));
  if (!rows) return rows.error();
  const Result<IndexSpan> cols = readOptionSpan("--crop", text.substr(comma + 1));
  if (!cols) return cols.error();
  return std::array<IndexSpan, 2>{*rows, *cols};
}

}  // namespace headlight
