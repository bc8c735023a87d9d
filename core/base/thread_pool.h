#pragma once
#include <cstdint>
#include <functional>
#include <memory>

#include "core/base/cancel.h"

namespace headlight {

/// A fixed set of workers. Tasks are claimed in order of their index, each is done whole by one thread, so
/// results that are reduced inside a task have the same bits for any number of threads.
class ThreadPool {
 public:
  /// `threads` < 1 means all the machine has. The calling thread works too, so 1 starts no other.
  explicit ThreadPool(int threads = 0);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const;

  /// Calls task(0) … task(count − 1), each once, and returns when all are done. When `cancel` is requested,
  /// tasks not yet begun are left out and false is returned. One caller at a time; calls from inside a task
  /// run in place.
  bool run(std::int64_t count, const std::function<void(std::int64_t)>& task, const Cancel& cancel = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The work below which waking other threads costs more than it saves (about 5 MFLOP).
inline constexpr double kSmallWork = 5e6;

}  // namespace headlight
