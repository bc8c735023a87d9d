#include "core/figure/png_writer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <unordered_map>

#include <zlib.h>

namespace headlight {
namespace {

void appendWord(std::string& bytes, std::uint32_t word) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>((word >> shift) & 255u);
}

const Bytef* raw(const std::string& bytes) {
  return reinterpret_cast<const Bytef*>(bytes.data());
}

void appendChunk(std::string& png, std::string_view type, std::string_view data) {
  appendWord(png, static_cast<std::uint32_t>(data.size()));
  const std::string body = std::string(type) + std::string(data);
  png += body;
  appendWord(png, static_cast<std::uint32_t>(crc32_z(0, raw(body), body.size())));
}

std::string deflated(const std::string& bytes) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::string out(size, '\0');
  compress2(reinterpret_cast<Bytef*>(out.data()), &size, raw(bytes), static_cast<uLong>(bytes.size()), 6);
  out.resize(size);
  return out;
}

struct Paletted {
  std::vector<std::uint32_t> colours;
  std::string rows;  // filter byte and indices
};

std::optional<Paletted> paletted(const Picture& picture) {
  Paletted result;
  std::unordered_map<std::uint32_t, std::uint8_t> index;
  const auto width = static_cast<std::size_t>(picture.width);
  for (std::size_t i = 0; i < picture.rgba.size() / 4; ++i) {
    if (i % width == 0) result.rows += '\0';
    const std::uint32_t c = (static_cast<std::uint32_t>(picture.rgba[4 * i]) << 16) |
                            (static_cast<std::uint32_t>(picture.rgba[4 * i + 1]) << 8) |
                            picture.rgba[4 * i + 2];
    const auto [at, fresh] = index.try_emplace(c, static_cast<std::uint8_t>(result.colours.size()));
    if (fresh) {
      if (result.colours.size() == 256) return std::nullopt;
      result.colours.push_back(c);
    }
    result.rows += static_cast<char>(at->second);
  }
  return result;
}

int paeth(int a, int b, int c) {
  const int pa = std::abs(b - c);
  const int pb = std::abs(a - c);
  const int pc = std::abs(a + b - 2 * c);
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

// Every row with the filter that leaves the smallest numbers (PNG specification, 12.8).
std::string filteredRows(const Picture& picture) {
  const std::size_t stride = static_cast<std::size_t>(picture.width) * 3;
  std::vector<std::uint8_t> above(stride, 0);
  std::vector<std::uint8_t> row(stride);
  std::array<std::vector<std::uint8_t>, 5> tries;
  for (auto& t : tries) t.resize(stride);
  std::string rows;
  rows.reserve((stride + 1) * static_cast<std::size_t>(picture.height));
  for (std::size_t y = 0; y < static_cast<std::size_t>(picture.height); ++y) {
    for (std::size_t x = 0; x < static_cast<std::size_t>(picture.width); ++x) {
      for (std::size_t c = 0; c < 3; ++c) {
        row[3 * x + c] = picture.rgba[(y * static_cast<std::size_t>(picture.width) + x) * 4 + c];
      }
    }
    std::size_t best = 0;
    std::uint64_t least = ~std::uint64_t{0};
    for (std::size_t filter : {0u, 1u, 2u, 4u}) {
      std::uint64_t sum = 0;
      for (std::size_t i = 0; i < stride; ++i) {
        const int a = i >= 3 ? row[i - 3] : 0;
        const int b = above[i];
        const int c = i >= 3 ? above[i - 3] : 0;
        const int guess = filter == 0 ? 0 : filter == 1 ? a : filter == 2 ? b : paeth(a, b, c);
        const auto difference = static_cast<std::uint8_t>(row[i] - guess);
        tries[filter][i] = difference;
        sum += difference < 128 ? difference : 256u - difference;
      }
      if (sum < least) {
        least = sum;
        best = filter;
      }
    }
    rows += static_cast<char>(best);
    rows.append(reinterpret_cast<const char*>(tries[best].data()), stride);
    above.swap(row);
  }
  return rows;
}

}  // namespace

std::string encodePng(const Picture& picture, const PngOptions& options) {
  const std::optional<Paletted> palette = paletted(picture);
  std::string png = "\x89PNG\r\n\x1a\n";
  std::string head;
  appendWord(head, static_cast<std::uint32_t>(picture.width));
  appendWord(head, static_cast<std::uint32_t>(picture.height));
  head += '\x08';
  head += palette ? '\x03' : '\x02';
  head.append(3, '\0');
  appendChunk(png, "IHDR", head);
  appendChunk(png, "sRGB", std::string_view("\0", 1));
  if (options.dpi > 0) {
    std::string physical;
    const auto perMetre = static_cast<std::uint32_t>(std::lround(options.dpi / 0.0254));
    appendWord(physical, perMetre);
    appendWord(physical, perMetre);
    physical += '\x01';
    appendChunk(png, "pHYs", physical);
  }
  if (palette) {
    std::string colours;
    for (std::uint32_t c : palette->colours) {
      for (int shift : {16, 8, 0}) colours += static_cast<char>((c >> shift) & 255u);
    }
    appendChunk(png, "PLTE", colours);
  }
  for (const auto& [keyword, text] : options.texts) {
    appendChunk(png, "iTXt", std::string(keyword).append(5, '\0').append(text));
  }
  appendChunk(png, "IDAT", deflated(palette ? palette->rows : filteredRows(picture)));
  appendChunk(png, "IEND", "");
  return png;
}

std::string base64(std::string_view bytes) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t word = 0;
    const std::size_t here = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k) {
      word = (word << 8) | (k < here ? static_cast<std::uint8_t>(bytes[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += k <= here ? kDigits[(word >> (18 - 6 * k)) & 63u] : '=';
    }
  }
  return text;
}

}  // namespace headlight
