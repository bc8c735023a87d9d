#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/desktop/folders.h"

namespace headlight {
namespace {

/// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  bool close() {
    const int number = number_;
    number_ = -1;
    return ::close(number) == 0;
  }

 private:
  int number_;
};

Error fault(ErrorCode code, const char* doing, const std::string& path) {
  return {code, std::string(doing) + ": " + std::strerror(errno), path, ""};
}

bool writeAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Status writeOwnFile(const std::string& path, std::string_view bytes) {
  if (Status made = makeFolder(std::filesystem::path(path).parent_path().string()); !made) return made;
  std::string temporary = path + ".XXXXXX";
  Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));  // mode 0600
  if (file.number() < 0) return fault(ErrorCode::unwritable, "the file cannot be written", path);
  if (writeAll(file.number(), bytes) && ::fsync(file.number()) == 0 && file.close() &&
      ::rename(temporary.c_str(), path.c_str()) == 0) {
    return {};
  }
  const Error error = fault(ErrorCode::unwritable, "the file cannot be written", path);
  ::unlink(temporary.c_str());
  return error;
}

Result<std::string> readOwnFile(const std::string& path, std::size_t limit) {
  // O_NONBLOCK: a pipe in this place must not keep us waiting.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.number() < 0) return fault(ErrorCode::unreadable, "the file cannot be read", path);
  struct stat about {};
  if (::fstat(file.number(), &about) != 0) {
    return fault(ErrorCode::unreadable, "the file cannot be read", path);
  }
  if (!S_ISREG(about.st_mode)) return Error{ErrorCode::unreadable, "this is no regular file", path, ""};
  std::string text;
  char buffer[16384];
  while (true) {
    const ssize_t count = ::read(file.number(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fault(ErrorCode::unreadable, "the file cannot be read", path);
    if (count == 0) return text;
    if (text.size() + static_cast<std::size_t>(count) > limit) {
      return Error{ErrorCode::invalid,
                   "the file holds more than the " + std::to_string(limit) + " bytes that are accepted", path,
                   ""};
    }
    text.append(buffer, static_cast<std::size_t>(count));
  }
}

}  // namespace headlight
