#include "core/figure/png_writer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <new>
#include <optional>
#include <unordered_map>

#include <zlib.h>

#include "core/files/deflate.h"

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

struct Paletted {
  std::vector<std::uint32_t> colours;  // alpha, red, green, blue from the highest byte down
  std::string rows;                    // filter byte and indices
};

std::optional<Paletted> paletted(const Picture& picture) {
  Paletted result;
  std::unordered_map<std::uint32_t, std::uint8_t> index;
  std::uint32_t last = 0;
  std::uint8_t lastIndex = 0;
  const auto width = static_cast<std::size_t>(picture.width);
  result.rows.reserve((width + 1) * static_cast<std::size_t>(picture.height));
  for (std::size_t i = 0; i < picture.rgba.size() / 4; ++i) {
    if (i % width == 0) result.rows += '\0';
    const std::uint8_t* pixel = &picture.rgba[4 * i];
    const std::uint32_t c = (std::uint32_t{pixel[3]} << 24) | (std::uint32_t{pixel[0]} << 16) |
                            (std::uint32_t{pixel[1]} << 8) | pixel[2];
    // Most pixels are as the one before them.
    if (i == 0 || c != last) {
      const auto [at, fresh] = index.try_emplace(c, static_cast<std::uint8_t>(result.colours.size()));
      if (fresh) {
        if (result.colours.size() == 256) return std::nullopt;
        result.colours.push_back(c);
      }
      last = c;
      lastIndex = at->second;
    }
    result.rows += static_cast<char>(lastIndex);
  }
  return result;
}

bool isOpaque(const Picture& picture) {
  for (std::size_t i = 3; i < picture.rgba.size(); i += 4) {
    if (picture.rgba[i] != 255) return false;
  }
  return true;
}

/// A row in the filters None, Sub and Up of the PNG specification: Average and Paeth gain nothing where
/// colours are flat. Before the first pixel and above the first row there are zeros.
class RowFilters {
 public:
  RowFilters(std::size_t stride, std::size_t channels) : channels_(channels), sub_(stride), up_(stride) {}

  /// The row's filter byte and filtered bytes, with the filter that leaves the smallest numbers (PNG
  /// specification, 12.8).
  void appendBest(std::string& rows, const std::vector<std::uint8_t>& row,
                  const std::vector<std::uint8_t>& above) {
    const std::size_t stride = row.size();
    const std::size_t first = std::min(channels_, stride);
    std::copy_n(row.begin(), first, sub_.begin());
    subtract(row.data() + first, row.data(), sub_.data() + first, stride - first);
    subtract(row.data(), above.data(), up_.data(), stride);
    const std::array<const std::vector<std::uint8_t>*, 3> tries{&row, &sub_, &up_};
    std::size_t best = 0;
    std::uint64_t least = magnitude(row.data(), stride);
    for (std::size_t n = 1; n < tries.size(); ++n) {
      const std::uint64_t size = magnitude(tries[n]->data(), stride);
      if (size >= least) continue;
      least = size;
      best = n;
    }
    rows += static_cast<char>(best);
    rows.append(reinterpret_cast<const char*>(tries[best]->data()), stride);
  }

 private:
  // Bytes may be anything's: without the word of honour, and lengths known beforehand, nothing here would be
  // done side by side.
  static constexpr std::size_t kPart = 256;

  static void subtract(const std::uint8_t* __restrict a, const std::uint8_t* __restrict b,
                       std::uint8_t* __restrict out, std::size_t count) {
    std::size_t i = 0;
    for (; i + kPart <= count; i += kPart) {
      for (std::size_t n = 0; n < kPart; ++n) out[i + n] = static_cast<std::uint8_t>(a[i + n] - b[i + n]);
    }
    for (; i < count; ++i) out[i] = static_cast<std::uint8_t>(a[i] - b[i]);
  }

  static std::uint8_t distance(std::uint8_t byte) {
    const auto away = static_cast<std::uint8_t>(0 - byte);
    return byte < away ? byte : away;
  }

  static std::uint64_t magnitude(const std::uint8_t* __restrict bytes, std::size_t count) {
    std::uint64_t sum = 0;
    std::size_t i = 0;
    for (; i + kPart <= count; i += kPart) {
      std::uint16_t part = 0;  // at most 256 times 128
      for (std::size_t n = 0; n < kPart; ++n)
        part = static_cast<std::uint16_t>(part + distance(bytes[i + n]));
      sum += part;
    }
    for (; i < count; ++i) sum += distance(bytes[i]);
    return sum;
  }

  std::size_t channels_;
  std::vector<std::uint8_t> sub_;
  std::vector<std::uint8_t> up_;
};

/// Of maps, the next one takes half as long again and leaves 1 to 5 % less.
constexpr int kLevel = 5;

/// zlib's packing of what comes piece by piece: the whole of a large picture's rows is never kept.
class Packer {
 public:
  Packer() {
    if (::deflateInit(&state_, kLevel) != Z_OK) throw std::bad_alloc();
  }
  Packer(const Packer&) = delete;
  Packer& operator=(const Packer&) = delete;
  ~Packer() { ::deflateEnd(&state_); }

  void add(const std::string& bytes, bool last) {
    state_.next_in = const_cast<Bytef*>(raw(bytes));
    state_.avail_in = static_cast<uInt>(bytes.size());
    do {
      state_.next_out = reinterpret_cast<Bytef*>(piece_.data());
      state_.avail_out = static_cast<uInt>(piece_.size());
      ::deflate(&state_, last ? Z_FINISH : Z_NO_FLUSH);
      packed_.append(piece_.data(), piece_.size() - state_.avail_out);
    } while (state_.avail_out == 0);
  }
  std::string take() { return std::move(packed_); }

 private:
  z_stream state_{};
  std::array<char, 65536> piece_{};
  std::string packed_;
};

/// The rows of a picture, each with its filter, packed.
template <std::size_t kChannels>
std::string packedRows(const Picture& picture) {
  const auto width = static_cast<std::size_t>(picture.width);
  const auto height = static_cast<std::size_t>(picture.height);
  const std::size_t stride = width * kChannels;
  std::vector<std::uint8_t> above(stride, 0);
  std::vector<std::uint8_t> row(stride);
  RowFilters filters(stride, kChannels);
  Packer packer;
  std::string rows;
  for (std::size_t y = 0; y < height; ++y) {
    const std::uint8_t* from = picture.rgba.data() + y * width * 4;
    rows.clear();
    // In a magnified map many rows are as the one above.
    if (y > 0 && std::equal(from, from + 4 * width, from - 4 * width)) {
      rows += '\2';
      rows.append(stride, '\0');
    } else {
      above.swap(row);
      for (std::size_t x = 0; x < width; ++x) {
        for (std::size_t c = 0; c < kChannels; ++c) row[kChannels * x + c] = from[4 * x + c];
      }
      filters.appendBest(rows, row, above);
    }
    packer.add(rows, y + 1 == height);
  }
  return packer.take();
}

}  // namespace

std::string encodePng(const Picture& picture, const PngOptions& options) {
  const std::optional<Paletted> palette = paletted(picture);
  std::string png = "\x89PNG\r\n\x1a\n";
  std::string head;
  appendWord(head, static_cast<std::uint32_t>(picture.width));
  appendWord(head, static_cast<std::uint32_t>(picture.height));
  head += '\x08';
  const bool opaque = isOpaque(picture);
  head += palette ? '\x03' : opaque ? '\x02' : '\x06';
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
    std::string alphas;
    for (std::uint32_t c : palette->colours) alphas += static_cast<char>(c >> 24);
    if (!opaque) appendChunk(png, "tRNS", alphas);
  }
  for (const auto& [keyword, text] : options.texts) {
    appendChunk(png, "iTXt", std::string(keyword).append(5, '\0').append(text));
  }
  appendChunk(png, "IDAT",
              palette  ? deflated(palette->rows)
              : opaque ? packedRows<3>(picture)
                       : packedRows<4>(picture));
  appendChunk(png, "IEND", "");
  return png;
}

}  // namespace headlight
