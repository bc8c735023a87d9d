#pragma once
#include <algorithm>
#include <cmath>

namespace headlight {

inline constexpr int kLeastWidth = 960;  ///< px at scale 1 that the layout needs
inline constexpr int kLeastHeight = 600;
inline constexpr double kLeastScale = 0.75;
inline constexpr double kLargestScale = 3;

/// The scale that is wanted, in steps of 5 %: the setting, or the monitor's when that is 0.
inline double wantedScale(double setting, double monitor) {
  const double scale = setting > 0 ? setting : monitor > 0 ? monitor : 1;
  return std::clamp(std::round(scale * 20) / 20, kLeastScale, kLargestScale);
}

/// The wanted scale as far as the window holds the layout.
inline double fittingScale(double wanted, int width, int height) {
  const double room = std::min(width / double{kLeastWidth}, height / double{kLeastHeight});
  return std::clamp(std::floor(room * 20 + 1e-9) / 20, kLeastScale, wanted);
}

}  // namespace headlight
