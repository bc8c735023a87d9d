#include "core/describe/mask_words.h"

#include <array>

#include "core/attention/mask/mask.h"
#include "core/describe/words.h"

namespace headlight {
namespace {

/// The value of an integer key, or nothing when it is null or absent without a fallback.
std::optional<std::int64_t> integer(const Kinded& entry, std::string_view key) {
  const MaskKind* kind = maskKind(entry.kind);
  if (kind == nullptr || kind->spec.key(key) == nullptr) return std::nullopt;
  const Value& value = valueOf(entry, kind->spec, key);
  if (!value.isInteger()) return std::nullopt;
  return value.integer();
}

bool alignedBottomRight(const Kinded& entry) {
  const Value* align = entry.find("align");
  return align != nullptr && align->isString() && align->string() == "bottom_right";
}

std::string aligned(const Kinded& entry, std::string sentence) {
  if (alignedBottomRight(entry)) sentence += ", the last query standing at the last key";
  return sentence;
}

std::string causal(const Kinded& entry) {
  const std::int64_t offset = integer(entry, "offset").value_or(0);
  std::string sentence = "each token attends to itself and to the tokens before it";
  if (offset > 0) sentence += " and to the next " + std::to_string(offset);
  if (offset < 0)
    sentence = "each token attends to the tokens at least " + std::to_string(-offset) + " places before it";
  return aligned(entry, sentence);
}

std::string padding(const Kinded& entry) {
  const Value* keep = entry.find("keep");
  if (keep == nullptr || !keep->isList()) return "no token attends to padding";
  std::vector<std::string> dropped;
  for (std::size_t j = 0; j < keep->list().size(); ++j) {
    const Value& kept = keep->list()[j];
    const bool on = kept.isBool() ? kept.boolean() : kept.isNumber() && kept.number() != 0;
    if (!on) dropped.push_back(std::to_string(j));
  }
  if (dropped.empty()) return "no key is left out as padding";
  constexpr std::size_t kMost = 8;
  if (dropped.size() > kMost)
    return countText(static_cast<std::int64_t>(dropped.size()), "key is", "keys are") +
           " left out as padding";
  return (dropped.size() == 1 ? "key " : "keys ") + listText(dropped) + " left out as padding";
}

std::string window(const Kinded& entry) {
  const std::optional<std::int64_t> left = integer(entry, "left");
  const std::optional<std::int64_t> right = integer(entry, "right");
  const auto side = [](const std::optional<std::int64_t>& reach, const std::string& where) -> std::string {
    if (!reach) return "all tokens " + where + " it";
    if (*reach == 0) return "none " + where + " it";
    return "up to " + std::to_string(*reach) + " " + where + " it";
  };
  return aligned(entry,
                 "each token attends to itself, " + side(left, "before") + " and " + side(right, "after"));
}

struct MaskWords {
  std::string_view kind;
  std::string (*sentence)(const Kinded&);
};
constexpr std::array<MaskWords, 3> kWords{{{"causal", causal}, {"padding", padding}, {"window", window}}};

}  // namespace

std::string maskSentence(const Kinded& entry) {
  for (const MaskWords& words : kWords) {
    if (words.kind == entry.kind) return words.sentence(entry);
  }
  const MaskKind* kind = maskKind(entry.kind);
  if (kind == nullptr) return entry.kind;
  std::string help(kind->spec.help);
  while (!help.empty() && help.back() == '.') help.pop_back();
  return help;
}

std::string maskNames(const std::vector<Kinded>& entries) {
  if (entries.empty()) return "no mask";
  std::vector<std::string> names;
  for (const Kinded& entry : entries) names.push_back(entry.kind);
  return listText(names) + (entries.size() == 1 ? " mask" : " masks");
}

}  // namespace headlight
