#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "core/base/cancel.h"
#include "core/base/result.h"

namespace headlight {

/// "q.npy, byte 10": the place of a fault, for Error::where.
std::string placeInFile(const std::string& path, std::uint64_t offset);

/// A regular file, opened to be read by position. Its size is asked once, when it is opened. Moves, is not
/// copied.
class InputFile {
 public:
  /// Errors (unreadable): no such file, a folder, not a regular file, no permission.
  static Result<InputFile> open(const std::string& path);
  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&& other) noexcept;
  ~InputFile();

  const std::string& path() const { return path_; }
  std::uint64_t size() const { return size_; }
  /// Changes whenever the file was written again: device, inode, size and time of the last change.
  std::uint64_t stamp() const { return stamp_; }
  /// Fills `out` from byte `offset` on, wholly or not at all. Errors (unreadable): beyond the end, or the
  /// disk's.
  Status read(std::uint64_t offset, std::span<char> out) const;

 private:
  InputFile() = default;
  std::string path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::uint64_t stamp_ = 0;
};

/// All bytes of a file or a pipe. Errors (unreadable) as InputFile::open; (invalid) more than `limit` bytes,
/// of a device (/dev/zero, a terminal) more than 1 MiB.
Result<std::string> readFile(const std::string& path, std::uint64_t limit);
/// All bytes of an open descriptor (0 is stdin), which `name` stands for in messages.
Result<std::string> readDescriptor(int descriptor, const std::string& name, std::uint64_t limit);

/// What tells whether a file is still the one that was meant.
struct FileFingerprint {
  std::uint64_t bytes = 0;
  std::string sha256;
  bool operator==(const FileFingerprint&) const = default;
};
/// Reads the whole file, a piece at a time. Errors as InputFile; (cancelled) when asked to stop.
Result<FileFingerprint> fingerprint(const std::string& path, const Cancel& cancel = {});

}  // namespace headlight
