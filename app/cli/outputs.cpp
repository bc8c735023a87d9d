#include "app/cli/outputs.h"

#include <sys/stat.h>
#include <unistd.h>

namespace headlight {

Status HashingSink::write(std::string_view bytes) {
  hash_.add(bytes);
  bytes_ += bytes.size();
  return next_.write(bytes);
}

Status ConsoleSink::write(std::string_view bytes) {
  if (Status status = console_.out(bytes); !status) return status;
  if (console_.outClosed()) return Error{ErrorCode::failed, "the reader has gone", "stdout", {}};
  return {};
}

Status checkOutput(const std::string& path, bool force, bool binary) {
  if (path == "-") {
    if (binary && ::isatty(STDOUT_FILENO) == 1) {
      return Error{ErrorCode::usage, "is a terminal, which cannot show this format", "stdout",
                   "Redirect it, or name a file with -o"};
    }
    return {};
  }
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return {};
  if (S_ISDIR(found.st_mode)) {
    return Error{ErrorCode::unwritable, "is a folder, a file name is needed", path, {}};
  }
  if (!force && S_ISREG(found.st_mode)) {
    return Error{ErrorCode::exists, "exists and is not overwritten", path, "Add -f to replace it"};
  }
  return {};
}

Result<OutputRecord> saveOutput(const std::string& path, std::string_view bytes, bool force,
                                Console& console) {
  if (path == "-") {
    if (Status status = console.out(bytes); !status) return status.error();
  } else if (Status status = saveAtomically(path, bytes, force ? Overwrite::replace : Overwrite::refuse);
             !status) {
    return status.error();
  }
  return OutputRecord{path, bytes.size(), sha256(bytes)};
}

}  // namespace headlight
