#include <algorithm>

#include "core/attention/mask/keys.h"
#include "core/attention/mask/kinds.h"
#include "core/base/words.h"

namespace headlight {
namespace {

/// keep(i, j): |i − j| ≤ side, or i or j is global.
class Longformer : public Mask {
 public:
  Longformer(std::int64_t keys, std::int64_t side, std::vector<bool> global)
      : keys_(keys), side_(side), global_(std::move(global)), globalKeys_(runsOf(global_, 1, keys)) {}

  void keptRuns(int, std::int64_t query, std::vector<KeyRun>& runs) const override {
    if (global_[static_cast<std::size_t>(query)]) {
      runs.push_back({0, keys_});
      return;
    }
    const std::int64_t end = std::min(query + side_ + 1, keys_);
    const std::int64_t begin = std::min(std::max<std::int64_t>(query - side_, 0), end);
    for (const KeyRun& run : globalKeys_) {
      if (run.begin < begin) runs.push_back({run.begin, std::min(run.end, begin)});
    }
    if (begin < end) runs.push_back({begin, end});
    for (const KeyRun& run : globalKeys_) {
      if (run.end > end) runs.push_back({std::max(run.begin, end), run.end});
    }
  }
  std::string reason(int, std::int64_t query, std::int64_t key) const override {
    return "|" + std::to_string(query) + " − " + std::to_string(key) + "| > " + std::to_string(2 * side_) +
           " ÷ 2, and neither of them is global";
  }

 private:
  std::int64_t keys_;
  std::int64_t side_;
  std::vector<bool> global_;  ///< [the longer axis]
  std::vector<KeyRun> globalKeys_;
};

Result<std::unique_ptr<Mask>> make(const Kinded& entry, const MaskContext& context, const std::string& path) {
  static const MaskKind kind = longformerMask();
  const auto window = neededWhole(entry, kind.spec, "window", path);
  if (!window) return window.error();
  if (*window % 2 != 0) {
    return Error{ErrorCode::invalid,
                 "found " + std::to_string(*window) +
                     ", accepted is an even number: half of it lies on each side of a query",
                 path + ".window", ""};
  }
  const std::int64_t places = std::max(context.queries, context.keys);
  std::vector<bool> global(static_cast<std::size_t>(places), false);
  const List& list = valueOf(entry, kind.spec, "global").list();
  for (std::size_t n = 0; n < list.size(); ++n) {
    const auto index = indexBelow(list[n], places, "token", path + ".global[" + std::to_string(n) + "]");
    if (!index) return index.error();
    global[static_cast<std::size_t>(*index)] = true;
  }
  return std::unique_ptr<Mask>(std::make_unique<Longformer>(context.keys, *window / 2, std::move(global)));
}

std::string sentence(const Kinded& entry) {
  constexpr std::size_t kMost = 8;
  std::string words = "each token attends to itself and to " +
                      std::to_string(wholeOf(entry, "window", 0) / 2) + " on each side";
  const Value* global = entry.find("global");
  if (global == nullptr || !global->isList() || global->list().empty()) return words;
  const List& list = global->list();
  if (list.size() > kMost) {
    return words + "; " + std::to_string(list.size()) + " tokens see all and are seen by all";
  }
  std::vector<std::string> names;
  for (const Value& index : list) names.push_back(index.json());
  return words + (names.size() == 1 ? "; token " : "; tokens ") + listText(names) +
         (names.size() == 1 ? " sees all and is seen by all" : " see all and are seen by all");
}

void fit(Kinded& entry, std::int64_t queries, std::int64_t keys) {
  const Value* global = entry.find("global");
  if (global == nullptr || !global->isList()) return;
  List list = global->list();
  std::erase_if(list, [places = std::max(queries, keys)](const Value& index) {
    return index.isInteger() && index.integer() >= places;
  });
  entry.set("global", std::move(list));
}

void start(Kinded& entry, std::int64_t, std::int64_t) {
  entry.set("window", 2);
  entry.set("global", List{0});
}

}  // namespace

MaskKind longformerMask() {
  return {{.kind = "longformer",
           .label = "Longformer",
           .help = "A window around the query, and tokens that see all and are seen by all (Beltagy et al. "
                   "2020, section 3.1)",
           .keys = {wholeKey("window", 2, "How many keys beside its own a query sees, half on each side"),
                    {.name = "global",
                     .type = KeyType::list,
                     .fallback = List{},
                     .words = {},
                     .help = "Indices of the tokens that see all and are seen by all"}}},
          make,
          sentence,
          fit,
          start};
}

}  // namespace headlight
