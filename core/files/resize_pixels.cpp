#include "core/files/resize_pixels.h"

#include <algorithm>
#include <cmath>

namespace headlight {
namespace {

/// The source pixels that one pixel is made of, with their shares.
struct Taps {
  std::int64_t first = 0;
  std::vector<float> shares;
};

std::vector<Taps> tapsOf(std::int64_t from, std::int64_t to) {
  std::vector<Taps> all;
  all.reserve(static_cast<std::size_t>(to));
  const double step = static_cast<double>(from) / static_cast<double>(to);
  for (std::int64_t n = 0; n < to; ++n) {
    Taps taps;
    if (step > 1) {
      const double begin = static_cast<double>(n) * step;
      const double end = std::min(begin + step, static_cast<double>(from));
      taps.first = static_cast<std::int64_t>(begin);
      for (std::int64_t pixel = taps.first; static_cast<double>(pixel) < end; ++pixel) {
        const double share =
            std::min(end, static_cast<double>(pixel + 1)) - std::max(begin, static_cast<double>(pixel));
        taps.shares.push_back(static_cast<float>(share / (end - begin)));
      }
    } else {
      const double at =
          std::clamp((static_cast<double>(n) + 0.5) * step - 0.5, 0.0, static_cast<double>(from - 1));
      taps.first = std::min<std::int64_t>(static_cast<std::int64_t>(at), std::max<std::int64_t>(from - 2, 0));
      const auto further = static_cast<float>(at - static_cast<double>(taps.first));
      taps.shares = from > 1 ? std::vector<float>{1 - further, further} : std::vector<float>{1};
    }
    all.push_back(std::move(taps));
  }
  return all;
}

}  // namespace

Pixels resizedPixels(const Pixels& pixels, std::int64_t width, std::int64_t height) {
  const std::vector<Taps> across = tapsOf(pixels.width, width);
  const std::vector<Taps> down = tapsOf(pixels.height, height);
  Pixels made{height, width, {}};
  made.rgb.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
  const auto rowWidth = static_cast<std::size_t>(pixels.width) * 3;
  std::vector<float> line(rowWidth);
  std::uint8_t* out = made.rgb.data();
  for (const Taps& rows : down) {
    std::fill(line.begin(), line.end(), 0.0f);
    for (std::size_t n = 0; n < rows.shares.size(); ++n) {
      const std::uint8_t* row =
          pixels.rgb.data() + static_cast<std::size_t>(rows.first + static_cast<std::int64_t>(n)) * rowWidth;
      for (std::size_t i = 0; i < rowWidth; ++i) line[i] += rows.shares[n] * static_cast<float>(row[i]);
    }
    for (const Taps& columns : across) {
      float colour[3] = {0, 0, 0};
      const float* at = line.data() + static_cast<std::size_t>(columns.first) * 3;
      for (const float share : columns.shares) {
        for (float& channel : colour) channel += share * *at++;
      }
      for (const float channel : colour)
        *out++ = static_cast<std::uint8_t>(std::clamp(std::lround(channel), 0L, 255L));
    }
  }
  return made;
}

}  // namespace headlight
