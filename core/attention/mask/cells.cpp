#include <algorithm>
#include <utility>

#include "core/attention/mask/keys.h"
#include "core/attention/mask/kinds.h"
#include "core/base/words.h"

namespace headlight {
namespace {

using Cell = std::pair<std::int64_t, std::int64_t>;

/// keep(i, j): (i, j) is not in the list.
class Cells : public Mask {
 public:
  /// `drop` is sorted.
  Cells(std::int64_t keys, std::vector<Cell> drop) : keys_(keys), drop_(std::move(drop)) {}

  void keptRuns(int, std::int64_t query, std::vector<KeyRun>& runs) const override {
    std::int64_t begin = 0;
    for (auto cell = std::lower_bound(drop_.begin(), drop_.end(), Cell{query, 0});
         cell != drop_.end() && cell->first == query; ++cell) {
      if (begin < cell->second) runs.push_back({begin, cell->second});
      begin = cell->second + 1;
    }
    if (begin < keys_) runs.push_back({begin, keys_});
  }
  std::string reason(int, std::int64_t query, std::int64_t key) const override {
    return "the cell of query " + std::to_string(query) + " and key " + std::to_string(key) +
           " is dropped by hand";
  }

 private:
  std::int64_t keys_;
  std::vector<Cell> drop_;
};

Result<std::unique_ptr<Mask>> make(const Kinded& entry, const MaskContext& context, const std::string& path) {
  static const MaskKind kind = cellsMask();
  const List& list = valueOf(entry, kind.spec, "drop").list();
  std::vector<Cell> drop;
  for (std::size_t n = 0; n < list.size(); ++n) {
    const std::string here = path + ".drop[" + std::to_string(n) + "]";
    if (!list[n].isList() || list[n].list().size() != 2) {
      return Error{ErrorCode::invalid, "found " + foundText(list[n]) + ", accepted is a pair [query, key]",
                   here, ""};
    }
    const auto query = indexBelow(list[n].list()[0], context.queries, "query", here + "[0]");
    if (!query) return query.error();
    const auto key = indexBelow(list[n].list()[1], context.keys, "key", here + "[1]");
    if (!key) return key.error();
    drop.emplace_back(*query, *key);
  }
  std::sort(drop.begin(), drop.end());
  drop.erase(std::unique(drop.begin(), drop.end()), drop.end());
  return std::unique_ptr<Mask>(std::make_unique<Cells>(context.keys, std::move(drop)));
}

std::string sentence(const Kinded& entry) {
  constexpr std::size_t kMost = 4;
  const Value* drop = entry.find("drop");
  if (drop == nullptr || !drop->isList() || drop->list().empty()) return "no cell is dropped by hand";
  const List& list = drop->list();
  if (list.size() > kMost) return std::to_string(list.size()) + " cells are dropped by hand";
  std::vector<std::string> pairs;
  for (const Value& cell : list) {
    if (!cell.isList() || cell.list().size() != 2) continue;
    pairs.push_back("(" + cell.list()[0].json() + ", " + cell.list()[1].json() + ")");
  }
  return std::string(pairs.size() == 1 ? "the cell " : "the cells ") + listText(pairs) +
         " of query and key " + (pairs.size() == 1 ? "is" : "are") + " dropped by hand";
}

void fit(Kinded& entry, std::int64_t queries, std::int64_t keys) {
  const Value* drop = entry.find("drop");
  if (drop == nullptr || !drop->isList()) return;
  List list = drop->list();
  std::erase_if(list, [&](const Value& cell) {
    if (!cell.isList() || cell.list().size() != 2) return false;
    const List& pair = cell.list();
    return (pair[0].isInteger() && pair[0].integer() >= queries) ||
           (pair[1].isInteger() && pair[1].integer() >= keys);
  });
  entry.set("drop", std::move(list));
}

}  // namespace

MaskKind cellsMask() {
  return {{.kind = "cells",
           .label = "cells",
           .help = "Single cells of the map are dropped by hand",
           .keys = {{.name = "drop",
                     .type = KeyType::list,
                     .fallback = List{},
                     .words = {},
                     .help = "Pairs [query, key] that are dropped"}}},
          make,
          sentence,
          fit};
}

}  // namespace headlight
