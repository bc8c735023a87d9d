#include "core/experiment/edit_tokens.h"

#include <algorithm>

#include "core/base/number.h"
#include "core/experiment/decode.h"
#include "core/experiment/edit.h"
#include "core/experiment/sequence.h"
#include "core/experiment/source/source.h"

namespace headlight {
namespace {

constexpr std::string_view kPad = "[PAD]";

Error invalid(std::string what) {
  return {ErrorCode::invalid, std::move(what), "tokens", ""};
}

/// The text that the tokens are the parts of, when splitting it gives them again.
std::optional<std::string> joined(const std::vector<Token>& tokens, Split split) {
  std::string text;
  for (const Token& token : tokens) {
    if (split == Split::words && !text.empty()) text += ' ';
    text += token.text;
  }
  const auto again = splitText(text, split);
  if (!again || *again != tokens) return std::nullopt;
  return text;
}

/// A sequence in the form that says it shortest.
Result<TokenSpec> written(const std::vector<Token>& tokens, const std::string& splitWord) {
  TokenSpec spec;
  // What was a text of characters before it was padded becomes one again.
  for (const std::string& word : {splitWord, std::string(splitName(Split::characters))}) {
    auto text = joined(tokens, splitByName(word).value_or(Split::words));
    if (!text) continue;
    spec.text = std::move(*text);
    spec.split = word;
    return spec;
  }
  spec.kind = TokenSpec::Kind::list;
  for (const Token& token : tokens) {
    // A list names tokens by what is shown; where they are more than that they would become others.
    if (token.text != token.label && !token.text.empty())
      return invalid("the bytes in this order are no text");
    spec.list.push_back(token.label);
  }
  return spec;
}

Result<std::vector<Token>> tokensOf(const Experiment& experiment) {
  if (const std::string why = fixedTokens(experiment); !why.empty()) return invalid(why);
  auto tokens = makeTokens(experiment.tokens, "", "tokens");
  if (!tokens) return tokens.error();
  return std::move(**tokens);
}

Result<Experiment> withTokens(const Experiment& experiment, const TokenSpec& spec) {
  return edit(experiment, "tokens", encodeTokens(spec));
}

bool isFromTokens(const Kinded& mask) {
  if (mask.kind != "padding") return false;
  const Value* keep = mask.find("keep");
  return keep == nullptr || *keep == Value("from_tokens");
}

/// With a mask over the padding where there is some, without one where there is none.
Result<Experiment> withPaddingMask(const Experiment& experiment, bool padded) {
  const bool there = std::any_of(experiment.mask.begin(), experiment.mask.end(), isFromTokens);
  if (there == padded) return experiment;
  List masks;
  for (const Kinded& mask : experiment.mask) {
    if (!padded && isFromTokens(mask)) continue;
    Object entry{{"kind", Value(mask.kind)}};
    entry.insert(entry.end(), mask.keys.begin(), mask.keys.end());
    masks.emplace_back(std::move(entry));
  }
  if (padded) masks.emplace_back(Object{{"kind", Value("padding")}, {"keep", Value("from_tokens")}});
  return edit(experiment, "mask", Value(std::move(masks)));
}

}  // namespace

std::string fixedTokens(const Experiment& experiment) {
  if (readsArrays(experiment.source)) return "the file of the numbers decides what stands in which row";
  if (experiment.source.find("x")) return "the matrix X decides what stands in which row";
  switch (experiment.tokens.kind) {
    case TokenSpec::Kind::text:
    case TokenSpec::Kind::list:
      return "";
    case TokenSpec::Kind::count:
      return experiment.tokens.count > kMostMoved
                 ? "more than " + grouped(kMostMoved) + " tokens are not moved one by one"
                 : "";
    case TokenSpec::Kind::batch:
      return "a batch is padded to its longest sequence";
    case TokenSpec::Kind::grid:
      return "the patches of an image stay where they are";
    case TokenSpec::Kind::file:
      return "the tokens come from a file";
    case TokenSpec::Kind::indices:
      break;
  }
  return "the tokens are indices";
}

Result<Experiment> withTokenMoved(const Experiment& experiment, std::int64_t from, std::int64_t to) {
  auto tokens = tokensOf(experiment);
  if (!tokens) return tokens.error();
  const auto count = static_cast<std::int64_t>(tokens->size());
  if (from < 0 || from >= count || to < 0 || to >= count) {
    return invalid("found token " + std::to_string(from < 0 || from >= count ? from : to) +
                   ", accepted is 0 to " + std::to_string(count - 1));
  }
  if (count > kMostMoved)
    return invalid("more than " + grouped(kMostMoved) + " tokens are not moved one by one");
  const auto at = [&tokens](std::int64_t i) { return tokens->begin() + static_cast<std::ptrdiff_t>(i); };
  if (from < to) {
    std::rotate(at(from), at(from + 1), at(to + 1));
  } else {
    std::rotate(at(to), at(from), at(from + 1));
  }
  const auto spec = written(*tokens, experiment.tokens.split);
  if (!spec) return spec.error();
  return withTokens(experiment, *spec);
}

std::int64_t paddingOf(const TokenSpec& tokens) {
  if (tokens.kind != TokenSpec::Kind::list) return 0;
  const auto last =
      std::find_if(tokens.list.rbegin(), tokens.list.rend(), [](const auto& t) { return t != kPad; });
  return last == tokens.list.rend() ? 0 : last - tokens.list.rbegin();
}

std::optional<std::string> unpaddedText(const TokenSpec& tokens) {
  if (tokens.kind == TokenSpec::Kind::text) return tokens.text;
  const std::int64_t pads = paddingOf(tokens);
  if (pads == 0) return std::nullopt;
  const std::vector<std::string> words(tokens.list.begin(),
                                       tokens.list.end() - static_cast<std::ptrdiff_t>(pads));
  return joined(tokensFromLabels(words), Split::words);
}

Result<Experiment> withPadding(const Experiment& experiment, std::int64_t count) {
  auto tokens = tokensOf(experiment);
  if (!tokens) return tokens.error();
  const std::int64_t before = paddingOf(experiment.tokens);
  tokens->resize(tokens->size() - static_cast<std::size_t>(before));
  const std::int64_t most = kMostTokens - static_cast<std::int64_t>(tokens->size());
  tokens->resize(tokens->size() + static_cast<std::size_t>(std::clamp<std::int64_t>(count, 0, most)),
                 Token{std::string(kPad), std::string(kPad)});
  const auto spec = written(*tokens, experiment.tokens.split);
  if (!spec) return spec.error();
  const auto padded = withTokens(experiment, *spec);
  if (!padded) return padded.error();
  return withPaddingMask(*padded, count > 0);
}

Result<Experiment> withPaddedText(const Experiment& experiment, const std::string& text) {
  const std::int64_t pads = paddingOf(experiment.tokens);
  auto tokens = splitText(text, Split::words);
  if (!tokens) return tokens.error();
  tokens->resize(tokens->size() + static_cast<std::size_t>(pads),
                 Token{std::string(kPad), std::string(kPad)});
  const auto spec = written(*tokens, experiment.tokens.split);
  if (!spec) return spec.error();
  return withTokens(experiment, *spec);
}

}  // namespace headlight
