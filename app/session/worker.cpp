#include "app/session/worker.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace headlight {
namespace {

using Clock = std::chrono::steady_clock;

/// More small jobs than any window shows tiles: older ones are asked for again when they are looked at again.
constexpr std::size_t kMostSmall = 2048;

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

struct Worker::State {
  struct Task {
    Job job;
    Home failed;
  };
  struct Small {
    std::uint64_t key;
    Task task;
    bool isLong = false;
  };
  enum class Lane { none, slot, small, line };

  int threads = 0;
  std::shared_ptr<HomeQueue> home;
  mutable std::mutex mutex;
  std::condition_variable changed;
  Task slot;
  std::deque<Small> pile;  // the newest at the back
  std::deque<Task> line;
  Lane lane = Lane::none;  // of the job under way
  std::uint64_t smallKey = 0;
  bool smallIsLong = false;
  Cancel cancel;
  Clock::time_point started;
  std::optional<Clock::time_point> alarm;
  bool leaving = false;
  std::thread thread;

  /// Under the lock: the next task, or one without a job.
  Task next() {
    if (slot.job) {
      lane = Lane::slot;
      return std::exchange(slot, {});
    }
    if (!pile.empty()) {
      lane = Lane::small;
      smallKey = pile.back().key;
      smallIsLong = pile.back().isLong;
      Task task = std::move(pile.back().task);
      pile.pop_back();
      return task;
    }
    if (!line.empty()) {
      lane = Lane::line;
      Task task = std::move(line.front());
      line.pop_front();
      return task;
    }
    lane = Lane::none;
    return {};
  }

  void work() {
    std::unique_ptr<ThreadPool> pool;
    std::unique_lock lock(mutex);
    while (true) {
      if (alarm && Clock::now() >= *alarm) {
        alarm.reset();
        lock.unlock();
        home->wake();
        lock.lock();
      }
      Task task = next();
      if (!task.job) {
        if (leaving) return;
        if (alarm) {
          changed.wait_until(lock, *alarm);
        } else {
          changed.wait(lock);
        }
        continue;
      }
      started = Clock::now();
      cancel = Cancel::make();
      if (leaving && lane != Lane::line) cancel.request();
      const Cancel mine = cancel;
      lock.unlock();
      if (!pool) pool = std::make_unique<ThreadPool>(threads);
      Home todo;
      try {
        todo = task.job(*pool, mine);
      } catch (const std::exception&) {
        // Out of memory; nothing else is thrown by what is called here.
        todo = std::move(task.failed);
      }
      task = {};
      // First home, then idle: who sees the thread idle finds all results in the queue.
      home->post(std::move(todo));
      lock.lock();
      lane = Lane::none;
      lock.unlock();
      home->post(nullptr);
      lock.lock();
    }
  }
};

Worker::Worker(int threads, std::shared_ptr<HomeQueue> home) : state_(std::make_unique<State>()) {
  state_->threads = threads;
  state_->home = std::move(home);
  state_->thread = std::thread([state = state_.get()] { state->work(); });
}

Worker::~Worker() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->leaving = true;
    state_->slot = {};
    state_->pile.clear();
    if (state_->lane != State::Lane::line) state_->cancel.request();
  }
  state_->changed.notify_all();
  state_->thread.join();
}

void Worker::replace(Job job, Home failed) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->slot = {std::move(job), std::move(failed)};
    if (state_->lane == State::Lane::small && secondsSince(state_->started) > kInstant) {
      state_->cancel.request();
    }
  }
  state_->changed.notify_all();
}

void Worker::add(std::uint64_t key, Job job, Home failed, bool isLong) {
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->lane == State::Lane::small && state_->smallKey == key) return;
    auto& pile = state_->pile;
    const auto same =
        std::find_if(pile.begin(), pile.end(), [&](const State::Small& small) { return small.key == key; });
    if (same != pile.end()) pile.erase(same);
    if (isLong) {
      const auto place =
          std::find_if(pile.begin(), pile.end(), [](const State::Small& small) { return !small.isLong; });
      pile.insert(place, {key, {std::move(job), std::move(failed)}, true});
    } else {
      pile.push_back({key, {std::move(job), std::move(failed)}});
      if (state_->lane == State::Lane::small && state_->smallIsLong) state_->cancel.request();
    }
    if (pile.size() > kMostSmall) pile.pop_front();
  }
  state_->changed.notify_all();
}

std::optional<std::uint64_t> Worker::longUnderWay() const {
  const std::lock_guard lock(state_->mutex);
  if (state_->lane != State::Lane::small || !state_->smallIsLong) return std::nullopt;
  return state_->smallKey;
}

void Worker::cancelLong() {
  const std::lock_guard lock(state_->mutex);
  if (state_->lane == State::Lane::small && state_->smallIsLong) state_->cancel.request();
}

bool Worker::smallWaiting() const {
  const std::lock_guard lock(state_->mutex);
  if (state_->lane == State::Lane::small && !state_->smallIsLong) return true;
  const auto& pile = state_->pile;
  return std::any_of(pile.begin(), pile.end(), [](const State::Small& small) { return !small.isLong; });
}

void Worker::clearSmall() {
  const std::lock_guard lock(state_->mutex);
  state_->pile.clear();
}

void Worker::append(Job job, Home failed) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->line.push_back({std::move(job), std::move(failed)});
  }
  state_->changed.notify_all();
}

std::optional<double> Worker::slotSeconds() const {
  const std::lock_guard lock(state_->mutex);
  if (state_->lane != State::Lane::slot) return std::nullopt;
  return secondsSince(state_->started);
}

bool Worker::slotWaiting() const {
  const std::lock_guard lock(state_->mutex);
  return static_cast<bool>(state_->slot.job);
}

void Worker::cancelSlot(bool andWaiting) {
  const std::lock_guard lock(state_->mutex);
  if (state_->lane == State::Lane::slot) state_->cancel.request();
  if (andWaiting) state_->slot = {};
}

void Worker::wakeIn(double seconds) {
  {
    const auto duration = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    const Clock::time_point when = Clock::now() + duration;
    const std::lock_guard lock(state_->mutex);
    if (!state_->alarm || when < *state_->alarm) state_->alarm = when;
  }
  state_->changed.notify_all();
}

bool Worker::idle() const {
  const std::lock_guard lock(state_->mutex);
  return state_->lane == State::Lane::none && !state_->slot.job && state_->pile.empty() &&
         state_->line.empty();
}

}  // namespace headlight
