#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "app/cli/console.h"
#include "core/base/hash.h"
#include "core/files/atomic_save.h"

namespace headlight {

/// A file that was written, as `--json` tells it.
struct OutputRecord {
  std::string path;  ///< "-" for stdout
  std::uint64_t bytes = 0;
  std::string sha256;
};

/// Counts and hashes what passes through to another sink.
class HashingSink : public ByteSink {
 public:
  explicit HashingSink(ByteSink& next) : next_(next) {}
  Status write(std::string_view bytes) override;
  OutputRecord record(const std::string& path) const { return {path, bytes_, hash_.hex()}; }

 private:
  ByteSink& next_;
  Sha256 hash_;
  std::uint64_t bytes_ = 0;
};

/// stdout as a sink. Fails once its reader has gone, so that no more is computed for it; Console::outClosed
/// tells that from a real failure.
class ConsoleSink : public ByteSink {
 public:
  explicit ConsoleSink(Console& console) : console_(console) {}
  Status write(std::string_view bytes) override;

 private:
  Console& console_;
};

/// Errors before any work is done for it: (exists) the file is there and `force` is not given; (usage) binary
/// data would be written to a terminal.
Status checkOutput(const std::string& path, bool force, bool binary = true);

/// Writes a whole result to a file, atomically, or to stdout for "-".
Result<OutputRecord> saveOutput(const std::string& path, std::string_view bytes, bool force,
                                Console& console);

}  // namespace headlight
