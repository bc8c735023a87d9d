#pragma once
#include <functional>
#include <string>
#include <vector>

#include "tests/temporary_folder.h"

namespace headlight::test {

/// What came of running a program.
struct ProcessResult {
  int code = -1;  ///< exit code; 128 + signal when a signal ended it
  std::string out;
  std::string err;
  bool timedOut = false;
};

struct ProcessOptions {
  std::string input;                     ///< on stdin
  std::vector<std::string> environment;  ///< "NAME=value"; else only what sanitizers are told
  std::string folder;                    ///< working folder; empty: as it is
  std::string outputPath;                ///< stdout goes to this file (/dev/full, say) instead of `out`
  bool closeStdoutEarly = false;         ///< the reader of stdout goes away at once
  int seconds = 60;
  int interruptAfterMs = 0;  ///< SIGINT after so long
  std::string interruptAt;   ///< SIGINT once stderr has said this
  int interruptWith = 2;     ///< another signal than SIGINT
  bool terminal = false;     ///< stderr is a terminal; `err` is what it was sent
};

/// Runs a program with the environment of its options alone and collects what it writes.
ProcessResult runProcess(const std::string& program, const std::vector<std::string>& arguments,
                         const ProcessOptions& options = {});
/// The headlight of this build.
ProcessResult headlight(const std::vector<std::string>& arguments, const ProcessOptions& options = {});

std::string readBytes(const std::string& path);
bool fileExists(const std::string& path);
std::vector<std::string> filesIn(const std::string& folder);

/// A version 1.0 .npy of little-endian float32.
std::string npyBytes(const std::vector<long>& shape, const std::vector<float>& values);

}  // namespace headlight::test
