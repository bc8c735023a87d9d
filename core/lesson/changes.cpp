#include <algorithm>
#include <array>

#include "core/experiment/json.h"
#include "core/lesson/sheet.h"

namespace headlight {
namespace {

constexpr std::array<std::string_view, 5> kNoNumbers{"type", "version", "title", "notes", "view"};

bool alike(const Value& a, const Value& b) {
  if (!a.isObject() || !b.isObject() || a.object().size() != b.object().size()) return false;
  const Value* kind = a.find("kind");
  if (kind != nullptr && (b.find("kind") == nullptr || !(*kind == *b.find("kind")))) return false;
  return std::equal(a.object().begin(), a.object().end(), b.object().begin(),
                    [](const Member& x, const Member& y) { return x.first == y.first; });
}

}  // namespace

std::vector<Member> changesBetween(const Experiment& before, const Experiment& after) {
  std::vector<Member> changes;
  const Value from = encode(before);
  const Value to = encode(after);
  for (const auto& [key, value] : to.object()) {
    if (std::find(kNoNumbers.begin(), kNoNumbers.end(), key) != kNoNumbers.end()) continue;
    const Value* was = from.find(key);
    if (was != nullptr && *was == value) continue;
    if (was == nullptr || !alike(*was, value)) {
      changes.emplace_back(key, value);
      continue;
    }
    for (const auto& [inner, now] : value.object()) {
      if (!(*was->find(inner) == now)) changes.emplace_back(std::string(key).append(".").append(inner), now);
    }
  }
  for (const auto& [key, value] : from.object()) {
    if (to.find(key) == nullptr) changes.emplace_back(key, key == "edits" ? Value(List{}) : Value());
  }
  return changes;
}

}  // namespace headlight
