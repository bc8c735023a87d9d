#pragma once
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace headlight {

/// Where things are kept, by the XDG base directory rules; values that are not absolute are ignored. Made
/// when first written to, readable by the user alone. Tests hand in a temporary home.
struct Folders {
  std::string config;  ///< settings
  std::string state;   ///< recent files, autosave
  std::string cache;   ///< unpacked examples
  std::string home;

  static Folders fromEnvironment();
  static Folders under(const std::string& folder);
};

/// Makes the folder and what is missing above it, readable by the user alone (0700). Errors: unwritable.
Status makeFolder(const std::string& folder);
/// A small file of ours, whole or not at all: written beside its place (0600), synchronised, renamed. The
/// folder is made when missing. Errors: unwritable.
Status writeOwnFile(const std::string& path, std::string_view bytes);
/// Errors: unreadable (missing, a folder, no permission), invalid when it is larger than `limit` bytes.
Result<std::string> readOwnFile(const std::string& path, std::size_t limit);

}  // namespace headlight
