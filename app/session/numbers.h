#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "app/session/byte_cache.h"
#include "app/session/product.h"
#include "app/session/worker.h"
#include "core/experiment/evaluate.h"
#include "core/picture/range.h"

namespace headlight {

/// What tiles may hold together.
inline constexpr std::size_t kTileBytes = std::size_t{256} << 20;

/// The newest evaluation and what was made from it. An evaluation comes home together with what was visible
/// when it was asked for, so that a dragged slider moves whole pictures; everything else (and while a slider
/// is dragged what waitsForRest) is made when it is looked at and kept by keys, which a change of another
/// stage leaves as they are. Of long sequences a preliminary evaluation comes first, without statistics and
/// outputs but with all cells that are looked at closely; the whole one follows.
class Numbers {
 public:
  Numbers(int threads, std::function<double()> seconds, std::shared_ptr<HomeQueue> home,
          std::size_t tileBytes = kTileBytes);

  /// Asks for the numbers of a document; the newest request wins. `live`: more of the kind will follow.
  /// Between different `document`s nothing is said to have changed.
  void request(const Experiment& experiment, const std::string& folder, bool live, int document);
  /// The next evaluation shares with this one what is the same in both, where nothing was evaluated yet.
  void startFrom(std::shared_ptr<const Evaluation> evaluation);
  /// Lets go of all numbers and of what was asked for.
  void clear();
  /// A drag begins: its first evaluation is not stopped.
  void dragBegins() { deliveredSinceStop_ = 0; }
  void cancel();
  /// Once a frame: what was asked for since the last call is what is visible; stops what is superseded.
  void frame();
  /// Called when an evaluation has come home.
  std::function<void()> onArrival;

  bool busy() const { return busy_; }
  /// True when the evaluation is that of the newest request, preliminary or whole.
  bool current() const { return evaluation_ && arrivedNumber_ == newest_; }
  double busySeconds() const { return busy_ ? seconds_() - busySince_ : 0; }
  /// Seconds from a request until all was ready to come home, of the slower evaluations of late.
  double answerSeconds() const { return answerSeconds_; }
  /// True while something small is made that was looked at.
  bool answersSmall() const { return worker_.smallWaiting(); }
  double progress() const;
  /// How long the pass under way will still take if it goes on as so far; nothing before that can be told.
  std::optional<double> secondsLeft() const;
  bool idle() const { return worker_.idle() && passes_.idle(); }

  const std::shared_ptr<const Evaluation>& evaluation() const { return evaluation_; }
  const std::optional<Error>& error() const { return error_; }
  bool changed(Stage stage) const;

  /// `large`: it is looked at closely enough to be worth computing however many cells it takes; else a tile
  /// of too many is blank, classes notComputed.
  std::shared_ptr<const Tile> tile(Stage stage, int head, int level, std::int64_t r, std::int64_t c,
                                   bool large = true);
  std::shared_ptr<const FieldStatistics> statistics(Stage stage, int head);
  std::shared_ptr<const Received> received(int head);
  std::shared_ptr<const Explanation> explanation(Stage stage, int head, std::int64_t row, std::int64_t col);
  std::shared_ptr<const RowValues> row(Stage stage, int head, std::int64_t row);
  std::shared_ptr<const StrongestKeys> strongest(Stage stage, int head, std::int64_t block);
  std::shared_ptr<const std::string> description(Stage stage, int head, const std::int64_t* cell);
  /// What is made for all heads at once; `head` matters to a projection alone.
  std::shared_ptr<const HeadProduct> ofHeads(Wanted wanted);
  std::optional<Range> range(Stage stage, int head, const ViewSpec& view);
  std::vector<std::shared_ptr<const FieldStatistics>> rangeStatistics(Stage stage, int head,
                                                                      const ViewSpec& view);
  /// Rows and columns of a stage; nothing when the evaluation does not have it.
  std::optional<std::pair<std::int64_t, std::int64_t>> shape(Stage stage, int head);

 private:
  using Statistics = std::shared_ptr<const FieldStatistics>;
  // Below, heads are those of fieldHead.
  const Field* field(Stage stage, int head);
  Statistics headStatistics(Stage stage, int head, const std::vector<std::int64_t>& leaveOut = {},
                            bool onlyExtremes = false);
  /// The last evaluation as the workers know it.
  struct Last {
    std::mutex mutex;
    std::shared_ptr<const Evaluation> evaluation;

    std::shared_ptr<const Evaluation> get();
    void set(std::shared_ptr<const Evaluation> next);
  };
  /// `seconds`: from the request until it was ready.
  void arrived(std::uint64_t number, std::shared_ptr<const Evaluation> evaluation,
               std::vector<Product> products, int document, double seconds);
  /// The pass over all cells that a preliminary evaluation is still without.
  void complete(std::uint64_t number, int document);
  /// What of the overviews that pass has made until now.
  void sighted(std::uint64_t number, std::shared_ptr<const Evaluation> seen);
  bool completes(std::uint64_t number) const;
  void failed(std::uint64_t number, const Error& error);
  void stopSuperseded();
  void keep(Product product);
  /// productKey, of what speaks of the experiment too a name of its own in each evaluation.
  std::uint64_t keyOf(const Field& source, const Wanted& wanted) const;
  template <class T>
  std::shared_ptr<const T> look(const Wanted& wanted, ByteCache<T>& cache);
  /// A tile of which nothing is computed.
  std::shared_ptr<const Tile> blank(const Field& source, const Wanted& wanted);
  /// Of a stage's head, or of all heads where they share a range; `leaveOut`: keys that do not count.
  std::vector<Statistics> fieldsStatistics(Stage stage, int head, bool shared,
                                           const std::vector<std::int64_t>& leaveOut,
                                           bool onlyExtremes = false);

  std::function<double()> seconds_;
  std::shared_ptr<const Evaluation> evaluation_;
  int document_ = 0;         ///< of the evaluation
  std::uint64_t texts_ = 0;  ///< of its tokens (textsKey)
  std::uint64_t arrivals_ = 0;
  std::array<std::uint64_t, kStageCount> keysBefore_{};
  std::optional<Error> error_;
  std::uint64_t newest_ = 0;
  std::uint64_t arrivedNumber_ = 0;
  std::uint64_t clearedNumber_ = 0;  ///< requests up to here are of no use any more
  double passed_ = 0;                ///< share of the pass that is done
  double passSince_ = 0;
  bool busy_ = false;
  bool live_ = false;
  double busySince_ = 0;
  double lastSeconds_ = 0;
  double answerSeconds_ = 0;
  double requestedAt_ = 0;
  int deliveredSinceStop_ = 0;
  std::map<std::pair<Stage, int>, std::optional<Field>> fields_;
  std::vector<Wanted> asked_;
  std::unordered_set<std::uint64_t> askedKeys_;
  std::vector<Wanted> visible_;
  std::unordered_set<std::uint64_t> impossible_;
  ByteCache<Tile> tiles_;
  ByteCache<FieldStatistics> statistics_;
  ByteCache<Received> received_;
  ByteCache<Explanation> explanations_;
  ByteCache<HeadProduct> ofHeads_;
  ByteCache<RowValues> rows_;
  ByteCache<StrongestKeys> strongest_;
  ByteCache<std::string> descriptions_;
  std::shared_ptr<Last> last_;
  std::shared_ptr<HomeQueue> home_;
  Worker worker_;  // these two end first: their jobs touch what is above
  Worker passes_;  ///< does nothing but the passes, so that what is looked at meanwhile is not held up
};

/// Whether a drag leaves it for later: it takes time, and no colour hangs on it. That are the counts of the
/// heads beside the one that is shown, where the pass over the weights tells their range, and the patterns of
/// the heads.
bool waitsForRest(const Run& run, const ViewSpec& view, const Wanted& wanted);
/// Cells of all heads from which on a drag leaves something for later.
inline constexpr std::int64_t kManyForDrag = std::int64_t{1} << 17;
/// A drag rests when it asked for nothing new for so many seconds.
inline constexpr double kRest = 0.04;

/// More than a frame asks for; the rest is made when it is looked at.
inline constexpr std::size_t kMostAsked = 4096;
/// Above so many cells of all heads together a preliminary evaluation comes first.
inline constexpr std::int64_t kPreliminaryCells = std::int64_t{1} << 27;

}  // namespace headlight
