#pragma once
#include "core/base/result.h"
#include "core/base/thread_pool.h"

namespace headlight {

/// task(0) … task(count − 1), over the pool when the work in all is worth waking it (kSmallWork). The results
/// are the same either way. False when `cancel` was requested before all were done.
template <class Task>
bool forEachTask(ThreadPool& pool, double flop, std::int64_t count, const Task& task, const Cancel& cancel) {
  if (flop >= kSmallWork) return pool.run(count, task, cancel);
  for (std::int64_t i = 0; i < count; ++i) {
    if (cancel.requested()) return false;
    task(i);
  }
  return true;
}

/// Eigen cuts long sums by the caches that it finds; after this call the cuts are the same on every machine.
void fixSummationOrder();

inline Error cancelledError() {
  return {ErrorCode::cancelled, "stopped before the end", "", ""};
}

}  // namespace headlight
