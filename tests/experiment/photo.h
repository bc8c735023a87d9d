#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <zlib.h>

namespace headlight::test {

/// Pixels [height, width, 3] like those of a photo: a sky that grows lighter, a round sun, a dark wood below
/// with a rough texture.
inline std::vector<std::uint8_t> photo(int width, int height) {
  std::vector<std::uint8_t> rgb;
  rgb.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
  std::uint32_t noise = 7;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      noise = noise * 1664525u + 1013904223u;
      const double rough = static_cast<double>(noise >> 24) / 255.0 - 0.5;
      const double down = static_cast<double>(y) / height;
      const double along = static_cast<double>(x) / width;
      double colour[3] = {90 + 120 * down, 140 + 80 * down, 220.0};
      if (std::hypot(along - 0.75, (down - 0.25) * height / width) < 0.1) colour[0] = colour[1] = 250;
      if (down > 0.6 + 0.08 * std::sin(along * 9)) {
        colour[0] = 40 + 60 * rough;
        colour[1] = 90 + 70 * rough;
        colour[2] = 40 + 30 * rough;
      }
      for (const double channel : colour)
        rgb.push_back(static_cast<std::uint8_t>(std::clamp(channel + 6 * rough, 0.0, 255.0)));
    }
  }
  return rgb;
}

/// The same as a PNG.
inline std::string photoPng(int width, int height) {
  const auto big = [](std::uint64_t value) {
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(value >> shift & 0xff);
    return text;
  };
  const auto chunk = [&](const std::string& type, const std::string& data) {
    const std::string body = type + data;
    return big(data.size()) + body +
           big(crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size())));
  };
  const std::vector<std::uint8_t> rgb = photo(width, height);
  std::string rows;
  const std::size_t rowBytes = static_cast<std::size_t>(width) * 3;
  for (std::size_t at = 0; at < rgb.size(); at += rowBytes) {
    rows += '\0';
    rows.append(reinterpret_cast<const char*>(rgb.data() + at), rowBytes);
  }
  uLongf size = compressBound(static_cast<uLong>(rows.size()));
  std::string packed(size, '\0');
  compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(rows.data()),
           static_cast<uLong>(rows.size()));
  packed.resize(size);
  const std::string form("\x08\x02\0\0\0", 5);
  return std::string("\x89PNG\r\n\x1a\n") +
         chunk("IHDR",
               big(static_cast<std::uint64_t>(width)) + big(static_cast<std::uint64_t>(height)) + form) +
         chunk("IDAT", packed) + chunk("IEND", "");
}

}  // namespace headlight::test
