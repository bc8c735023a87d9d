#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/session/byte_cache.h"
#include "app/session/numbers.h"
#include "app/session/worker.h"
#include "core/attention/field_difference.h"
#include "core/experiment/evaluate.h"

namespace headlight {

/// What the shown map is compared with.
struct Comparison {
  enum class With : std::uint8_t { head, stage, file, snapshot, before };
  With with = With::head;
  int head = 0;                  ///< With::head; kMeanHead for the mean
  Stage stage = Stage::weights;  ///< With::stage
  std::string file;              ///< With::file: an experiment, as seen from the document's folder

  bool operator==(const Comparison&) const = default;
  /// Snapshot and before come first, as A; what else is compared stands behind the shown map, as B.
  bool comesFirst() const { return with == With::snapshot || with == With::before; }
  /// The other map is of another experiment.
  bool isOther() const { return with == With::file || comesFirst(); }
};
/// As `view.compare` spells it: {"head": 3}, {"stage": "scaled"} or {"file": "other.headlight.json"}.
std::optional<Comparison> readComparison(const Value& compare);
/// Null for nothing, and for what only the session knows.
Value writeComparison(const std::optional<Comparison>& comparison);

/// One of the two maps. Its name is math markup followed by plain text: "d_k" and "8".
struct ComparedMap {
  Numbers* numbers = nullptr;
  Stage stage = Stage::weights;
  int head = 0;
  std::string markup;
  std::string words;
  bool isShown = false;  ///< the one that the view's stage and head mean
};

inline constexpr int kLargestDifferences = 5;

/// Two maps, A and B, of one shape and their difference A − B. The numbers of another experiment are
/// evaluated like the document's; tiles, statistics and the largest differences are made by a worker of its
/// own when they are looked at, and kept by keys: what belongs to older maps is never taken for newer.
class Compare {
 public:
  Compare(int threads, std::function<double()> seconds, std::shared_ptr<HomeQueue> home);

  /// The numbers of another experiment, for as long as they are compared with.
  Numbers& other();
  /// Lets go of them and of everything that was made.
  void clear();
  /// Once a frame.
  void frame();
  bool idle() const;
  bool busy() const { return other_ && other_->busy(); }
  double busySeconds() const { return other_ ? other_->busySeconds() : 0; }
  /// Of the other experiment's evaluation, 0 … 1.
  double progress() const { return other_ ? other_->progress() : 1; }
  void cancel();

  /// Says what is compared. `obstacle` non-empty: why it cannot be.
  void show(ComparedMap a, ComparedMap b, std::string obstacle);

  const ComparedMap& map(int which) const { return maps_[static_cast<std::size_t>(which)]; }
  /// Why there is no difference, a sentence without its full stop; empty when there is one, or soon will be.
  const std::string& obstacle() const { return obstacle_; }
  /// Null while the numbers of either are on their way, and where there is an obstacle.
  const FieldDifference* difference() const { return difference_ ? &*difference_ : nullptr; }
  std::shared_ptr<const Evaluation> evaluation(int which) const;

  // Null while not ready; asking starts the work. `which`: 0 is A, 1 is B.
  std::shared_ptr<const Tile> tile(int which, int level, std::int64_t r, std::int64_t c);
  std::shared_ptr<const FieldStatistics> statistics(int which);
  std::shared_ptr<const Explanation> explanation(int which, std::int64_t row, std::int64_t col);
  std::shared_ptr<const Tile> differenceTile(int level, std::int64_t r, std::int64_t c);
  std::shared_ptr<const FieldStatistics> differenceStatistics();
  /// The kLargestDifferences cells that differ most.
  std::shared_ptr<const LargestDifferences> largest();
  /// The statistics that the colours of A and B span: of both maps, and of their stages' other heads where
  /// the view shares one range.
  std::optional<Range> range(const ViewSpec& view);
  /// Symmetric about 0.
  std::optional<Range> differenceRange();

 private:
  struct Made {
    std::shared_ptr<const Tile> tile{};
    std::shared_ptr<const FieldStatistics> statistics{};
    std::shared_ptr<const LargestDifferences> largest{};
  };
  using Make = std::function<Made(const FieldDifference&, ThreadPool&, const Cancel&)>;
  template <class T>
  std::shared_ptr<const T> look(std::uint64_t key, ByteCache<T>& cache, double cells, const Make& make);
  void keep(std::uint64_t key, Made made);
  Stage explainedStage(int which) const;

  int threads_;
  std::function<double()> seconds_;
  std::shared_ptr<HomeQueue> home_;
  std::array<ComparedMap, 2> maps_;
  std::string obstacle_;
  std::optional<FieldDifference> difference_;
  std::uint64_t key_ = 0;  ///< of the difference
  std::uint64_t failed_ = 0;
  ByteCache<Tile> tiles_;
  ByteCache<FieldStatistics> statistics_;
  ByteCache<LargestDifferences> largest_;
  // Made when something is compared for the first time; their jobs touch what is above.
  std::unique_ptr<Numbers> other_;
  std::unique_ptr<Worker> worker_;
};

/// What of two experiments differs, from their parameters: "d_k" with "8" and "16". The first difference, and
/// how many more there are; no label where the tables of parameters tell none.
struct DifferenceName {
  std::string markup;  ///< of the parameter
  std::string a;
  std::string b;
  int more = 0;
};
DifferenceName differenceName(const Evaluation& a, const Evaluation& b);

}  // namespace headlight
