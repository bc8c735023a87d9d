#include <algorithm>
#include <map>

#include "core/attention/mask/keys.h"
#include "core/attention/mask/kinds.h"
#include "core/base/words.h"

namespace headlight {
namespace {

/// keep(i, j): ids[i] = ids[j].
class Documents : public Mask {
 public:
  /// `ids` has one for each place of the longer axis.
  Documents(std::vector<std::int64_t> ids, std::int64_t keys) : ids_(std::move(ids)) {
    for (std::int64_t j = 0; j < keys; ++j) {
      std::vector<KeyRun>& runs = keysOf_[idAt(j)];
      if (!runs.empty() && runs.back().end == j) {
        ++runs.back().end;
      } else {
        runs.push_back({j, j + 1});
      }
    }
  }
  void keptRuns(int, std::int64_t query, std::vector<KeyRun>& runs) const override {
    const auto found = keysOf_.find(idAt(query));
    if (found != keysOf_.end()) runs.insert(runs.end(), found->second.begin(), found->second.end());
  }
  std::string reason(int, std::int64_t query, std::int64_t key) const override {
    return "query " + std::to_string(query) + " is in document " + std::to_string(idAt(query)) + ", key " +
           std::to_string(key) + " in document " + std::to_string(idAt(key));
  }

 private:
  std::int64_t idAt(std::int64_t place) const { return ids_[static_cast<std::size_t>(place)]; }

  std::vector<std::int64_t> ids_;
  std::map<std::int64_t, std::vector<KeyRun>> keysOf_;
};

Result<std::unique_ptr<Mask>> make(const Kinded& entry, const MaskContext& context, const std::string& path) {
  static const MaskKind kind = documentsMask();
  const Value& value = valueOf(entry, kind.spec, "ids");
  if (!value.isList()) return absentKey(kind.spec, "ids", path);
  const List& list = value.list();
  const std::int64_t places = std::max(context.queries, context.keys);
  if (list.size() != static_cast<std::size_t>(places)) {
    return Error{ErrorCode::invalid,
                 "found a list of " + std::to_string(list.size()) + ", accepted is one id for each of the " +
                     std::to_string(places) + " tokens",
                 path + ".ids", ""};
  }
  std::vector<std::int64_t> ids;
  for (std::size_t n = 0; n < list.size(); ++n) {
    if (!list[n].isInteger() || list[n].integer() < 0) {
      return Error{ErrorCode::invalid,
                   "found " + foundText(list[n]) + ", accepted is an integer of at least 0",
                   path + ".ids[" + std::to_string(n) + "]", ""};
    }
    ids.push_back(list[n].integer());
  }
  return std::unique_ptr<Mask>(std::make_unique<Documents>(std::move(ids), context.keys));
}

std::string sentence(const Kinded& entry) {
  std::vector<std::int64_t> ids;
  if (const Value* value = entry.find("ids"); value != nullptr && value->isList()) {
    for (const Value& id : value->list()) {
      if (id.isInteger()) ids.push_back(id.integer());
    }
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return "each token attends to its own document, of " +
         countText(static_cast<std::int64_t>(ids.size()), "document", "documents");
}

/// New tokens belong to the last document.
void fit(Kinded& entry, std::int64_t queries, std::int64_t keys) {
  const Value* ids = entry.find("ids");
  if (ids == nullptr || !ids->isList()) return;
  List list = ids->list();
  const Value last = list.empty() ? Value(0) : list.back();
  list.resize(static_cast<std::size_t>(std::max(queries, keys)), last);
  entry.set("ids", std::move(list));
}

/// Two documents, half the tokens each.
void start(Kinded& entry, std::int64_t queries, std::int64_t keys) {
  const std::int64_t places = std::max(queries, keys);
  List ids;
  for (std::int64_t n = 0; n < places; ++n) ids.emplace_back(2 * n < places ? 0 : 1);
  entry.set("ids", std::move(ids));
}

}  // namespace

MaskKind documentsMask() {
  return {{.kind = "documents",
           .label = "documents",
           .help = "Several documents in one sequence that do not see each other (sequence packing, Krell et "
                   "al. 2021, section 3.2)",
           .keys = {{.name = "ids",
                     .type = KeyType::list,
                     .fallback = nullptr,
                     .words = {},
                     .help = "The document of each token, an integer; where queries and keys differ, of "
                             "each place, counted from 0 in both"}}},
          make,
          sentence,
          fit,
          start};
}

}  // namespace headlight
