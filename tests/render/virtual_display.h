#pragma once
#include <string>

#include <sys/types.h>

namespace headlight::test {

/// An X server without a screen (Xvfb), whose display is in DISPLAY until it goes.
class VirtualDisplay {
 public:
  VirtualDisplay();
  ~VirtualDisplay();
  VirtualDisplay(const VirtualDisplay&) = delete;
  VirtualDisplay& operator=(const VirtualDisplay&) = delete;

  /// Empty, or why there is none.
  const std::string& error() const { return error_; }

 private:
  pid_t server_ = -1;
  std::string error_;
};

}  // namespace headlight::test
