#include "core/attention/mask/kinds.h"
#include "core/base/words.h"

namespace headlight {
namespace {

/// keep(i, j): key j is no padding, whatever the query.
class Padding : public Mask {
 public:
  explicit Padding(const std::vector<bool>& keep) {
    const auto keys = static_cast<std::int64_t>(keep.size());
    for (std::int64_t j = 0; j < keys; ++j) {
      if (!keep[static_cast<std::size_t>(j)]) continue;
      if (!runs_.empty() && runs_.back().end == j) {
        ++runs_.back().end;
      } else {
        runs_.push_back({j, j + 1});
      }
    }
  }
  void keptRuns(std::int64_t, std::vector<KeyRun>& runs) const override {
    runs.insert(runs.end(), runs_.begin(), runs_.end());
  }
  std::string reason(std::int64_t, std::int64_t key) const override {
    return "key " + std::to_string(key) + " is padding";
  }

 private:
  std::vector<KeyRun> runs_;
};

constexpr std::string_view kAccepted = "\"from_tokens\", or a list over the keys of 1 (keep) and 0 (padding)";

Error wrong(std::string found, const std::string& path) {
  return {ErrorCode::invalid, "found " + std::move(found) + ", accepted is " + std::string(kAccepted), path,
          ""};
}

Result<std::vector<bool>> keptKeys(const Value& value, const MaskContext& context, const std::string& path) {
  const auto keys = static_cast<std::size_t>(context.keys);
  if (value == Value("from_tokens")) {
    std::vector<bool> keep(keys, true);
    for (std::size_t j = 0; j < context.paddedKeys.size() && j < keys; ++j) keep[j] = !context.paddedKeys[j];
    return keep;
  }
  if (!value.isList()) return wrong(foundText(value), path);
  const List& list = value.list();
  if (list.size() != keys) {
    return Error{ErrorCode::invalid,
                 "found a list of " + std::to_string(list.size()) +
                     ", accepted is one entry for each of the " + std::to_string(keys) + " keys",
                 path, ""};
  }
  std::vector<bool> keep(keys);
  for (std::size_t j = 0; j < keys; ++j) {
    const Value& entry = list[j];
    const bool isBit = entry.isInteger() && (entry.integer() == 0 || entry.integer() == 1);
    if (!entry.isBool() && !isBit) {
      return Error{ErrorCode::invalid, "found " + entry.json() + ", accepted is 0, 1, false or true",
                   path + "[" + std::to_string(j) + "]", ""};
    }
    keep[j] = entry.isBool() ? entry.boolean() : entry.integer() == 1;
  }
  return keep;
}

std::string sentence(const Kinded& entry) {
  constexpr std::size_t kMost = 8;
  const Value* keep = entry.find("keep");
  if (keep == nullptr || !keep->isList()) return "no token attends to padding";
  std::vector<std::string> dropped;
  for (std::size_t j = 0; j < keep->list().size(); ++j) {
    const Value& kept = keep->list()[j];
    const bool on = kept.isBool() ? kept.boolean() : kept.isNumber() && kept.number() != 0;
    if (!on) dropped.push_back(std::to_string(j));
  }
  if (dropped.empty()) return "no key is left out as padding";
  if (dropped.size() > kMost) {
    return countText(static_cast<std::int64_t>(dropped.size()), "key is", "keys are") +
           " left out as padding";
  }
  return (dropped.size() == 1 ? "key " : "keys ") + listText(dropped) + " left out as padding";
}

void fit(Kinded& entry, std::int64_t keys) {
  const Value* keep = entry.find("keep");
  if (keep == nullptr || !keep->isList()) return;
  List list = keep->list();
  const bool booleans = !list.empty() && list.front().isBool();
  list.resize(static_cast<std::size_t>(keys), booleans ? Value(true) : Value(1));
  entry.set("keep", std::move(list));
}

Result<std::unique_ptr<Mask>> make(const Kinded& entry, const MaskContext& context, const std::string& path) {
  static const MaskKind kind = paddingMask();
  const auto keep = keptKeys(valueOf(entry, kind.spec, "keep"), context, path + ".keep");
  if (!keep) return keep.error();
  return std::unique_ptr<Mask>(std::make_unique<Padding>(*keep));
}

}  // namespace

MaskKind paddingMask() {
  return {
      {.kind = "padding",
       .label = "padding",
       .help = "No query attends to keys that are padding",
       .keys =
           {{.name = "keep",
             .type = KeyType::any,
             .fallback = "from_tokens",
             .words = {},
             .help =
                 "\"from_tokens\" drops the [PAD] keys; a list over the keys says 1 to keep, 0 to drop"}}},
      make,
      sentence,
      fit};
}

}  // namespace headlight
