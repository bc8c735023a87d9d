#include "app/session/home_queue.h"

#include <chrono>
#include <utility>

namespace headlight {

void HomeQueue::post(std::function<void()> todo) {
  const bool something = static_cast<bool>(todo);
  {
    const std::lock_guard lock(mutex_);
    if (something) todo_.push_back(std::move(todo));
    posted_ = true;
  }
  arrived_.notify_all();
  if (something) wake();
}

void HomeQueue::wake() {
  const std::lock_guard lock(wakeMutex_);
  if (wake_) wake_();
}

std::vector<std::function<void()>> HomeQueue::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(todo_, {});
}

void HomeQueue::wait(double seconds) {
  std::unique_lock lock(mutex_);
  arrived_.wait_for(lock, std::chrono::duration<double>(seconds), [this] { return posted_; });
  posted_ = false;
}

void HomeQueue::close() {
  const std::lock_guard lock(wakeMutex_);
  wake_ = nullptr;
}

}  // namespace headlight
