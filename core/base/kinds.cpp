#include "core/base/kinds.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/number.h"
#include "core/base/words.h"

namespace headlight {
namespace {

std::string limits(const KeySpec& spec, std::string_view what) {
  constexpr double kOpen = 1e299;
  const bool below = spec.minimum > -kOpen;
  const bool above = spec.maximum < kOpen;
  std::string text(what);
  if (below && above) return text + " from " + shortest(spec.minimum) + " to " + shortest(spec.maximum);
  if (below) return text + " of at least " + shortest(spec.minimum);
  if (above) return text + " of at most " + shortest(spec.maximum);
  return text;
}

std::string words(const KeySpec& spec) {
  std::vector<std::string> list;
  for (const std::string_view word : spec.words) list.push_back(quoted(word));
  return orList(list);
}

Error wrong(const Value& value, std::string accepted, const KeySpec& spec, const std::string& path) {
  if (spec.nullable) accepted += " or null";
  return Error{ErrorCode::invalid, "found " + foundText(value) + ", accepted is " + accepted, path, ""};
}

bool within(double number, const KeySpec& spec) {
  return number >= spec.minimum && number <= spec.maximum;
}

Status checkWord(const Value& value, const KeySpec& spec, const std::string& path) {
  if (value.isString() &&
      std::find(spec.words.begin(), spec.words.end(), value.string()) != spec.words.end()) {
    return {};
  }
  Error error = wrong(value, words(spec), spec, path);
  if (value.isString()) {
    const std::vector<std::string> candidates(spec.words.begin(), spec.words.end());
    error.hint = didYouMean(value.string(), candidates);
  }
  return error;
}

Status checkMatrix(const Value& value, const KeySpec& spec, const std::string& path) {
  static constexpr std::string_view kAccepted = "a list of rows of numbers, all rows equally long";
  if (!value.isList()) return wrong(value, std::string(kAccepted), spec, path);
  const List& rows = value.list();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string rowPath = path + "[" + std::to_string(i) + "]";
    if (!rows[i].isList()) return wrong(rows[i], "a row of numbers", KeySpec{}, rowPath);
    const List& row = rows[i].list();
    if (row.size() != rows[0].list().size()) {
      return Error{ErrorCode::invalid,
                   "found a row of " + std::to_string(row.size()) + ", the first row has " +
                       std::to_string(rows[0].list().size()) + "; accepted is " + std::string(kAccepted),
                   rowPath, ""};
    }
    for (std::size_t j = 0; j < row.size(); ++j) {
      if (!isMatrixCell(row[j])) {
        return wrong(row[j], "a number, \"inf\", \"-inf\" or \"nan\"", KeySpec{},
                     rowPath + "[" + std::to_string(j) + "]");
      }
    }
  }
  return {};
}

}  // namespace

const Value* Kinded::find(std::string_view key) const {
  for (const auto& [name, value] : keys) {
    if (name == key) return &value;
  }
  return nullptr;
}

void Kinded::set(std::string_view key, Value value) {
  for (auto& [name, old] : keys) {
    if (name == key) {
      old = std::move(value);
      return;
    }
  }
  keys.emplace_back(std::string(key), std::move(value));
}

const KeySpec* KindSpec::key(std::string_view name) const {
  for (const KeySpec& spec : keys) {
    if (spec.name == name) return &spec;
  }
  return nullptr;
}

std::string foundText(const Value& value) {
  constexpr std::size_t kLongest = 60;
  if (value.isList() || value.isObject()) return value.typeName();
  if (value.isString() && value.string().size() > kLongest) {
    return "a text of " + std::to_string(value.string().size()) + " bytes";
  }
  return value.json();
}

bool isMatrixCell(const Value& value) {
  if (value.isNumber()) return true;
  return value.isString() && (value.string() == "inf" || value.string() == "-inf" || value.string() == "nan");
}

const Value& valueOf(const Kinded& entry, const KindSpec& spec, std::string_view name) {
  static const Value none;
  if (const Value* value = entry.find(name)) return *value;
  const KeySpec* key = spec.key(name);
  return key ? key->fallback : none;
}

Status checkKey(const Value& value, const KeySpec& spec, const std::string& path) {
  if (spec.nullable && value.isNull()) return {};
  switch (spec.type) {
    case KeyType::any:
      return {};
    case KeyType::integer:
      if (value.isInteger() && within(value.number(), spec)) return {};
      return wrong(value, limits(spec, "an integer"), spec, path);
    case KeyType::number:
      if (value.isNumber() && std::isfinite(value.number()) && within(value.number(), spec)) return {};
      return wrong(value, limits(spec, "a number"), spec, path);
    case KeyType::word:
      return checkWord(value, spec, path);
    case KeyType::text:
      if (value.isString()) return {};
      return wrong(value, "text", spec, path);
    case KeyType::boolean:
      if (value.isBool()) return {};
      return wrong(value, "true or false", spec, path);
    case KeyType::list:
      if (value.isList()) return {};
      return wrong(value, "a list", spec, path);
    case KeyType::matrix:
      return checkMatrix(value, spec, path);
  }
  return {};
}

namespace {

/// Letters inserted, left out, changed, or two neighbours swapped (Damerau 1964, restricted), each at cost 1.
std::size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before2(b.size() + 1);
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(before.begin(), before.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = before[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({before[j] + 1, row[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before2[j - 2] + 1);
      }
    }
    std::swap(before2, before);
    std::swap(before, row);
  }
  return before[b.size()];
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates) {
  constexpr std::size_t kLongest = 200;
  if (word.empty() || word.size() > kLongest) return std::nullopt;
  const std::string* best = nullptr;
  std::size_t fewest = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t edits = editDistance(word, candidate);
    if (edits < fewest) {
      fewest = edits;
      best = &candidate;
    }
  }
  if (best) return *best;
  // A word that was begun: "soft" for "softmax".
  for (const std::string& candidate : candidates) {
    if (word.size() >= 3 && candidate.starts_with(word)) return candidate;
  }
  return std::nullopt;
}

}  // namespace headlight
