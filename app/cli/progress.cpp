#include "app/cli/progress.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/base/number.h"

namespace headlight {

Progress::Progress(const Console& console, std::string doing) : console_(console), doing_(std::move(doing)) {
  if (console_.showsProgress()) thread_ = std::thread([this] { loop(); });
}

Progress::~Progress() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  wake_.notify_one();
  thread_.join();
  console_.clearProgress();
}

void Progress::now(std::string doing) {
  const std::lock_guard lock(mutex_);
  doing_ = std::move(doing);
  share_ = 0;
}

std::function<void(double)> Progress::sharer() {
  return [this](double done) { share(done); };
}

void Progress::loop() {
  using namespace std::chrono_literals;
  const auto start = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  auto pause = 500ms;
  while (!wake_.wait_for(lock, pause, [this] { return done_; })) {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    const auto percent = static_cast<int>(std::floor(100 * std::clamp(share_.load(), 0.0, 1.0)));
    const std::string share = percent > 0 ? " " + std::to_string(percent) + " %" : "";
    console_.progress(doing_ + share + " … " + fixed(passed.count(), 1) + " s");
    pause = 100ms;
  }
}

}  // namespace headlight
