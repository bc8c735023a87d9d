#include <algorithm>

#include "core/attention/mask/keys.h"
#include "core/attention/mask/kinds.h"
#include "core/base/words.h"

namespace headlight {
namespace {

/// keep(i, j): key j is no padding, whatever the query.
class Padding : public Mask {
 public:
  explicit Padding(std::vector<KeyRun> runs) : runs_(std::move(runs)) {}

  void keptRuns(int, std::int64_t, std::vector<KeyRun>& runs) const override {
    runs.insert(runs.end(), runs_.begin(), runs_.end());
  }
  std::string reason(int, std::int64_t, std::int64_t key) const override {
    return "key " + std::to_string(key) + " is padding";
  }

 private:
  std::vector<KeyRun> runs_;
};

constexpr std::string_view kAccepted =
    "\"from_tokens\", a list over the keys of 1 (keep) and 0 (padding), or such a list for each element of "
    "the "
    "batch";

Error wrong(std::string found, const std::string& path) {
  return {ErrorCode::invalid, "found " + std::move(found) + ", accepted is " + std::string(kAccepted), path,
          ""};
}

bool isPerElement(const Value& keep) {
  return keep.isList() && !keep.list().empty() && keep.list().front().isList();
}

Result<std::vector<bool>> keptKeys(const Value& value, std::int64_t keys, const std::string& path) {
  if (!value.isList()) return wrong(foundText(value), path);
  const List& list = value.list();
  if (list.size() != static_cast<std::size_t>(keys)) {
    return Error{ErrorCode::invalid,
                 "found a list of " + std::to_string(list.size()) +
                     ", accepted is one entry for each of the " + std::to_string(keys) + " keys",
                 path, ""};
  }
  std::vector<bool> keep;
  for (std::size_t j = 0; j < list.size(); ++j) {
    const auto bit = bitOf(list[j], path + "[" + std::to_string(j) + "]");
    if (!bit) return bit.error();
    keep.push_back(*bit);
  }
  return keep;
}

/// Checks the lists of all elements; gives the one of context.batch.
Result<std::vector<bool>> keptOfBatch(const List& lists, const MaskContext& context,
                                      const std::string& path) {
  const int batches = std::max(context.batches, 1);
  if (lists.size() != static_cast<std::size_t>(batches)) {
    return Error{ErrorCode::invalid,
                 "found " + countText(static_cast<std::int64_t>(lists.size()), "list", "lists") +
                     ", accepted is one for each of the " +
                     countText(batches, "element of the batch", "elements of the batch"),
                 path, ""};
  }
  std::vector<bool> own;
  for (std::size_t b = 0; b < lists.size(); ++b) {
    auto keep = keptKeys(lists[b], context.keys, path + "[" + std::to_string(b) + "]");
    if (!keep) return keep.error();
    if (b == static_cast<std::size_t>(context.batch)) own = std::move(*keep);
  }
  return own;
}

std::vector<bool> keptOfTokens(const MaskContext& context) {
  std::vector<bool> keep(static_cast<std::size_t>(context.keys), true);
  for (std::size_t j = 0; j < std::min(keep.size(), context.paddedKeys.size()); ++j) {
    keep[j] = !context.paddedKeys[j];
  }
  return keep;
}

std::string sentence(const Kinded& entry) {
  constexpr std::size_t kMost = 8;
  const Value* keep = entry.find("keep");
  if (keep == nullptr || !keep->isList()) return "no token attends to padding";
  if (isPerElement(*keep)) return "the keys left out as padding are listed for each element of the batch";
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

/// New keys are kept.
void fitList(List& list, std::int64_t keys) {
  const bool booleans = !list.empty() && list.front().isBool();
  list.resize(static_cast<std::size_t>(keys), booleans ? Value(true) : Value(1));
}

void fit(Kinded& entry, std::int64_t, std::int64_t keys) {
  const Value* keep = entry.find("keep");
  if (keep == nullptr || !keep->isList()) return;
  List list = keep->list();
  if (isPerElement(*keep)) {
    for (Value& element : list) {
      if (element.isList()) fitList(element.list(), keys);
    }
  } else {
    fitList(list, keys);
  }
  entry.set("keep", std::move(list));
}

Result<std::unique_ptr<Mask>> make(const Kinded& entry, const MaskContext& context, const std::string& path) {
  static const MaskKind kind = paddingMask();
  const Value& value = valueOf(entry, kind.spec, "keep");
  const auto keep = value == Value("from_tokens") ? Result<std::vector<bool>>(keptOfTokens(context))
                    : isPerElement(value)         ? keptOfBatch(value.list(), context, path + ".keep")
                                                  : keptKeys(value, context.keys, path + ".keep");
  if (!keep) return keep.error();
  return std::unique_ptr<Mask>(std::make_unique<Padding>(runsOf(*keep, 1, context.keys)));
}

}  // namespace

MaskKind paddingMask() {
  return {{.kind = "padding",
           .label = "padding",
           .help = "No query attends to keys that are padding",
           .keys = {{.name = "keep",
                     .type = KeyType::any,
                     .fallback = "from_tokens",
                     .words = {},
                     .help = "\"from_tokens\" drops the [PAD] keys; a list over the keys, or one an element "
                             "of the batch, says 1 to keep, 0 to drop"}}},
          make,
          sentence,
          fit};
}

}  // namespace headlight
