#include "core/experiment/position/sinusoidal.h"

#include <cmath>
#include <vector>

namespace headlight {
namespace {

void addSinusoids(const Kinded&, Matrix& x) {
  const std::int64_t width = x.cols();
  std::vector<double> speeds;
  for (std::int64_t column = 0; column < width; column += 2) {
    speeds.push_back(std::pow(10000.0, -static_cast<double>(column) / static_cast<double>(width)));
  }
  for (std::int64_t position = 0; position < x.rows(); ++position) {
    float* row = x.row(position);
    for (std::int64_t column = 0; column < width; ++column) {
      const double angle = static_cast<double>(position) * speeds[static_cast<std::size_t>(column / 2)];
      row[column] += static_cast<float>(column % 2 == 0 ? std::sin(angle) : std::cos(angle));
    }
  }
}

}  // namespace

const PositionKind& sinusoidalPosition() {
  static const PositionKind kind{{"sinusoidal",
                                  "sinusoidal",
                                  "Adds sin and cos of the position at wavelengths from 2π to 20000π "
                                  "(Vaswani et al. 2017, section 3.5).",
                                  {}},
                                 addSinusoids};
  return kind;
}

}  // namespace headlight
