#pragma once
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include <zlib.h>

#include "core/picture/picture.h"

namespace headlight {

/// A PNG's chunks (those of a name joined) and its pixels, of 8-bit palette, RGB or RGBA images: written
/// apart from the encoder, so that the two can disagree.
struct DecodedPng {
  std::map<std::string, std::string> chunks;
  Picture picture;
};

inline std::uint32_t wordAt(const std::string& bytes, std::size_t at) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < 4; ++i) word = (word << 8) | static_cast<std::uint8_t>(bytes[at + i]);
  return word;
}

inline DecodedPng decodePng(const std::string& bytes) {
  DecodedPng png;
  for (std::size_t at = 8; at + 12 <= bytes.size();) {
    const std::uint32_t length = wordAt(bytes, at);
    png.chunks[bytes.substr(at + 4, 4)] += bytes.substr(at + 8, length);
    at += 12 + length;
  }
  const std::string& head = png.chunks["IHDR"];
  const std::size_t width = wordAt(head, 0);
  const std::size_t height = wordAt(head, 4);
  const std::size_t channels = head[9] == 3 ? 1 : head[9] == 6 ? 4 : 3;
  std::string rows((width * channels + 1) * height, '\0');
  auto size = static_cast<uLongf>(rows.size());
  const std::string& data = png.chunks["IDAT"];
  if (uncompress(reinterpret_cast<Bytef*>(rows.data()), &size, reinterpret_cast<const Bytef*>(data.data()),
                 static_cast<uLong>(data.size())) != Z_OK) {
    return png;
  }
  png.picture = {static_cast<int>(width), static_cast<int>(height), {}};
  std::vector<int> above(width * channels, 0);
  for (std::size_t y = 0; y < height; ++y) {
    const std::size_t start = y * (width * channels + 1);
    const int filter = rows[start];
    std::vector<int> row(width * channels, 0);
    for (std::size_t i = 0; i < row.size(); ++i) {
      const int a = i >= channels ? row[i - channels] : 0;
      const int b = above[i];
      const int c = i >= channels ? above[i - channels] : 0;
      const int p = a + b - c;
      const int nearest = std::abs(p - a) <= std::abs(p - b) && std::abs(p - a) <= std::abs(p - c) ? a
                          : std::abs(p - b) <= std::abs(p - c)                                     ? b
                                                                                                   : c;
      const int guess = filter == 1   ? a
                        : filter == 2 ? b
                        : filter == 3 ? (a + b) / 2
                        : filter == 4 ? nearest
                                      : 0;
      row[i] = (static_cast<std::uint8_t>(rows[start + 1 + i]) + guess) & 255;
    }
    above = row;
    for (std::size_t x = 0; x < width; ++x) {
      for (std::size_t c = 0; c < 3; ++c) {
        const int value =
            channels >= 3
                ? row[channels * x + c]
                : static_cast<std::uint8_t>(png.chunks["PLTE"][static_cast<std::size_t>(row[x]) * 3 + c]);
        png.picture.rgba.push_back(static_cast<std::uint8_t>(value));
      }
      const std::string& clear = png.chunks["tRNS"];
      const auto index = static_cast<std::size_t>(row[channels * x]);
      const int alpha = channels == 4                           ? row[4 * x + 3]
                        : channels == 1 && index < clear.size() ? static_cast<std::uint8_t>(clear[index])
                                                                : 255;
      png.picture.rgba.push_back(static_cast<std::uint8_t>(alpha));
    }
  }
  return png;
}

inline Rgb pixelAt(const Picture& picture, int x, int y) {
  const auto at =
      (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) + static_cast<std::size_t>(x)) *
      4;
  return {picture.rgba[at], picture.rgba[at + 1], picture.rgba[at + 2]};
}

}  // namespace headlight
