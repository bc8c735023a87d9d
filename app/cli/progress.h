#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "app/cli/console.h"

namespace headlight {

/// Says what is going on, how much of it is done and for how long it has been, on a terminal only, once it
/// has taken half a second; wiped at the end.
class Progress {
 public:
  Progress(const Console& console, std::string doing);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Something else, of which nothing is done yet.
  void now(std::string doing);
  /// The share that is done, 0 to 1; from any thread.
  void share(double done) { share_ = done; }
  /// `share` for what computes; this must outlive it.
  std::function<void(double)> sharer();

 private:
  void loop();

  const Console& console_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::string doing_;
  bool done_ = false;
  std::atomic<double> share_{0};
  std::thread thread_;
};

}  // namespace headlight
