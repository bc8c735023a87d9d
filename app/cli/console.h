#pragma once
#include <atomic>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace headlight {

/// What every subcommand may be told.
struct CommonOptions {
  bool json = false;
  bool quiet = false;
  bool force = false;
  bool noColor = false;
  int threads = 0;  ///< 0: all the machine has
};

/// The text with control characters replaced, so that names from untrusted files cannot steer a terminal.
std::string printable(std::string_view text);

/// stdout for the result, stderr for everything else. When the reader of stdout has gone, the rest is dropped
/// in silence and the program ends as if it had been read.
class Console {
 public:
  explicit Console(bool quiet = false, bool noColor = false);

  /// Errors: stdout cannot be written (a full disk, say). A closed pipe is no error.
  Status out(std::string_view bytes);
  bool outClosed() const { return closed_; }
  /// What `out` failed with, if it did.
  const Status& outStatus() const { return status_; }

  /// "headlight: where: what. hint"
  void error(const Error& error) const;
  void warning(std::string_view where, std::string_view text) const;  ///< silent with -q
  void note(std::string_view text) const;                             ///< silent with -q
  /// One line that the next one overwrites; only on a terminal, never with -q.
  void progress(std::string_view line) const;
  void clearProgress() const;
  bool showsProgress() const { return terminal_ && !quiet_; }

 private:
  void line(std::string_view colour, std::string_view label, std::string_view text) const;

  bool quiet_ = false;
  bool terminal_ = false;
  bool colour_ = false;
  bool closed_ = false;
  mutable std::atomic<bool> progressShown_{false};
  Status status_;
};

}  // namespace headlight
