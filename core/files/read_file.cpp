#include "core/files/read_file.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/hash.h"
#include "core/base/number.h"

namespace headlight {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 18;

Error unreadable(std::string what, const std::string& path) {
  return Error{ErrorCode::unreadable, std::move(what), path, ""};
}

Error openError(int number, const std::string& path) {
  switch (number) {
    case ENOENT:
      return unreadable("there is no such file", path);
    case ENOTDIR:
      return unreadable("there is no such file: a part of its path is no folder", path);
    case EACCES:
    case EPERM:
      return unreadable("the file may not be read (no permission)", path);
    default:
      return unreadable("the file cannot be opened: " + std::generic_category().message(number), path);
  }
}

Error tooLong(const std::string& path, std::uint64_t limit) {
  return Error{
      ErrorCode::invalid,
      "found more than " + bytesText(static_cast<double>(limit)) + ", which is the most accepted here", path,
      ""};
}

/// Closes a descriptor at the end of a block.
class Closer {
 public:
  explicit Closer(int descriptor) : descriptor_(descriptor) {}
  ~Closer() { ::close(descriptor_); }
  Closer(const Closer&) = delete;
  Closer& operator=(const Closer&) = delete;

 private:
  int descriptor_;
};

}  // namespace

std::string placeInFile(const std::string& path, std::uint64_t offset) {
  return path + ", byte " + std::to_string(offset);
}

Result<InputFile> InputFile::open(const std::string& path) {
  // A named pipe without a writer must not hold us up before it is recognised.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return openError(errno, path);
  InputFile file;
  file.path_ = path;
  file.descriptor_ = descriptor;
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return openError(errno, path);
  if (S_ISDIR(status.st_mode)) return unreadable("this is a folder, accepted is a file", path);
  if (!S_ISREG(status.st_mode))
    return unreadable("this is a pipe or device, accepted is a regular file", path);
  file.size_ = static_cast<std::uint64_t>(status.st_size);
  file.stamp_ = KeyHash()
                    .add(static_cast<std::uint64_t>(status.st_dev))
                    .add(static_cast<std::uint64_t>(status.st_ino))
                    .add(static_cast<std::uint64_t>(status.st_size))
                    .add(static_cast<std::uint64_t>(status.st_mtim.tv_sec))
                    .add(static_cast<std::uint64_t>(status.st_mtim.tv_nsec))
                    .key();
  return file;
}

InputFile::InputFile(InputFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      stamp_(other.stamp_) {}

InputFile& InputFile::operator=(InputFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_, other.size_);
  std::swap(stamp_, other.stamp_);
  return *this;
}

InputFile::~InputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Status InputFile::read(std::uint64_t offset, std::span<char> out) const {
  if (offset > size_ || out.size() > size_ - offset) {
    return Error{ErrorCode::unreadable,
                 "wanted " + std::to_string(out.size()) + " bytes from here, the file ends at byte " +
                     std::to_string(size_),
                 placeInFile(path_, offset), ""};
  }
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t n =
        ::pread(descriptor_, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      return Error{ErrorCode::unreadable, "reading failed: " + std::generic_category().message(errno),
                   placeInFile(path_, offset + done), ""};
    }
    if (n == 0) {
      return Error{ErrorCode::unreadable, "the file became shorter while it was read",
                   placeInFile(path_, offset + done), ""};
    }
    done += static_cast<std::size_t>(n);
  }
  return {};
}

Result<std::string> readDescriptor(int descriptor, const std::string& name, std::uint64_t limit) {
  // What a device such as /dev/zero gives has no end.
  constexpr std::uint64_t kMostOfDevice = std::uint64_t{1} << 20;
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && (S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode))) {
    limit = std::min(limit, kMostOfDevice);
  }
  std::string bytes;
  std::vector<char> piece(kPiece);
  for (;;) {
    const ssize_t n = ::read(descriptor, piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EISDIR) return unreadable("this is a folder, accepted is a file", name);
    if (n < 0) return unreadable("reading failed: " + std::generic_category().message(errno), name);
    if (n == 0) return bytes;
    bytes.append(piece.data(), static_cast<std::size_t>(n));
    if (bytes.size() > limit) return tooLong(name, limit);
  }
}

Result<std::string> readFile(const std::string& path, std::uint64_t limit) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return openError(errno, path);
  const Closer closer(descriptor);
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
      static_cast<std::uint64_t>(status.st_size) > limit) {
    return Error{ErrorCode::invalid,
                 "found " + bytesText(static_cast<double>(status.st_size)) + ", accepted are at most " +
                     bytesText(static_cast<double>(limit)),
                 path, ""};
  }
  return readDescriptor(descriptor, path, limit);
}

Result<FileFingerprint> fingerprint(const std::string& path, const Cancel& cancel) {
  auto file = InputFile::open(path);
  if (!file) return file.error();
  Sha256 sum;
  std::vector<char> piece(kPiece);
  for (std::uint64_t at = 0; at < file->size();) {
    if (cancel.requested()) return Error{ErrorCode::cancelled, "interrupted", path, ""};
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), file->size() - at));
    if (Status status = file->read(at, std::span(piece).first(n)); !status) return status.error();
    sum.add({piece.data(), n});
    at += n;
  }
  return FileFingerprint{file->size(), sum.hex()};
}

}  // namespace headlight
