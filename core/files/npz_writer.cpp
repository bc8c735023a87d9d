#include "core/files/npz_writer.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include <zlib.h>

#include "core/base/number.h"

namespace headlight {
namespace {

constexpr std::uint64_t kMost32 = 0xffffffff;
constexpr std::uint64_t kMost16 = 0xffff;
// Bit 3: sizes and checksum follow the data; bit 11: names are UTF-8.
constexpr std::uint64_t kFlags = 1u << 3 | 1u << 11;
constexpr std::uint64_t kVersion = 20;
constexpr std::uint64_t kVersion64 = 45;

void putNumber(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i)
    out += static_cast<char>(static_cast<unsigned char>(value >> (8 * i) & 0xff));
}

/// Date and time as MS-DOS writes them, in UTC: that of SOURCE_DATE_EPOCH, else the first there is.
std::uint32_t dosTime() {
  constexpr std::uint32_t kFirst = (1u << 5 | 1u) << 16;  // 1980-01-01
  const char* text = std::getenv("SOURCE_DATE_EPOCH");
  const auto seconds = text ? parseInteger(text) : std::nullopt;
  constexpr std::int64_t kLatest = 4354819198;  // 2107-12-31 23:59:58
  if (!seconds || *seconds < 0) return kFirst;
  const std::chrono::sys_seconds time{std::chrono::seconds{std::min(*seconds, kLatest)}};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  const int year = static_cast<int>(date.year());
  if (year < 1980) return kFirst;
  const auto dosDate = static_cast<std::uint32_t>(year - 1980) << 9 |
                       static_cast<unsigned>(date.month()) << 5 | static_cast<unsigned>(date.day());
  const auto dosClock = static_cast<std::uint32_t>(
      clock.hours().count() << 11 | clock.minutes().count() << 5 | clock.seconds().count() / 2);
  return dosDate << 16 | dosClock;
}

}  // namespace

NpzWriter::NpzWriter(ByteSink& sink) : TensorWriter(sink), dosTime_(dosTime()) {}

Status NpzWriter::putData(std::string_view bytes) {
  Member& member = members_.back();
  member.size += bytes.size();
  for (std::string_view rest = bytes; !rest.empty();) {
    const std::string_view piece = rest.substr(0, std::size_t{1} << 30);
    member.crc = static_cast<std::uint32_t>(
        ::crc32(member.crc, reinterpret_cast<const Bytef*>(piece.data()), static_cast<uInt>(piece.size())));
    rest.remove_prefix(piece.size());
  }
  return put(bytes);
}

Status NpzWriter::beginTensor(std::string_view name, std::span<const std::int64_t> shape, FloatWidth width,
                              std::uint64_t bytes) {
  const std::string fileName = std::string(name) + ".npy";
  if (name.empty() || fileName.size() > kMost16) return misuse("a tensor's name has 1 to 65531 bytes");
  members_.push_back({fileName, written(), 0, 0});

  const std::string head = npyHeader(shape, width);
  const bool wide = bytes + head.size() >= kMost32;
  std::string local;
  putNumber(local, 0x04034b50, 4);
  putNumber(local, wide ? kVersion64 : kVersion, 2);
  putNumber(local, kFlags, 2);
  putNumber(local, 0, 2);
  putNumber(local, dosTime_, 4);
  putNumber(local, 0, 4);
  putNumber(local, wide ? kMost32 : 0, 4);
  putNumber(local, wide ? kMost32 : 0, 4);
  putNumber(local, fileName.size(), 2);
  putNumber(local, wide ? 20 : 0, 2);
  local += fileName;
  if (wide) {
    // Its presence says that the sizes after the data take eight bytes each.
    putNumber(local, 1, 2);
    putNumber(local, 16, 2);
    putNumber(local, 0, 8);
    putNumber(local, 0, 8);
  }
  if (Status status = put(local); !status) return status;
  return putData(head);
}

Status NpzWriter::endTensor() {
  const Member& member = members_.back();
  const int sizeBytes = member.size >= kMost32 ? 8 : 4;
  std::string descriptor;
  putNumber(descriptor, 0x08074b50, 4);
  putNumber(descriptor, member.crc, 4);
  putNumber(descriptor, member.size, sizeBytes);
  putNumber(descriptor, member.size, sizeBytes);
  return put(descriptor);
}

Status NpzWriter::finishFile() {
  const std::uint64_t directoryAt = written();
  for (const Member& member : members_) {
    const bool wideSize = member.size >= kMost32;
    const bool wideOffset = member.offset >= kMost32;
    std::string extra;
    if (wideSize || wideOffset) {
      putNumber(extra, 1, 2);
      putNumber(extra, (wideSize ? 16u : 0u) + (wideOffset ? 8u : 0u), 2);
      if (wideSize) putNumber(extra, member.size, 8);
      if (wideSize) putNumber(extra, member.size, 8);
      if (wideOffset) putNumber(extra, member.offset, 8);
    }
    constexpr std::uint64_t kUnix = 3u << 8;
    constexpr std::uint64_t kRegularFile = std::uint64_t{0100644} << 16;
    std::string entry;
    putNumber(entry, 0x02014b50, 4);
    putNumber(entry, kUnix | kVersion64, 2);
    putNumber(entry, extra.empty() ? kVersion : kVersion64, 2);
    putNumber(entry, kFlags, 2);
    putNumber(entry, 0, 2);
    putNumber(entry, dosTime_, 4);
    putNumber(entry, member.crc, 4);
    putNumber(entry, wideSize ? kMost32 : member.size, 4);
    putNumber(entry, wideSize ? kMost32 : member.size, 4);
    putNumber(entry, member.name.size(), 2);
    putNumber(entry, extra.size(), 2);
    putNumber(entry, 0, 2);  // comment
    putNumber(entry, 0, 2);  // disk
    putNumber(entry, 0, 2);  // internal attributes
    putNumber(entry, kRegularFile, 4);
    putNumber(entry, wideOffset ? kMost32 : member.offset, 4);
    entry += member.name;
    entry += extra;
    if (Status status = put(entry); !status) return status;
  }
  const std::uint64_t endAt = written();
  const std::uint64_t directoryBytes = endAt - directoryAt;
  const std::uint64_t count = members_.size();
  std::string end;
  if (count >= kMost16 || directoryBytes >= kMost32 || directoryAt >= kMost32) {
    putNumber(end, 0x06064b50, 4);
    putNumber(end, 44, 8);
    putNumber(end, kVersion64, 2);
    putNumber(end, kVersion64, 2);
    putNumber(end, 0, 4);
    putNumber(end, 0, 4);
    putNumber(end, count, 8);
    putNumber(end, count, 8);
    putNumber(end, directoryBytes, 8);
    putNumber(end, directoryAt, 8);
    putNumber(end, 0x07064b50, 4);
    putNumber(end, 0, 4);
    putNumber(end, endAt, 8);
    putNumber(end, 1, 4);
  }
  putNumber(end, 0x06054b50, 4);
  putNumber(end, 0, 4);
  putNumber(end, std::min(count, kMost16), 2);
  putNumber(end, std::min(count, kMost16), 2);
  putNumber(end, std::min(directoryBytes, kMost32), 4);
  putNumber(end, std::min(directoryAt, kMost32), 4);
  putNumber(end, 0, 2);
  return put(end);
}

}  // namespace headlight
