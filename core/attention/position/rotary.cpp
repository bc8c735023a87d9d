#include "core/attention/position/rotary.h"

#include <cmath>
#include <string>
#include <vector>

namespace headlight {
namespace {

/// Cosine and sine of the angles of one position, side by side for all pairs of features.
struct Angles {
  std::vector<double> cosines;
  std::vector<double> sines;

  explicit Angles(std::size_t pairs) : cosines(pairs), sines(pairs) {}
  void set(const std::vector<double>& speeds, double position) {
    for (std::size_t k = 0; k < speeds.size(); ++k) {
      cosines[k] = std::cos(position * speeds[k]);
      sines[k] = std::sin(position * speeds[k]);
    }
  }
};

/// (x, y) turned: x cos − y sin, y cos + x sin.
void turn(float& first, float& second, double cosine, double sine) {
  const auto x = static_cast<double>(first);
  const auto y = static_cast<double>(second);
  first = static_cast<float>(x * cosine - y * sine);
  second = static_cast<float>(y * cosine + x * sine);
}

void turnRow(const Rotary& rotary, float* row, const Angles& angles, double direction) {
  const std::size_t half = angles.cosines.size();
  if (rotary.interleaved) {
    for (std::size_t k = 0; k < half; ++k) {
      turn(row[2 * k], row[2 * k + 1], angles.cosines[k], direction * angles.sines[k]);
    }
  } else {
    for (std::size_t k = 0; k < half; ++k) {
      turn(row[k], row[k + half], angles.cosines[k], direction * angles.sines[k]);
    }
  }
}

}  // namespace

Result<std::int64_t> rotatedWidth(const Rotary& rotary, std::int64_t width) {
  if (!(rotary.fraction > 0 && rotary.fraction <= 1)) {
    return Error{ErrorCode::invalid, "found a fraction that is not above 0 and at most 1",
                 "position.fraction", ""};
  }
  const auto rotated = static_cast<std::int64_t>(rotary.fraction * static_cast<double>(width));
  if (rotated >= 2 && rotated % 2 == 0) return rotated;
  const std::string found =
      "found " + std::to_string(rotated) + " rotated features of d_k " + std::to_string(width);
  return Error{ErrorCode::invalid, found + ", accepted is an even number of them, at least 2",
               rotary.fraction == 1 ? "shape.d_k" : "position.fraction", ""};
}

void rotate(const Rotary& rotary, Matrix& rows, bool backwards) {
  const Result<std::int64_t> width = rotatedWidth(rotary, rows.cols());
  if (!width) return;
  const auto half = static_cast<std::size_t>(*width / 2);
  std::vector<double> speeds;
  for (std::size_t k = 0; k < half; ++k) {
    speeds.push_back(std::pow(rotary.base, -2.0 * static_cast<double>(k) / static_cast<double>(*width)));
  }
  // A position is kStep · a + b, and the angles of its two parts are added: cosines and sines are computed
  // for every kStep-th position and for the first kStep alone. The parts depend on the position only, and so
  // do the bits.
  constexpr std::int64_t kStep = 64;
  std::vector<Angles> steps;
  Angles anchor(half);
  Angles sum(half);
  std::int64_t anchored = -1;
  for (std::int64_t p = 0; p < rows.rows(); ++p) {
    const std::int64_t position = rotary.offset + p;
    const std::int64_t b = ((position % kStep) + kStep) % kStep;
    const std::int64_t a = position - b;
    if (anchored != a || p == 0) anchor.set(speeds, static_cast<double>(a));
    anchored = a;
    while (static_cast<std::int64_t>(steps.size()) <= b) {
      const auto next = static_cast<double>(steps.size());
      steps.emplace_back(half).set(speeds, next);
    }
    const Angles& step = steps[static_cast<std::size_t>(b)];
    for (std::size_t k = 0; k < half; ++k) {
      sum.cosines[k] = anchor.cosines[k] * step.cosines[k] - anchor.sines[k] * step.sines[k];
      sum.sines[k] = anchor.sines[k] * step.cosines[k] + anchor.cosines[k] * step.sines[k];
    }
    turnRow(rotary, rows.row(p), sum, backwards ? -1.0 : 1.0);
  }
}

}  // namespace headlight
