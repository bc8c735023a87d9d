#include "core/files/atomic_save.h"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace headlight {
namespace {

Error unwritable(std::string what, const std::string& path) {
  return Error{ErrorCode::unwritable, std::move(what), path, ""};
}

Error alreadyThere(const std::string& path) {
  return Error{ErrorCode::exists, "the file exists already and is not overwritten", path,
               "Use --force to replace it"};
}

std::string folderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Error createError(int number, const std::string& path, const std::string& folder) {
  switch (number) {
    case ENOENT:
      // Folders of the kernel (/proc) exist and refuse a file with the same number.
      if (::access(folder.c_str(), F_OK) == 0)
        return unwritable("the folder \"" + folder + "\" takes no files", path);
      return unwritable("the folder \"" + folder + "\" does not exist", path);
    case ENOTDIR:
      return unwritable("\"" + folder + "\" is no folder", path);
    case EACCES:
    case EPERM:
      return unwritable("the folder \"" + folder + "\" may not be written (no permission)", path);
    case EROFS:
      return unwritable("the folder \"" + folder + "\" lies on a read-only disk", path);
    default:
      return unwritable("the file cannot be written: " + std::generic_category().message(number), path);
  }
}

/// Writes all; 0 or the error's number.
int writeAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

/// The place that a path means when links are followed; the path itself when there is nothing yet.
std::string followed(const std::string& path) {
  char* resolved = ::realpath(path.c_str(), nullptr);
  if (!resolved) return path;
  std::string target = resolved;
  std::free(resolved);
  return target;
}

std::string temporaryName(const std::string& folder) {
  static std::atomic<unsigned> counter{0};
  return folder + "/.headlight-" + std::to_string(::getpid()) + "-" + std::to_string(counter.fetch_add(1)) +
         ".tmp";
}

/// Makes a rename last through a power cut; a disk that cannot do that still has the file.
void synchroniseFolder(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

Status DescriptorSink::write(std::string_view bytes) {
  const int number = writeAll(descriptor_, bytes);
  if (number == 0) return {};
  closed_ = closed_ || number == EPIPE;
  return unwritable("writing failed: " + std::generic_category().message(number), name_);
}

Result<AtomicFile> AtomicFile::create(const std::string& path, Overwrite overwrite) {
  if (path.empty()) return unwritable("the path of the output is empty", path);
  AtomicFile file;
  file.path_ = path;
  file.target_ = followed(path);
  file.overwrite_ = overwrite;
  const std::string folder = folderOf(file.target_);
  mode_t mode = 0666;
  bool keepMode = false;
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) return unwritable("this is a folder, accepted is the path of a file", path);
    if (!S_ISREG(status.st_mode)) {
      file.descriptor_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
      if (file.descriptor_ < 0) return createError(errno, path, folder);
      return file;
    }
    if (overwrite == Overwrite::refuse) return alreadyThere(path);
    mode = status.st_mode & 07777;
    keepMode = true;
  }
  for (int attempt = 0; file.descriptor_ < 0; ++attempt) {
    const std::string name = temporaryName(folder);
    file.descriptor_ = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (file.descriptor_ >= 0) {
      file.temporary_ = name;
    } else if (errno != EEXIST || attempt == 100) {
      return createError(errno, path, folder);
    }
  }
  if (keepMode) ::fchmod(file.descriptor_, mode);
  return file;
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_)),
      target_(std::move(other.target_)),
      temporary_(std::exchange(other.temporary_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)),
      overwrite_(other.overwrite_) {}

AtomicFile& AtomicFile::operator=(AtomicFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(target_, other.target_);
  std::swap(temporary_, other.temporary_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(overwrite_, other.overwrite_);
  return *this;
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Status AtomicFile::write(std::string_view bytes) {
  if (descriptor_ < 0) return unwritable("the file was finished already", path_);
  const int number = writeAll(descriptor_, bytes);
  if (number == 0) return {};
  return unwritable("writing failed: " + std::generic_category().message(number), path_);
}

Status AtomicFile::commit() {
  if (descriptor_ < 0) return unwritable("the file was finished already", path_);
  int number = 0;
  if (!temporary_.empty() && ::fsync(descriptor_) != 0 && errno != EINVAL && errno != ENOSYS) number = errno;
  if (::close(std::exchange(descriptor_, -1)) != 0 && number == 0) number = errno;
  if (number != 0) return unwritable("writing failed: " + std::generic_category().message(number), path_);
  if (temporary_.empty()) return {};

  int renamed = 0;
  if (overwrite_ == Overwrite::refuse) {
    renamed = ::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE);
    if (renamed != 0 && (errno == EINVAL || errno == ENOSYS)) {
      // A file system without that promise: a hard link is never made over another file either.
      renamed = ::link(temporary_.c_str(), target_.c_str());
      if (renamed == 0) ::unlink(temporary_.c_str());
    }
  } else {
    renamed = ::rename(temporary_.c_str(), target_.c_str());
  }
  if (renamed != 0) {
    if (errno == EEXIST) return alreadyThere(path_);
    return createError(errno, path_, folderOf(target_));
  }
  temporary_.clear();
  synchroniseFolder(folderOf(target_));
  return {};
}

Status saveAtomically(const std::string& path, std::string_view bytes, Overwrite overwrite) {
  auto file = AtomicFile::create(path, overwrite);
  if (!file) return file.error();
  if (Status status = file->write(bytes); !status) return status;
  return file->commit();
}

}  // namespace headlight
