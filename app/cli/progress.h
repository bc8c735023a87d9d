#pragma once
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "app/cli/console.h"

namespace headlight {

/// Says what is going on and for how long, on a terminal only, once it has taken half a second; wiped at the
/// end.
class Progress {
 public:
  Progress(const Console& console, std::string doing);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void now(std::string doing);

 private:
  void loop();

  const Console& console_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::string doing_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace headlight
