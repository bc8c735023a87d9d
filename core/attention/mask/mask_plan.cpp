#include "core/attention/mask/mask.h"
#include "core/attention/mask/runs.h"
#include "core/attention/work.h"
#include "core/base/words.h"

namespace headlight {
namespace {

/// 512 MiB of runs: a mask of more pieces is refused rather than held.
constexpr std::size_t kMostRuns = std::size_t{1} << 25;

Error unknownKind(const Kinded& entry, const std::string& path) {
  std::vector<std::string> names;
  for (const MaskKind& kind : maskKinds()) names.emplace_back(kind.spec.kind);
  return {ErrorCode::invalid, "found " + quoted(entry.kind) + ", accepted is " + orList(names),
          path + ".kind", didYouMean(entry.kind, names)};
}

Result<std::unique_ptr<Mask>> makeMask(const Kinded& entry, const MaskContext& context,
                                       const std::string& path) {
  const MaskKind* kind = maskKind(entry.kind);
  if (kind == nullptr) return unknownKind(entry, path);
  for (const KeySpec& key : kind->spec.keys) {
    const Value* value = entry.find(key.name);
    if (value == nullptr) continue;
    if (const Status status = checkKey(*value, key, path + "." + std::string(key.name)); !status) {
      return status.error();
    }
  }
  return kind->make(entry, context, path);
}

/// Joins neighbours and leaves out what is empty, so that equal sets are equal lists.
void normalize(std::vector<KeyRun>& runs) {
  std::size_t count = 0;
  for (const KeyRun& run : runs) {
    if (run.begin >= run.end) continue;
    if (count > 0 && runs[count - 1].end == run.begin) {
      runs[count - 1].end = run.end;
    } else {
      runs[count++] = run;
    }
  }
  runs.resize(count);
}

}  // namespace

Result<std::shared_ptr<const MaskPlan>> MaskPlan::compile(std::span<const Kinded> entries,
                                                          const MaskContext& context, const Cancel& cancel) {
  auto plan = std::make_shared<MaskPlan>();
  plan->queries_ = context.queries;
  plan->keys_ = context.keys + context.extraKeys;
  plan->tokenKeys_ = context.keys;
  plan->heads_ = context.heads;
  plan->everything_ = {0, plan->keys_};
  for (std::size_t n = 0; n < entries.size(); ++n) {
    auto mask = makeMask(entries[n], context, "mask[" + std::to_string(n) + "]");
    if (!mask) return mask.error();
    plan->perHead_ = plan->perHead_ || (*mask)->perHead();
    plan->entries_.push_back(std::move(*mask));
    plan->words_.push_back({entries[n].kind, maskKind(entries[n].kind)->sentence(entries[n])});
  }
  const std::int64_t different = plan->perHead_ ? context.heads : 1;
  plan->rows_.reserve(static_cast<std::size_t>(different * context.queries));
  std::vector<KeyRun> row;
  std::vector<KeyRun> kept;
  for (std::int64_t n = 0; n < different * context.queries; ++n) {
    if (cancel.requested()) return cancelledError();
    const auto head = static_cast<int>(n / context.queries);
    const std::int64_t i = n % context.queries;
    if (i == 0) plan->totals_.emplace_back();
    row.assign(1, KeyRun{0, context.keys});
    for (const auto& entry : plan->entries_) {
      kept.clear();
      entry->keptRuns(head, i, kept);
      row = intersection(row, kept);
    }
    row.push_back({context.keys, plan->keys_});
    normalize(row);
    plan->append(row);
    if (plan->runs_.size() > kMostRuns) {
      return Error{ErrorCode::invalid,
                   "the kept keys fall into more than " + std::to_string(kMostRuns) +
                       " separate pieces over all queries, which is more than is held in memory",
                   "mask", "Shorten the sequence, or keep longer stretches of keys"};
    }
  }
  for (const auto& entry : plan->entries_) {
    if (const Status status = entry->problem(); !status) return status.error();
  }
  plan->keepsAll_ = plan->keptCells() == plan->heads_ * plan->queries_ * plan->keys_;
  if (plan->keepsAll_) {
    plan->rows_ = {};
    plan->runs_ = {};
  }
  return std::shared_ptr<const MaskPlan>(std::move(plan));
}

void MaskPlan::append(const std::vector<KeyRun>& row) {
  // Rows that are alike share their runs: what depends on the key alone is stored once.
  const std::span<const KeyRun> before =
      rows_.empty() ? std::span<const KeyRun>()
                    : std::span(runs_).subspan(rows_.back().first, rows_.back().count);
  if (rows_.empty() || !std::equal(row.begin(), row.end(), before.begin(), before.end())) {
    rows_.push_back({runs_.size(), row.size()});
    runs_.insert(runs_.end(), row.begin(), row.end());
  } else {
    rows_.push_back(rows_.back());
  }
  for (const KeyRun& run : row) totals_.back().keptCells += run.end - run.begin;
  if (row.empty()) ++totals_.back().emptyRows;
}

std::span<const KeyRun> MaskPlan::runs(int head, std::int64_t query) const {
  if (keepsAll_) return {&everything_, 1};
  const RowRuns& row = rows_[static_cast<std::size_t>((perHead_ ? head * queries_ : 0) + query)];
  return std::span(runs_).subspan(row.first, row.count);
}

std::int64_t MaskPlan::keptCells() const {
  std::int64_t sum = 0;
  for (const Totals& head : totals_) sum += head.keptCells;
  return perHead_ ? sum : sum * heads_;
}

std::int64_t MaskPlan::kept(int head, std::int64_t query) const {
  std::int64_t count = 0;
  for (const KeyRun& run : runs(head, query)) count += run.end - run.begin;
  return count;
}

bool MaskPlan::keeps(int head, std::int64_t query, std::int64_t key) const {
  const std::span<const KeyRun> row = runs(head, query);
  const KeyRun* run = runBehind(row, key);
  return run != row.data() + row.size() && run->begin <= key;
}

int MaskPlan::droppedBy(int head, std::int64_t query, std::int64_t key, std::string* reason) const {
  if (key >= tokenKeys_) return -1;
  std::vector<KeyRun> row;
  for (std::size_t n = 0; n < entries_.size(); ++n) {
    row.clear();
    entries_[n]->keptRuns(head, query, row);
    const KeyRun* run = runBehind(row, key);
    if (run != row.data() + row.size() && run->begin <= key) continue;
    if (reason != nullptr) *reason = entries_[n]->reason(head, query, key);
    return static_cast<int>(n);
  }
  return -1;
}

}  // namespace headlight
