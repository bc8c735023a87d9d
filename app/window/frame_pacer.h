#pragma once
#include <algorithm>
#include <limits>

namespace headlight {

/// When the next frame is due: soon after something happened and while something moves, never else. Seconds
/// of one clock throughout.
class FramePacer {
 public:
  static constexpr double kShortest = 1.0 / 60;  ///< between two frames
  static constexpr double kBusy = 0.1;           ///< between two frames that only show progress
  static constexpr int kSettling =
      3;  ///< popups and hover need that many frames after an event to come to rest

  /// Something happened that may change what is shown.
  void happened() { due_ = kSettling; }
  /// A frame was drawn, begun at that time: a slow one is not followed by a pause.
  void drew(double began) {
    due_ = std::max(0, due_ - 1);
    last_ = began;
  }

  /// Seconds until the next frame: 0 now, infinity when only an event makes one due.
  double wait(double now, bool animating, bool busy) const {
    if (due_ > 0 || animating) return std::max(0.0, last_ + kShortest - now);
    if (busy) return std::max(0.0, last_ + kBusy - now);
    return std::numeric_limits<double>::infinity();
  }

 private:
  int due_ = kSettling;
  double last_ = -1;
};

}  // namespace headlight
