#pragma once
#include <atomic>
#include <memory>

namespace headlight {

/// A request to stop, shared by who asks and who works. Copies speak of the same request; a default one never
/// asks.
class Cancel {
 public:
  Cancel() = default;
  static Cancel make() {
    Cancel cancel;
    cancel.flag_ = std::make_shared<std::atomic<bool>>(false);
    return cancel;
  }
  void request() const {
    if (flag_) flag_->store(true, std::memory_order_relaxed);
  }
  bool requested() const { return flag_ && flag_->load(std::memory_order_relaxed); }

 private:
  std::shared_ptr<std::atomic<bool>> flag_;
};

}  // namespace headlight
