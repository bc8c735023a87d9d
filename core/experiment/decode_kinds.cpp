#include <algorithm>

#include "core/experiment/decode.h"
#include "core/experiment/schema.h"

namespace headlight {
namespace {

constexpr std::size_t kShown = 60;

/// A number stays a number of its key's type: 6 for a real-valued key is 6.0.
Value normalized(const Value& value, const KeySpec& spec) {
  if (spec.type == KeyType::number && value.isInteger()) return value.number();
  return value;
}

bool isFallback(const Value& value, const KeySpec& spec) {
  return normalized(value, spec) == normalized(spec.fallback, spec);
}

/// Lists and objects around each other, the value's own among them.
std::size_t depth(const Value& value) {
  std::size_t deepest = 0;
  if (value.isList()) {
    for (const Value& item : value.list()) deepest = std::max(deepest, depth(item));
  } else if (value.isObject()) {
    for (const auto& [name, member] : value.object()) deepest = std::max(deepest, depth(member));
  } else {
    return 0;
  }
  return deepest + 1;
}

std::vector<std::string> kindWords(const KindFamily& family) {
  std::vector<std::string> words;
  for (const KindSpec* kind : family.kinds) words.emplace_back(kind->kind);
  return words;
}

}  // namespace

void keepUnknown(const Value& object, const std::vector<std::string_view>& known, const Place& place,
                 Report& report) {
  for (const auto& [name, value] : object.object()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const Place here = place.member(name);
    // Brackets that were left out are written when it is saved, and it must still open then.
    const auto steps = parsePath(here.canonical);
    if (!steps || steps->size() + depth(value) > kDeepestJson) {
      report.error(here.path, "nested deeper than " + std::to_string(kDeepestJson) + " levels");
      continue;
    }
    std::string warning = shortened(here.path, kShown) + ": unknown key, kept and not used";
    const std::vector<std::string> candidates(known.begin(), known.end());
    if (const std::string hint = didYouMean(name, candidates); !hint.empty()) warning += ". " + hint;
    report.warnings.push_back(std::move(warning));
    report.unknown.emplace_back(here.canonical, value);
  }
}

std::optional<Kinded> decodeKind(const Value& value, const KindFamily& family, const Place& place,
                                 Report& report) {
  const Value* kind = value.isString() ? &value : value.find("kind");
  const std::vector<std::string> words = kindWords(family);
  std::vector<std::string> accepted;
  accepted.reserve(words.size());
  for (const std::string& word : words) accepted.push_back(quoted(word));
  const std::string path = value.isObject() ? place.member("kind").path : place.path;
  if (!value.isString() && !value.isObject()) {
    report.error(path, "found " + foundText(value) + ", accepted is a kind of " + std::string(family.what) +
                           ": " + orList(accepted) + ", or an object that has it");
    return std::nullopt;
  }
  if (!kind || !kind->isString()) {
    report.error(path, "found " + (kind ? foundText(*kind) : std::string("no kind")) + ", accepted is " +
                           orList(accepted));
    return std::nullopt;
  }
  const KindSpec* spec = family.find(kind->string());
  if (!spec) {
    report.error(path, "found " + foundText(*kind) + ", accepted is " + orList(accepted),
                 didYouMean(kind->string(), words));
    return std::nullopt;
  }
  Kinded entry{std::string(spec->kind), {}};
  if (value.isString()) return entry;
  std::vector<std::string_view> known{"kind"};
  for (const KeySpec& key : family.common) known.push_back(key.name);
  for (const KeySpec& key : spec->keys) {
    known.push_back(key.name);
    const Value* given = value.find(key.name);
    if (!given || (given->isNull() && key.fallback.isNull())) continue;
    if (!report.add(checkKey(*given, key, place.member(key.name).path))) continue;
    if (!isFallback(*given, key)) entry.keys.emplace_back(std::string(key.name), normalized(*given, key));
  }
  keepUnknown(value, known, place, report);
  return entry;
}

void tidy(Kinded& entry, const KindSpec& spec) {
  Object keys;
  for (const KeySpec& key : spec.keys) {
    const Value* given = entry.find(key.name);
    if (given && !isFallback(*given, key)) keys.emplace_back(std::string(key.name), normalized(*given, key));
  }
  entry.keys = std::move(keys);
}

Value encodeKind(const Kinded& entry, const KindSpec& spec, bool complete) {
  Object object{{"kind", entry.kind}};
  for (const KeySpec& key : spec.keys) {
    const Value* given = entry.find(key.name);
    Value value = normalized(given ? *given : key.fallback, key);
    if (!value.isNull() || given || complete) object.emplace_back(std::string(key.name), std::move(value));
  }
  return object;
}

}  // namespace headlight
