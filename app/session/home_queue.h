#pragma once
#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

namespace headlight {

/// What other threads leave to be done on the interface thread, in the order it came. Each arrival wakes the
/// window.
class HomeQueue {
 public:
  explicit HomeQueue(std::function<void()> wake) : wake_(std::move(wake)) {}

  /// Any thread. An empty `todo` only tells waiters that something ended.
  void post(std::function<void()> todo);
  /// Wakes the window without leaving anything.
  void wake();
  /// Takes all there is.
  std::vector<std::function<void()>> take();
  /// Waits for a post since the last wait, or for `seconds`.
  void wait(double seconds);
  /// The window goes: nothing wakes it any more.
  void close();

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<std::function<void()>> todo_;
  bool posted_ = false;
  std::mutex wakeMutex_;
  std::function<void()> wake_;
};

}  // namespace headlight
