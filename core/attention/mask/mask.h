#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/cancel.h"
#include "core/base/kinds.h"
#include "core/base/result.h"

namespace headlight {

/// Keys [begin, end) of one row.
struct KeyRun {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  bool operator==(const KeyRun&) const = default;
};

/// What a mask may need to know beside its own keys.
struct MaskContext {
  std::int64_t queries = 0;
  std::int64_t keys = 0;
  std::vector<bool> paddedKeys;  ///< empty when no key is padding
};

/// One entry of the mask list. It has one meaning, keep: true where query i may attend to key j.
class Mask {
 public:
  virtual ~Mask() = default;
  /// The kept keys of row `query`, appended as sorted disjoint runs.
  virtual void keptRuns(std::int64_t query, std::vector<KeyRun>& runs) const = 0;
  /// Why (query, key) is dropped, in words with its numbers: "key 9 > query 7".
  virtual std::string reason(std::int64_t query, std::int64_t key) const = 0;
};

/// A row of the table of masks: a new mask is one file with all of this, and one line in mask_table.cpp.
struct MaskKind {
  KindSpec spec;
  /// `path` is the entry's JSON path, for errors.
  Result<std::unique_ptr<Mask>> (*make)(const Kinded& entry, const MaskContext& context,
                                        const std::string& path);
  /// What the entry keeps, as a sentence without its full stop: "each token attends to itself and to the
  /// tokens before it".
  std::string (*sentence)(const Kinded& entry);
  /// Makes lists over the keys as long as the sequence that was changed, new keys kept; null where there are
  /// none.
  void (*fit)(Kinded& entry, std::int64_t keys);
};
std::span<const MaskKind> maskKinds();
const MaskKind* maskKind(std::string_view kind);

/// All entries together, compiled to the few runs of kept keys per row: a pair is kept when every entry keeps
/// it.
class MaskPlan {
 public:
  /// `entries` may be empty: everything is kept.
  /// Errors: an invalid entry (JSON path), more pieces than are held in memory, cancelled.
  static Result<std::shared_ptr<const MaskPlan>> compile(std::span<const Kinded> entries,
                                                         const MaskContext& context,
                                                         const Cancel& cancel = {});
  std::int64_t queries() const { return queries_; }
  std::int64_t keys() const { return keys_; }
  /// Sorted, disjoint, not empty runs of row `query`; none when the row keeps no key.
  std::span<const KeyRun> runs(std::int64_t query) const;
  std::int64_t kept(std::int64_t query) const;
  bool keeps(std::int64_t query, std::int64_t key) const;
  bool keepsAll() const { return keepsAll_; }
  std::int64_t keptCells() const { return keptCells_; }
  std::int64_t emptyRows() const { return emptyRows_; }
  /// Index of the first entry that drops the pair, or −1, and its words.
  int droppedBy(std::int64_t query, std::int64_t key, std::string* reason = nullptr) const;

 private:
  void append(const std::vector<KeyRun>& row);

  std::int64_t queries_ = 0;
  std::int64_t keys_ = 0;
  bool keepsAll_ = true;
  std::int64_t keptCells_ = 0;
  std::int64_t emptyRows_ = 0;
  /// Where a row's runs stand in runs_; rows that are alike share theirs.
  struct RowRuns {
    std::size_t first;
    std::size_t count;
  };
  std::vector<RowRuns> rows_;  ///< [queries], empty when all is kept
  std::vector<KeyRun> runs_;
  KeyRun everything_;
  std::vector<std::shared_ptr<const Mask>> entries_;
};

}  // namespace headlight
