#include "core/base/thread_pool.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace headlight {
namespace {

thread_local bool insideTask = false;

/// How often a thread looks for what it waits for before it sleeps: some microseconds, less than waking it
/// takes. Steps of one evaluation follow each other faster than that.
constexpr int kLooks = 4000;

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// True as soon as `condition` is, false when it was not for a while.
template <class Condition>
bool soon(const Condition& condition) {
  for (int look = 0; look < kLooks; ++look) {
    if (condition()) return true;
    pause();
  }
  return condition();
}

/// Marks the thread as working for a pool, so that a nested run() stays in place instead of waiting for
/// itself.
class Inside {
 public:
  Inside() : before_(insideTask) { insideTask = true; }
  ~Inside() { insideTask = before_; }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

 private:
  bool before_;
};

/// One call of run(). It lives on the caller's stack until no worker uses it any more.
struct Job {
  std::int64_t count = 0;
  const std::function<void(std::int64_t)>& task;
  const Cancel& cancel;
  std::atomic<std::int64_t> next{0};
  std::atomic<bool> leftOut{false};
  std::mutex errorMutex;
  std::exception_ptr error;

  void work() {
    const Inside mark;
    for (;;) {
      const std::int64_t index = next.fetch_add(1, std::memory_order_relaxed);
      if (index >= count) return;
      if (cancel.requested() || leftOut.load(std::memory_order_relaxed)) {
        leftOut.store(true, std::memory_order_relaxed);
        return;
      }
      try {
        task(index);
      } catch (...) {
        const std::lock_guard lock(errorMutex);
        if (!error) error = std::current_exception();
        leftOut.store(true, std::memory_order_relaxed);
      }
    }
  }
};

}  // namespace

struct ThreadPool::State {
  std::mutex callers;
  std::mutex mutex;
  std::condition_variable wake;
  std::condition_variable idle;
  Job* job = nullptr;
  // Written under the mutex, looked at without it.
  std::atomic<std::uint64_t> generation{0};
  std::atomic<std::size_t> active{0};
  bool stop = false;
  std::vector<std::thread> workers;

  void serve() {
    std::uint64_t seen = 0;
    std::unique_lock lock(mutex);
    for (;;) {
      wake.wait(lock, [&] { return stop || (job != nullptr && generation != seen); });
      if (stop) return;
      seen = generation;
      Job* mine = job;
      ++active;
      lock.unlock();
      mine->work();
      lock.lock();
      if (--active == 0) idle.notify_all();
      lock.unlock();
      soon([&] { return generation.load(std::memory_order_relaxed) != seen; });
      lock.lock();
    }
  }
};

ThreadPool::ThreadPool(int threads) : state_(std::make_unique<State>()) {
  if (threads < 1) threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  for (int i = 1; i < threads; ++i) {
    // With fewer threads than asked for the results are the same, only later.
    try {
      state_->workers.emplace_back([state = state_.get()] { state->serve(); });
    } catch (const std::system_error&) {
      break;
    }
  }
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stop = true;
  }
  state_->wake.notify_all();
  for (std::thread& worker : state_->workers) worker.join();
}

int ThreadPool::threads() const {
  return static_cast<int>(state_->workers.size()) + 1;
}

bool ThreadPool::run(std::int64_t count, const std::function<void(std::int64_t)>& task,
                     const Cancel& cancel) {
  Job job{.count = count, .task = task, .cancel = cancel, .errorMutex = {}, .error = {}};
  if (insideTask || count <= 1 || state_->workers.empty()) {
    job.work();
  } else {
    const std::lock_guard oneCaller(state_->callers);
    {
      const std::lock_guard lock(state_->mutex);
      state_->job = &job;
      ++state_->generation;
    }
    const auto helpers = static_cast<std::int64_t>(state_->workers.size());
    if (count > helpers) {
      state_->wake.notify_all();
    } else {
      for (std::int64_t i = 1; i < count; ++i) state_->wake.notify_one();
    }
    job.work();
    std::unique_lock lock(state_->mutex);
    state_->job = nullptr;
    lock.unlock();
    soon([&] { return state_->active.load(std::memory_order_relaxed) == 0; });
    lock.lock();
    state_->idle.wait(lock, [&] { return state_->active == 0; });
  }
  if (job.error) std::rethrow_exception(job.error);
  return !job.leftOut.load(std::memory_order_relaxed);
}

}  // namespace headlight
