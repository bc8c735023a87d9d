#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "core/attention/field.h"
#include "core/attention/run.h"

namespace headlight::bench {

/// Experiments of the core's benchmarks, with standard normal numbers of one seed.
struct WorkShape {
  std::int64_t tokens = 512;
  int heads = 8;
  std::int64_t width = 64;
  bool causal = true;
  bool layer = false;  ///< X and projections instead of q, k and v
  bool values = true;
};
AttentionPlan planOf(const WorkShape& shape);

/// Evaluates the plan again and again as if its numbers had just changed: mask and weights are known from the
/// run before, nothing else.
class Repeated {
 public:
  Repeated(const AttentionPlan& plan, ThreadPool& pool, const AttendOptions& options = {});
  std::shared_ptr<const Run> operator()();

 private:
  AttentionPlan plan_;
  ThreadPool& pool_;
  AttendOptions options_;
  Run known_;
  std::uint64_t turn_ = 0;
};

/// Least seconds of a call: at least so many runs and seconds of them, after a warm-up.
template <class Work>
double leastSeconds(const Work& work, int runs = 5, double seconds = 0.12);

/// Seconds of a clock that only runs forward.
double now();
/// The most memory that this process has had, in MB.
double peakMegabytes();
/// "AMD EPYC, 2 threads, avx512".
std::string machineName();

template <class Work>
double leastSeconds(const Work& work, int runs, double seconds) {
  const double warm = now() + seconds / 2;
  do work();
  while (now() < warm);
  double best = 1e30;
  const double begin = now();
  for (int count = 0; count < runs || now() - begin < seconds; ++count) {
    const double start = now();
    work();
    const double took = now() - start;
    if (took < best) best = took;
  }
  return best;
}

}  // namespace headlight::bench
