#include "core/files/zip_directory.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "core/base/number.h"
#include "core/base/utf8.h"

namespace headlight {
namespace {

constexpr std::uint32_t kEndSignature = 0x06054b50;
constexpr std::uint32_t kEnd64Signature = 0x06064b50;
constexpr std::uint32_t kLocator64Signature = 0x07064b50;
constexpr std::uint32_t kEntrySignature = 0x02014b50;
constexpr std::uint32_t kLocalSignature = 0x04034b50;
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kEnd64Bytes = 56;
constexpr std::size_t kLocator64Bytes = 20;
constexpr std::size_t kEntryBytes = 46;
constexpr std::size_t kLocalBytes = 30;
constexpr std::uint64_t kMostMembers = 100000;
constexpr std::uint64_t kMostDirectoryBytes = std::uint64_t{64} << 20;
constexpr std::uint64_t kBombRatio = 900;
constexpr std::uint64_t kBombBytes = std::uint64_t{16} << 20;

/// The little-endian number of `bytes` bytes at `at`, which must be inside.
std::uint64_t number(std::string_view raw, std::size_t at, std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes; i-- > 0;) value = value << 8 | static_cast<unsigned char>(raw[at + i]);
  return value;
}
std::uint32_t number32(std::string_view raw, std::size_t at) {
  return static_cast<std::uint32_t>(number(raw, at, 4));
}

class DirectoryReader {
 public:
  explicit DirectoryReader(const InputFile& file) : file_(file) {}

  Result<std::vector<ZipMember>> read() {
    if (Status status = findEnd(); !status) return status.error();
    if (count_ > kMostMembers || directoryBytes_ > kMostDirectoryBytes) {
      return refuse("found a directory of " + std::to_string(count_) + " members in " +
                        std::to_string(directoryBytes_) + " bytes, accepted are " +
                        std::to_string(kMostMembers) + " members in 64 MiB",
                    endAt_);
    }
    if (directoryAt_ > endAt_ || directoryBytes_ != endAt_ - directoryAt_) {
      return refuse("the directory is said to be bytes " + std::to_string(directoryAt_) + " to " +
                        std::to_string(directoryAt_ + directoryBytes_) +
                        ", it must reach to its end mark here",
                    endAt_);
    }
    if (count_ > directoryBytes_ / kEntryBytes) {
      return refuse(std::to_string(count_) + " members do not fit into a directory of " +
                        std::to_string(directoryBytes_) + " bytes",
                    endAt_);
    }
    directory_.resize(static_cast<std::size_t>(directoryBytes_));
    if (Status status = file_.read(directoryAt_, directory_); !status) return status.error();
    std::vector<ZipMember> members;
    members.reserve(static_cast<std::size_t>(count_));
    std::unordered_set<std::string> names;
    for (std::uint64_t i = 0; i < count_; ++i) {
      const std::uint64_t at = directoryAt_ + at_;
      auto member = readEntry();
      if (!member) return member.error();
      if (!names.insert(member->name).second) {
        return refuse("the name \"" + member->name + "\" is given twice", at);
      }
      members.push_back(std::move(*member));
    }
    if (at_ != directory_.size()) {
      return refuse("found " + std::to_string(directory_.size() - at_) + " bytes after the last member",
                    directoryAt_ + at_);
    }
    if (Status status = checkOverlap(members); !status) return status.error();
    return members;
  }

 private:
  Error refuse(std::string what, std::uint64_t at) const {
    return Error{ErrorCode::invalid, std::move(what), placeInFile(file_.path(), at), ""};
  }

  /// Finds the end mark, which is the last 22 bytes but for a comment that reaches exactly to the file's end.
  Status findEnd() {
    constexpr std::uint64_t kMostTail = 65557;
    const std::uint64_t size = file_.size();
    const auto tailBytes = static_cast<std::size_t>(std::min(size, kMostTail));
    std::string tail(tailBytes, '\0');
    if (Status status = file_.read(size - tailBytes, tail); !status) return status;
    std::optional<std::size_t> found;
    for (std::size_t at = tailBytes < kEndBytes ? 0 : tailBytes - kEndBytes + 1; at-- > 0;) {
      if (number32(tail, at) == kEndSignature && number(tail, at + 20, 2) == tailBytes - at - kEndBytes) {
        found = at;
        break;
      }
    }
    if (!found) {
      return refuse("found no end of a zip directory: the file is cut off or no .npz", size);
    }
    const std::string_view end = std::string_view(tail).substr(*found);
    endAt_ = size - tailBytes + *found;
    count_ = number(end, 10, 2);
    directoryBytes_ = number(end, 12, 4);
    directoryAt_ = number(end, 16, 4);
    const bool wide = number(end, 8, 2) == 0xffff || count_ == 0xffff || directoryBytes_ == 0xffffffff ||
                      directoryAt_ == 0xffffffff;
    if (wide || hasLocator64()) return findEnd64();
    if (number(end, 4, 2) != 0 || number(end, 6, 2) != 0 || number(end, 8, 2) != count_) {
      return refuse("the archive spans several disks, accepted is one", endAt_);
    }
    return {};
  }

  /// Whether a zip64 end stands before the plain one. Some writers, PyTorch among them, put it there always.
  bool hasLocator64() const {
    if (endAt_ < kLocator64Bytes + kEnd64Bytes) return false;
    std::array<char, 4> signature{};
    return file_.read(endAt_ - kLocator64Bytes, signature) &&
           number32({signature.data(), signature.size()}, 0) == kLocator64Signature;
  }

  Status findEnd64() {
    if (endAt_ < kLocator64Bytes + kEnd64Bytes) return refuse("the zip64 directory's end is missing", endAt_);
    std::string locator(kLocator64Bytes, '\0');
    const std::uint64_t locatorAt = endAt_ - kLocator64Bytes;
    if (Status status = file_.read(locatorAt, locator); !status) return status;
    if (number32(locator, 0) != kLocator64Signature) {
      return refuse("the zip64 directory's end is missing", locatorAt);
    }
    const std::uint64_t at = number(locator, 8, 8);
    if (number32(locator, 4) != 0 || number32(locator, 16) > 1) {
      return refuse("the archive spans several disks, accepted is one", locatorAt);
    }
    if (at > locatorAt || locatorAt - at < kEnd64Bytes) {
      return refuse("the zip64 directory's end is said to be at byte " + std::to_string(at), locatorAt);
    }
    std::string end(kEnd64Bytes, '\0');
    if (Status status = file_.read(at, end); !status) return status;
    if (number32(end, 0) != kEnd64Signature) return refuse("the zip64 directory's end is damaged", at);
    if (number32(end, 16) != 0 || number32(end, 20) != 0 || number(end, 24, 8) != number(end, 32, 8)) {
      return refuse("the archive spans several disks, accepted is one", at);
    }
    endAt_ = at;
    count_ = number(end, 32, 8);
    directoryBytes_ = number(end, 40, 8);
    directoryAt_ = number(end, 48, 8);
    return {};
  }

  Result<ZipMember> readEntry() {
    const std::uint64_t place = directoryAt_ + at_;
    const std::string_view rest = std::string_view(directory_).substr(at_);
    if (rest.size() < kEntryBytes || number32(rest, 0) != kEntrySignature) {
      return refuse("found no entry of a zip directory", place);
    }
    const auto nameBytes = static_cast<std::size_t>(number(rest, 28, 2));
    const auto extraBytes = static_cast<std::size_t>(number(rest, 30, 2));
    const auto commentBytes = static_cast<std::size_t>(number(rest, 32, 2));
    if (rest.size() - kEntryBytes < nameBytes + extraBytes + commentBytes) {
      return refuse("an entry reaches beyond the directory", place);
    }
    at_ += kEntryBytes + nameBytes + extraBytes + commentBytes;

    ZipMember member;
    const std::string_view rawName = rest.substr(kEntryBytes, nameBytes);
    member.name = repairedUtf8(rawName);
    if (const char* why = nameFault(rawName)) {
      return refuse(
          "found the name \"" + member.name + "\" that " + why + ", accepted are plain relative names",
          place);
    }
    const std::uint64_t flags = number(rest, 8, 2);
    constexpr std::uint64_t kEncryptedFlags = 1u | 1u << 6 | 1u << 13;
    if ((flags & kEncryptedFlags) != 0) {
      return refuse("\"" + member.name + "\" is encrypted, accepted are open archives", place);
    }
    const std::uint64_t method = number(rest, 10, 2);
    if (method != 0 && method != 8) {
      return refuse("\"" + member.name + "\" is packed by method " + std::to_string(method) +
                        ", accepted are 0 (stored) and 8 (deflated)",
                    place);
    }
    member.deflated = method == 8;
    member.crc = number32(rest, 16);
    member.stored = number(rest, 20, 4);
    member.size = number(rest, 24, 4);
    member.begin = number(rest, 42, 4);
    std::uint64_t disk = number(rest, 34, 2);
    if (!readWide(rest.substr(kEntryBytes + nameBytes, extraBytes), member, disk)) {
      return refuse("the zip64 sizes of \"" + member.name + "\" are missing", place);
    }
    if (disk != 0) return refuse("the archive spans several disks, accepted is one", place);
    if (Status status = checkSizes(member, place); !status) return status.error();
    if (Status status = locateData(member, rawName); !status) return status.error();
    return member;
  }

  /// Takes what did not fit into 32 bits from the extra field 0x0001.
  static bool readWide(std::string_view extra, ZipMember& member, std::uint64_t& disk) {
    const bool needed = member.size == 0xffffffff || member.stored == 0xffffffff ||
                        member.begin == 0xffffffff || disk == 0xffff;
    if (!needed) return true;
    while (extra.size() >= 4) {
      const std::uint64_t id = number(extra, 0, 2);
      const auto length = static_cast<std::size_t>(number(extra, 2, 2));
      if (length > extra.size() - 4) return false;
      if (id == 1) {
        std::string_view field = extra.substr(4, length);
        const auto take = [&field](std::uint64_t& value, std::uint64_t marker, std::size_t bytes) {
          if (value != marker) return true;
          if (field.size() < bytes) return false;
          value = number(field, 0, bytes);
          field.remove_prefix(bytes);
          return true;
        };
        return take(member.size, 0xffffffff, 8) && take(member.stored, 0xffffffff, 8) &&
               take(member.begin, 0xffffffff, 8) && take(disk, 0xffff, 4);
      }
      extra.remove_prefix(4 + length);
    }
    return false;
  }

  static const char* nameFault(std::string_view name) {
    if (name.empty()) return "is empty";
    if (name.find('\0') != std::string_view::npos) return "has a zero byte";
    if (name.find('\\') != std::string_view::npos) return "has a backslash";
    if (name[0] == '/' || (name.size() > 1 && name[1] == ':')) return "is absolute";
    for (std::size_t at = 0; at <= name.size();) {
      const std::size_t slash = std::min(name.find('/', at), name.size());
      if (name.substr(at, slash - at) == "..") return "leads out of the archive";
      at = slash + 1;
    }
    return nullptr;
  }

  Status checkSizes(const ZipMember& member, std::uint64_t place) const {
    if (!member.deflated && member.stored != member.size) {
      return refuse("\"" + member.name + "\" is stored in " + std::to_string(member.stored) +
                        " bytes and said to have " + std::to_string(member.size),
                    place);
    }
    if (member.name.back() == '/' && member.size != 0) {
      return refuse("\"" + member.name + "\" is a folder with data", place);
    }
    if (member.size > kBombBytes && member.size / kBombRatio >= member.stored) {
      Error error = refuse("\"" + member.name + "\" is said to grow from " + std::to_string(member.stored) +
                               " to " + std::to_string(member.size) + " bytes, accepted are at most " +
                               std::to_string(kBombRatio) + " times as many",
                           place);
      error.hint = "Save it without compression (numpy.savez)";
      return error;
    }
    return {};
  }

  Status locateData(ZipMember& member, std::string_view rawName) const {
    const std::string outside = "\"" + member.name + "\" lies outside of the archive's data";
    if (member.begin > directoryAt_ || directoryAt_ - member.begin < kLocalBytes)
      return refuse(outside, member.begin);
    std::string local(kLocalBytes, '\0');
    if (Status status = file_.read(member.begin, local); !status) return status;
    if (number32(local, 0) != kLocalSignature) {
      return refuse("found no zip member here, where the directory says that \"" + member.name + "\" begins",
                    member.begin);
    }
    const std::uint64_t nameBytes = number(local, 26, 2);
    member.dataBegin = member.begin + kLocalBytes + nameBytes + number(local, 28, 2);
    if (member.dataBegin > directoryAt_ || member.stored > directoryAt_ - member.dataBegin) {
      return refuse(outside, member.begin);
    }
    std::string name(static_cast<std::size_t>(nameBytes), '\0');
    if (Status status = file_.read(member.begin + kLocalBytes, name); !status) return status;
    if (name != rawName) {
      return refuse(
          "found the member \"" + repairedUtf8(name) + "\", the directory calls it \"" + member.name + "\"",
          member.begin);
    }
    return {};
  }

  Status checkOverlap(const std::vector<ZipMember>& members) const {
    std::vector<const ZipMember*> ordered;
    ordered.reserve(members.size());
    for (const ZipMember& member : members) ordered.push_back(&member);
    std::sort(ordered.begin(), ordered.end(),
              [](const ZipMember* a, const ZipMember* b) { return a->begin < b->begin; });
    for (std::size_t i = 1; i < ordered.size(); ++i) {
      if (ordered[i - 1]->dataBegin + ordered[i - 1]->stored > ordered[i]->begin) {
        return refuse("\"" + ordered[i - 1]->name + "\" and \"" + ordered[i]->name + "\" overlap",
                      ordered[i]->begin);
      }
    }
    return {};
  }

  const InputFile& file_;
  std::uint64_t endAt_ = 0;
  std::uint64_t count_ = 0;
  std::uint64_t directoryAt_ = 0;
  std::uint64_t directoryBytes_ = 0;
  std::string directory_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::vector<ZipMember>> readZipDirectory(const InputFile& file) {
  return DirectoryReader(file).read();
}

}  // namespace headlight
