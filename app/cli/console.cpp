#include "app/cli/console.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <unistd.h>

#include "core/base/utf8.h"

namespace headlight {
namespace {

constexpr std::string_view kRed = "\x1b[1;31m";
constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kPlain = "\x1b[0m";

/// Writes all of it; 0, or errno.
int writeAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

bool given(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

}  // namespace

std::string printable(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::optional<CodePoint> point = decodeUtf8(text, at);
    const char32_t value = point ? point->value : 0;
    const std::size_t length = point ? point->length : 1;
    if (value < 0x20 || (value >= 0x7f && value < 0xa0) || value == 0x202e || value == 0x2066) {
      appendUtf8(clean, 0xfffd);
    } else {
      clean.append(text.substr(at, length));
    }
    at += length;
  }
  return clean;
}

Console::Console(bool quiet, bool noColor) : quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1) {
  const char* terminal = std::getenv("TERM");
  const bool dumb = terminal != nullptr && std::string_view(terminal) == "dumb";
  colour_ = terminal_ && !noColor && !dumb && !given("NO_COLOR");
}

Status Console::out(std::string_view bytes) {
  if (closed_ || !status_) return status_;
  const int problem = writeAll(STDOUT_FILENO, bytes);
  if (problem == EPIPE || problem == EBADF) {
    closed_ = true;
  } else if (problem != 0) {
    status_ = Error{
        ErrorCode::unwritable, std::string("cannot be written: ") + std::strerror(problem), "stdout", {}};
  }
  return status_;
}

void Console::line(std::string_view colour, std::string_view label, std::string_view text) const {
  clearProgress();
  std::string message;
  if (colour_) message += colour;
  message += label;
  if (colour_) message += kPlain;
  message += printable(text);
  message += '\n';
  static_cast<void>(writeAll(STDERR_FILENO, message));
}

void Console::error(const Error& error) const {
  line(kRed, "headlight: ", error.text());
}

void Console::warning(std::string_view where, std::string_view text) const {
  if (quiet_) return;
  std::string message = "warning: ";
  if (!where.empty()) message += std::string(where) + ": ";
  line(kYellow, "headlight: ", message + std::string(text));
}

void Console::note(std::string_view text) const {
  if (!quiet_) line({}, "headlight: ", text);
}

void Console::progress(std::string_view text) const {
  if (!showsProgress()) return;
  progressShown_ = true;
  static_cast<void>(writeAll(STDERR_FILENO, "\r\x1b[K" + printable(text)));
}

void Console::clearProgress() const {
  if (progressShown_.exchange(false)) static_cast<void>(writeAll(STDERR_FILENO, "\r\x1b[K"));
}

}  // namespace headlight
