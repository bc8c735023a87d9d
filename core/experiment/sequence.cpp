#include "core/experiment/sequence.h"

#include <algorithm>
#include <filesystem>

#include "core/base/utf8.h"
#include "core/experiment/json.h"
#include "core/experiment/report.h"
#include "core/files/read_file.h"

namespace headlight {
namespace {

constexpr std::string_view kPad = "[PAD]";
constexpr std::string_view kClassToken = "[CLS]";

Result<std::vector<std::string>> jsonLabels(std::string_view bytes, const std::string& path) {
  Result<Value> root = parseJson(bytes);
  if (!root) return root.error().inside(path);
  if (!root->isList()) {
    return Error{ErrorCode::invalid, "found " + foundText(*root) + ", accepted is a list of text", path, ""};
  }
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < root->list().size(); ++i) {
    const Value& item = root->list()[i];
    if (!item.isString()) {
      return Error{ErrorCode::invalid, "found " + foundText(item) + ", accepted is text",
                   path + ", " + itemPath("", i), ""};
    }
    labels.push_back(item.string());
  }
  return labels;
}

Result<std::vector<std::string>> lineLabels(std::string_view bytes, const std::string& path) {
  if (const auto bad = firstInvalidUtf8(bytes)) {
    return Error{ErrorCode::invalid, "found bytes that are no UTF-8, accepted is UTF-8",
                 placeInFile(path, *bad), ""};
  }
  std::vector<std::string> labels;
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    std::string_view line = bytes.substr(0, end);
    bytes = end == std::string_view::npos ? std::string_view{} : bytes.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    labels.emplace_back(line);
  }
  return labels;
}

Result<std::vector<Token>> tokensOfFile(const std::string& file, const std::string& path) {
  Result<std::string> bytes = readFile(file, kMostTextBytes);
  if (!bytes) return bytes.error().inside(path);
  auto labels = file.ends_with(".json") ? jsonLabels(*bytes, file) : lineLabels(*bytes, file);
  if (!labels) return labels.error().inside(path);
  return tokensFromLabels(*labels);
}

}  // namespace

std::string inFolder(const std::string& folder, const std::string& path) {
  if (folder.empty() || path.starts_with('/')) return path;
  const std::string base = folder.ends_with('/') ? folder : folder + "/";
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return base + path;
  std::error_code failed;
  if (std::filesystem::exists(base + path, failed)) return base + path;
  const std::string beside = base + path.substr(slash + 1);
  return std::filesystem::is_regular_file(beside, failed) ? beside : base + path;
}

std::vector<bool> paddedTokens(const std::vector<Token>& tokens) {
  std::vector<bool> padded(tokens.size());
  for (std::size_t i = 0; i < tokens.size(); ++i) padded[i] = tokens[i].label == kPad;
  return std::find(padded.begin(), padded.end(), true) == padded.end() ? std::vector<bool>{} : padded;
}

int batchesOf(const TokenSpec& spec) {
  return spec.kind == TokenSpec::Kind::batch ? static_cast<int>(spec.batch.size()) : 0;
}

const TokenSpec& elementOf(const TokenSpec& spec, int batch) {
  return spec.kind == TokenSpec::Kind::batch ? spec.batch[static_cast<std::size_t>(batch)] : spec;
}

bool readsTokens(const TokenSpec& spec) {
  return spec.kind == TokenSpec::Kind::file ||
         std::any_of(spec.batch.begin(), spec.batch.end(),
                     [](const TokenSpec& one) { return readsTokens(one); });
}

namespace {

std::vector<Token> gridTokens(const TokenSpec& spec) {
  std::vector<std::string> labels;
  if (spec.classToken) labels.emplace_back(kClassToken);
  for (std::int64_t row = 0; row < spec.grid[0]; ++row) {
    for (std::int64_t column = 0; column < spec.grid[1]; ++column)
      labels.push_back(std::to_string(row) + "," + std::to_string(column));
  }
  return tokensFromLabels(labels);
}

Result<std::vector<Token>> tokensOf(const TokenSpec& spec, const std::string& folder,
                                    const std::string& path) {
  std::vector<Token> tokens;
  std::string place = path;
  switch (spec.kind) {
    case TokenSpec::Kind::batch:
    case TokenSpec::Kind::indices:
      break;
    case TokenSpec::Kind::grid:
      place += ".grid";
      tokens = gridTokens(spec);
      break;
    case TokenSpec::Kind::text: {
      place += ".text";
      Result<std::vector<Token>> split = splitText(spec.text, splitByName(spec.split).value_or(Split::words));
      if (!split) return split.error().inside(place);
      tokens = std::move(*split);
      break;
    }
    case TokenSpec::Kind::list:
      place += ".list";
      tokens = tokensFromLabels(spec.list);
      break;
    case TokenSpec::Kind::count:
      place += ".count";
      if (spec.count >= 1 && spec.count <= kMostTokens) tokens = indexTokens(spec.count);
      break;
    case TokenSpec::Kind::file: {
      place += ".file";
      Result<std::vector<Token>> read = tokensOfFile(inFolder(folder, spec.file), place);
      if (!read) return read.error();
      tokens = std::move(*read);
      break;
    }
  }
  if (tokens.empty() || tokens.size() > static_cast<std::size_t>(kMostTokens)) {
    return Error{ErrorCode::invalid,
                 "found " +
                     (tokens.empty() ? std::string("no token") : std::to_string(tokens.size()) + " tokens") +
                     ", accepted are 1 to " + std::to_string(kMostTokens),
                 place, ""};
  }
  return tokens;
}

/// The number of tokens, made only where it is not written down.
Result<std::int64_t> lengthOf(const TokenSpec& spec, const std::string& folder, const std::string& path) {
  if (spec.kind == TokenSpec::Kind::count) return spec.count;
  if (spec.kind == TokenSpec::Kind::grid) return spec.grid[0] * spec.grid[1] + (spec.classToken ? 1 : 0);
  const auto tokens = tokensOf(spec, folder, path);
  if (!tokens) return tokens.error();
  return static_cast<std::int64_t>(tokens->size());
}

}  // namespace

Result<std::optional<std::vector<Token>>> makeTokens(const TokenSpec& spec, const std::string& folder,
                                                     const std::string& path, int batch) {
  if (spec.kind == TokenSpec::Kind::indices) return std::optional<std::vector<Token>>();
  if (spec.kind != TokenSpec::Kind::batch) {
    Result<std::vector<Token>> tokens = tokensOf(spec, folder, path);
    if (!tokens) return tokens.error();
    return std::optional(std::move(*tokens));
  }
  std::int64_t longest = 0;
  std::vector<Token> chosen;
  for (std::size_t i = 0; i < spec.batch.size(); ++i) {
    const std::string place = itemPath(path + ".batch", i);
    if (static_cast<int>(i) == batch) {
      Result<std::vector<Token>> tokens = tokensOf(spec.batch[i], folder, place);
      if (!tokens) return tokens.error();
      chosen = std::move(*tokens);
      longest = std::max(longest, static_cast<std::int64_t>(chosen.size()));
    } else {
      const Result<std::int64_t> length = lengthOf(spec.batch[i], folder, place);
      if (!length) return length.error();
      longest = std::max(longest, *length);
    }
  }
  chosen.resize(static_cast<std::size_t>(longest), Token{std::string(kPad), std::string(kPad)});
  return std::optional(std::move(chosen));
}

}  // namespace headlight
