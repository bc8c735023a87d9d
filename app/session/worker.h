#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "app/session/home_queue.h"
#include "core/base/cancel.h"
#include "core/base/thread_pool.h"

namespace headlight {

/// One thread that does what the interface thread must not. It has three lanes: a waiting slot where the
/// newest job replaces the one before, a pile of small jobs of which the one asked for last goes first, and a
/// line where every job is done in its turn. The slot goes before the pile, the pile before the line.
class Worker {
 public:
  /// What remains to be done on the interface thread; may be empty.
  using Home = std::function<void()>;
  /// Gets the threads to work with and the request to stop.
  using Job = std::function<Home(ThreadPool&, const Cancel&)>;
  // Of each job `failed` is brought home instead when memory does not suffice for it.

  Worker(int threads, std::shared_ptr<HomeQueue> home);
  /// Stops what is under way, leaves out what waits in slot and pile, finishes the line.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Puts a job into the slot. A small job that keeps the thread from it for long is stopped.
  void replace(Job job, Home failed = {});
  /// Puts a small job on the pile, or on top of it again; nothing when one of that key is under way. A `long`
  /// one goes below all others, and is stopped when another comes that is not.
  void add(std::uint64_t key, Job job, Home failed = {}, bool isLong = false);
  /// The long job under way, if any.
  std::optional<std::uint64_t> longUnderWay() const;
  void cancelLong();
  /// True while a small job that is not long waits or is under way.
  bool smallWaiting() const;
  /// Leaves out the small jobs that wait.
  void clearSmall();
  /// Puts a job at the end of the line.
  void append(Job job, Home failed = {});

  /// How long the slot's job under way has run, in seconds; nothing when none is.
  std::optional<double> slotSeconds() const;
  bool slotWaiting() const;
  /// Asks the slot's job under way to stop; `andWaiting` empties the slot as well.
  void cancelSlot(bool andWaiting);

  /// Wakes the window once, this much later (the earliest request counts).
  void wakeIn(double seconds);
  /// Nothing waits and nothing is under way.
  bool idle() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A job that runs longer than this may be stopped for a newer one; below it, finishing is as quick.
inline constexpr double kInstant = 0.05;

}  // namespace headlight
