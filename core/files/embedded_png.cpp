#include "core/files/embedded_png.h"

#include <cstdint>
#include <optional>
#include <utility>

#include <zlib.h>

#include "core/base/number.h"
#include "core/files/deflate.h"

namespace headlight {
namespace {

constexpr std::string_view kKeyword = "headlight-experiment";
/// The chunk of the files that an experiment reads: may be dropped, private, safe to copy (PNG 1.2, 3.3).
constexpr std::string_view kDataType = "hlDt";
/// Length, type and checksum around the data.
constexpr std::size_t kChunkFrame = 12;

struct Chunk {
  std::string_view type;
  std::string_view data;
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::uint32_t bigEndian(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

void putBigEndian(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += static_cast<char>(static_cast<unsigned char>(value >> shift & 0xff));
  }
}

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      ::crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

Error invalid(std::string what, std::size_t at) {
  return Error{ErrorCode::invalid, std::move(what), "byte " + std::to_string(at), ""};
}

Result<Chunk> chunkAt(std::string_view png, std::size_t at) {
  constexpr std::uint32_t kLongest = 0x7fffffff;
  const std::size_t left = png.size() - at;
  if (left < kChunkFrame) return invalid("the PNG is cut off", png.size());
  const std::uint32_t length = bigEndian(png, at);
  if (length > kLongest || length > left - kChunkFrame) {
    return invalid("found a PNG chunk of " + std::to_string(length) + " bytes, " +
                       std::to_string(left - kChunkFrame) + " are left",
                   at);
  }
  Chunk chunk{png.substr(at + 4, 4), png.substr(at + 8, length), at, at + kChunkFrame + length};
  if (checksum(png.substr(at + 4, 4 + length)) != bigEndian(png, at + 8 + length)) {
    return invalid("a PNG chunk is damaged: its checksum is wrong", at);
  }
  return chunk;
}

/// Calls visit(chunk) for every chunk.
template <class Visit>
Status eachChunk(std::string_view png, Visit visit) {
  for (std::size_t at = kPngSignature.size();;) {
    const auto chunk = chunkAt(png, at);
    if (!chunk) return chunk.error();
    visit(*chunk);
    if (chunk->type == "IEND") return {};
    at = chunk->end;
  }
}

bool isExperiment(const Chunk& chunk) {
  return chunk.type == "iTXt" && chunk.data.size() > kKeyword.size() && chunk.data.starts_with(kKeyword) &&
         chunk.data[kKeyword.size()] == '\0';
}

/// keyword 0 flag method language 0 translated 0 text (PNG 1.2, 4.2.3.3).
Result<std::string> textOf(const Chunk& chunk) {
  std::string_view rest = chunk.data.substr(kKeyword.size() + 1);
  if (rest.size() < 2) return invalid("the experiment's chunk is cut off", chunk.begin);
  const char packed = rest[0];
  const char method = rest[1];
  rest.remove_prefix(2);
  for (int text = 0; text < 2; ++text) {
    const std::size_t zero = rest.find('\0');
    if (zero == std::string_view::npos) return invalid("the experiment's chunk is cut off", chunk.begin);
    rest.remove_prefix(zero + 1);
  }
  if (packed == 0 && rest.size() <= kMostCarriedBytes) return std::string(rest);
  if (packed == 1 && method == 0) {
    // Another program may have packed it again.
    if (auto text = inflated(rest, kMostCarriedBytes)) return std::move(*text);
  }
  return invalid("the experiment's chunk is damaged or has more than " +
                     bytesText(static_cast<double>(kMostCarriedBytes)),
                 chunk.begin);
}

}  // namespace

Result<Carried> carriedByPng(std::string_view png) {
  std::optional<Chunk> experiment;
  std::optional<Chunk> data;
  const Status status = eachChunk(png, [&](const Chunk& chunk) {
    if (isExperiment(chunk) && !experiment) experiment = chunk;
    if (chunk.type == kDataType && !data) data = chunk;
  });
  if (!status) return status.error();
  if (!experiment) {
    return Error{ErrorCode::invalid, "the PNG carries no experiment", "",
                 "Only figures exported by Headlight without --strip do"};
  }
  Result<std::string> text = textOf(*experiment);
  if (!text) return text.error();
  return Carried{std::move(*text), data ? std::string(data->data) : std::string()};
}

bool pngCarriesExperiment(std::string_view png) {
  if (!png.starts_with(kPngSignature)) return false;
  bool found = false;
  static_cast<void>(eachChunk(png, [&](const Chunk& chunk) { found = found || isExperiment(chunk); }));
  return found;
}

std::string withEmbeddedPng(std::string_view png, std::string_view json, std::string_view data) {
  if (!png.starts_with(kPngSignature)) return std::string(png);
  std::string made(kPngSignature);
  bool whole = false;
  const auto put = [&](const std::string& body) {
    putBigEndian(made, static_cast<std::uint32_t>(body.size() - 4));
    made += body;
    putBigEndian(made, checksum(body));
  };
  const Status status = eachChunk(png, [&](const Chunk& chunk) {
    if (chunk.type == "IEND") {
      std::string body = "iTXt";
      body += kKeyword;
      body.append(5, '\0');  // end of keyword, not packed, method 0, no language, no translated keyword
      body += json;
      put(body);
      if (!data.empty()) put(std::string(kDataType).append(data));
      whole = true;
    }
    const bool replaced = isExperiment(chunk) || chunk.type == kDataType;
    if (!replaced) made += png.substr(chunk.begin, chunk.end - chunk.begin);
  });
  if (!status || !whole) return std::string(png);
  return made;
}

}  // namespace headlight
