#pragma once
#include <map>
#include <string>
#include <vector>

namespace headlight::bench {

/// An X server of our own without a screen to look at, for as long as this lives. `display` is empty when
/// there is no Xvfb.
class VirtualDisplay {
 public:
  VirtualDisplay();
  ~VirtualDisplay();
  VirtualDisplay(const VirtualDisplay&) = delete;
  VirtualDisplay& operator=(const VirtualDisplay&) = delete;
  const std::string& display() const { return display_; }

 private:
  int pid_ = 0;
  std::string display_;
};

struct Finished {
  int exitCode = -1;
  double milliseconds = 0;                 ///< from before the start to after the end
  std::map<std::string, double> measured;  ///< lines "measure: NAME=NUMBER …" of stderr
};
/// Runs the program with the arguments; `display` empty: without one.
Finished runProgram(const std::vector<std::string>& arguments, const std::string& display = {});

}  // namespace headlight::bench
