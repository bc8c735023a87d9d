#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/attention/tensor_source.h"
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
  std::int64_t keys = 0;              ///< that a token has
  std::vector<bool> paddedKeys = {};  ///< empty when no key is padding
  int heads = 1;
  int batch = 0;  ///< which element of a batch of `batches` (0: there is no batch)
  int batches = 0;
  const TensorSource* tensors = nullptr;  ///< null where files cannot be read, as when only sizes are checked
  std::int64_t extraKeys = 0;             ///< keys behind the tokens' own, kept by every row
};

class Bias;

/// One entry of the mask list. It has one meaning, keep: true where query i may attend to key j.
class Mask {
 public:
  virtual ~Mask() = default;
  /// The kept keys of row `query`, appended as sorted disjoint runs.
  virtual void keptRuns(int head, std::int64_t query, std::vector<KeyRun>& runs) const = 0;
  /// Why (query, key) is dropped, in words with its numbers: "key 9 > query 7".
  virtual std::string reason(int head, std::int64_t query, std::int64_t key) const = 0;
  /// Whether heads differ; else all of them get what head 0 gets.
  virtual bool perHead() const { return false; }
  /// What was found wrong in a file while its rows were read.
  virtual Status problem() const { return {}; }
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
  /// Makes lists over the sequence as long as what was changed, new keys kept and what is outside dropped;
  /// null where there are none.
  void (*fit)(Kinded& entry, std::int64_t queries, std::int64_t keys);
  /// Gives the keys that have no default a first value, for a window that adds the entry; null where every
  /// key has one, and where only a file can give it (needsFile).
  void (*start)(Kinded& entry, std::int64_t queries, std::int64_t keys) = nullptr;
  /// What the entry adds to the scores it keeps; null where it adds nothing.
  Result<std::unique_ptr<Bias>> (*makeBias)(const Kinded& entry, const MaskContext& context,
                                            const std::string& path) = nullptr;
};
std::span<const MaskKind> maskKinds();
const MaskKind* maskKind(std::string_view kind);
/// Whether an entry can only be added by naming a file: it has a key without default, and nothing to start
/// with.
bool needsFile(const MaskKind& kind);

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
  std::int64_t keys() const { return keys_; }  ///< extra keys among them
  /// Sorted, disjoint, not empty runs of row `query`; none when the row keeps no key.
  std::span<const KeyRun> runs(int head, std::int64_t query) const;
  std::int64_t kept(int head, std::int64_t query) const;
  bool keeps(int head, std::int64_t query, std::int64_t key) const;
  bool keepsAll() const { return keepsAll_; }
  /// Whether heads differ.
  bool perHead() const { return perHead_; }
  /// Of one head.
  std::int64_t keptCells(int head) const { return totals(head).keptCells; }
  std::int64_t emptyRows(int head) const { return totals(head).emptyRows; }
  /// Of all heads together.
  std::int64_t keptCells() const;
  /// Index of the first entry that drops the pair, or −1, and its words.
  int droppedBy(int head, std::int64_t query, std::int64_t key, std::string* reason = nullptr) const;
  /// The kind of entry n and what it keeps, as MaskKind::sentence says it.
  struct EntryWords {
    std::string kind;
    std::string rule;
  };
  const EntryWords& words(int n) const { return words_[static_cast<std::size_t>(n)]; }

 private:
  struct Totals {
    std::int64_t keptCells = 0;
    std::int64_t emptyRows = 0;
  };
  void append(const std::vector<KeyRun>& row);
  const Totals& totals(int head) const { return totals_[perHead_ ? static_cast<std::size_t>(head) : 0]; }

  std::int64_t queries_ = 0;
  std::int64_t keys_ = 0;
  std::int64_t tokenKeys_ = 0;
  int heads_ = 1;
  bool perHead_ = false;
  bool keepsAll_ = true;
  std::vector<Totals> totals_;  ///< [1], or [H] where heads differ
  /// Where a row's runs stand in runs_; rows that are alike share theirs.
  struct RowRuns {
    std::size_t first;
    std::size_t count;
  };
  std::vector<RowRuns> rows_;  ///< [queries], or [H · queries] where heads differ; empty when all is kept
  std::vector<KeyRun> runs_;
  KeyRun everything_;
  std::vector<std::shared_ptr<const Mask>> entries_;
  std::vector<EntryWords> words_;  ///< of the entries
};

}  // namespace headlight
