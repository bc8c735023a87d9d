#pragma once
#include <string>
#include <vector>

namespace headlight {

/// What the command line asks of the window.
struct WindowRequest {
  std::vector<std::string> files;
  std::string screenshot;  ///< draw until settled, write this PNG and leave (for pictures and tests)
  int width = 0;           ///< 0: chosen by the window
  int height = 0;
  double scale = 0;
  std::string theme;                 ///< empty: as set
  std::vector<std::string> actions;  ///< ids to be run, or "parameter=value", before the screenshot
  bool measure = false;              ///< print times and frame counts to stderr (for the benchmarks)
  bool present = false;              ///< begin in presentation mode
  double idleSeconds = 0;            ///< with measure: stay untouched this long, then leave
};

}  // namespace headlight
