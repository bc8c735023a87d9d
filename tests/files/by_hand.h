#pragma once
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <zlib.h>

#include "tests/temporary_folder.h"

namespace headlight::testing_files {

using test::TemporaryFolder;

inline std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::string little(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xff);
  return text;
}

/// The bytes of numbers as they lie in memory.
template <class T>
std::string raw(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

/// An .npy by hand.
inline std::string npy(std::string_view dictionary, std::string_view data, int major = 1, int minor = 0) {
  std::string file = "\x93NUMPY";
  file += static_cast<char>(major);
  file += static_cast<char>(minor);
  return file + little(dictionary.size(), major == 1 ? 2 : 4) + std::string(dictionary) + std::string(data);
}
inline std::string npyOf(std::string_view descr, std::string_view shape, std::string_view data,
                         bool fortran = false) {
  return npy("{'descr': '" + std::string(descr) + "', 'fortran_order': " + (fortran ? "True" : "False") +
                 ", 'shape': " + std::string(shape) + ", }\n",
             data);
}

/// A .safetensors by hand: the header's length before it.
inline std::string withLength(std::string_view header) {
  return little(header.size(), 8) + std::string(header);
}
inline std::string safetensors(std::string_view entries, std::string_view data) {
  return withLength("{" + std::string(entries) + "}") + std::string(data);
}
inline std::string entry(std::string_view name, std::string_view dtype, std::string_view shape,
                         std::uint64_t begin, std::uint64_t end) {
  return "\"" + std::string(name) + "\": {\"dtype\": \"" + std::string(dtype) +
         "\", \"shape\": " + std::string(shape) + ", \"data_offsets\": [" + std::to_string(begin) + ", " +
         std::to_string(end) + "]}";
}

/// A zip member by hand; every field that a directory may lie about can be set.
struct ZipPart {
  std::string name;
  std::string data;
  bool deflate = false;
  enum class Local { real, wide, descriptor } local = Local::real;
  std::uint64_t flags = 0;
  int method = -1;
  std::int64_t crc = -1;
  std::int64_t size = -1;
  std::int64_t stored = -1;
  std::int64_t offset = -1;
  std::string localName = {};
  bool wideDirectory = false;
};

inline std::string deflated(std::string_view data) {
  z_stream state{};
  deflateInit2(&state, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&state, static_cast<uLong>(data.size())), '\0');
  state.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(data.data()));
  state.avail_in = static_cast<uInt>(data.size());
  state.next_out = reinterpret_cast<Bytef*>(out.data());
  state.avail_out = static_cast<uInt>(out.size());
  ::deflate(&state, Z_FINISH);
  out.resize(state.total_out);
  deflateEnd(&state);
  return out;
}

inline std::string zip(const std::vector<ZipPart>& parts, std::string_view comment = "") {
  std::string file;
  std::string directory;
  for (const ZipPart& part : parts) {
    const std::string stored = part.deflate ? deflated(part.data) : part.data;
    const auto method = static_cast<std::uint64_t>(part.method >= 0 ? part.method : part.deflate ? 8 : 0);
    const std::uint64_t realCrc =
        crc32(0, reinterpret_cast<const Bytef*>(part.data.data()), static_cast<uInt>(part.data.size()));
    const std::uint64_t crc = part.crc >= 0 ? static_cast<std::uint64_t>(part.crc) : realCrc;
    const std::uint64_t size = part.size >= 0 ? static_cast<std::uint64_t>(part.size) : part.data.size();
    const std::uint64_t packed = part.stored >= 0 ? static_cast<std::uint64_t>(part.stored) : stored.size();
    const bool descriptor = part.local == ZipPart::Local::descriptor;
    const bool wide = part.local == ZipPart::Local::wide;
    const std::uint64_t flags = part.flags | (descriptor ? 8u : 0u);
    const std::uint64_t offset = part.offset >= 0 ? static_cast<std::uint64_t>(part.offset) : file.size();
    const std::string localName = part.localName.empty() ? part.name : part.localName;
    const std::string extra =
        wide ? little(1, 2) + little(16, 2) + little(size, 8) + little(packed, 8) : std::string();
    file += little(0x04034b50, 4) + little(wide ? 45 : 20, 2) + little(flags, 2) + little(method, 2) +
            little(0, 4) + little(descriptor ? 0 : crc, 4) +
            little(wide         ? 0xffffffff
                   : descriptor ? 0
                                : packed,
                   4) +
            little(wide         ? 0xffffffff
                   : descriptor ? 0
                                : size,
                   4) +
            little(localName.size(), 2) + little(extra.size(), 2) + localName + extra + stored;
    if (descriptor) file += little(0x08074b50, 4) + little(crc, 4) + little(packed, 4) + little(size, 4);
    const std::string wideField = part.wideDirectory ? little(1, 2) + little(24, 2) + little(size, 8) +
                                                           little(packed, 8) + little(offset, 8)
                                                     : std::string();
    const auto narrow = [&](std::uint64_t value) {
      return little(part.wideDirectory ? 0xffffffff : value, 4);
    };
    directory += little(0x02014b50, 4) + little(20, 2) + little(20, 2) + little(flags, 2) +
                 little(method, 2) + little(0, 4) + little(crc, 4) + narrow(packed) + narrow(size) +
                 little(part.name.size(), 2) + little(wideField.size(), 2) + little(0, 8) + little(0, 2) +
                 narrow(offset) + part.name + wideField;
  }
  return file + directory + little(0x06054b50, 4) + little(0, 4) + little(parts.size(), 2) +
         little(parts.size(), 2) + little(directory.size(), 4) + little(file.size(), 4) +
         little(comment.size(), 2) + std::string(comment);
}

}  // namespace headlight::testing_files
