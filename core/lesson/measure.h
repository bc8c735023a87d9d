#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/lesson/quantity.h"

namespace headlight {

/// One number that a lesson measures: a quantity of an experiment, or two such numbers put together.
struct Measure {
  enum class Kind { quantity, ratio, difference };
  Kind kind = Kind::quantity;

  Kinded call;                  ///< the quantity and its keys
  bool ofLearner = false;       ///< of the experiment as the learner has it now, else of the lesson's start
  std::vector<Member> with;     ///< changes of it, by path
  std::vector<Member> against;  ///< for quantities of two states: the changes that lead to the other

  std::string first;  ///< of ratio and difference: names of measures
  std::string second;

  bool operator==(const Measure&) const = default;
};

/// By name, in the order of the file.
using Measures = std::vector<std::pair<std::string, Measure>>;
const Measure* findMeasure(const Measures& measures, std::string_view name);

/// Evaluates what a lesson measures. What is evaluated once is kept as long as the bench: the same changes of
/// the start are not computed twice. Safe from several threads.
class Bench {
 public:
  /// `start` and the measures by name; relative tensor files are sought in `folder`.
  Bench(Experiment start, std::string folder, Measures measures, ThreadPool& pool, Cancel cancel = {});

  const Experiment& start() const { return start_; }
  ThreadPool& pool() const { return pool_; }
  const Cancel& cancel() const { return cancel_; }
  /// A measure by name or as it is. `learner` may be null: then the learner's experiment is the start.
  /// Errors: a change does not fit the experiment, the quantity cannot be read from it.
  Result<double> number(std::string_view name, const Experiment* learner = nullptr);
  Result<double> number(const Measure& measure, const Experiment* learner = nullptr);
  /// The start with changes, evaluated. Errors (invalid): a change does not fit; more cells than a lesson may
  /// measure, unless `anySize`: then it has sizes and masks, but no statistics and outputs.
  Result<std::shared_ptr<const Evaluation>> evaluated(const Experiment& base,
                                                      const std::vector<Member>& changes, bool gradients,
                                                      bool anySize = false);

 private:
  Experiment start_;
  std::string folder_;
  Measures measures_;
  ThreadPool& pool_;
  Cancel cancel_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Evaluation>> kept_;
};

}  // namespace headlight
