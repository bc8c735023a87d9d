#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/cancel.h"
#include "core/base/result.h"

namespace headlight {

struct FolderEntry {
  std::string name;
  bool isFolder = false;
  std::uint64_t bytes = 0;
  std::int64_t changed = 0;  ///< seconds since 1970, 0 where it is not known
};

/// What a folder holds: folders first, then files, each by name; hidden ones left out.
struct FolderListing {
  std::string path;  ///< absolute
  std::vector<FolderEntry> entries;
  bool cut = false;            ///< it holds more than kMostListed
  std::optional<Error> error;  ///< why there are none

  const FolderEntry* find(const std::string& name) const;
};
inline constexpr std::size_t kMostListed = 5000;

/// Reads the disk: never on the interface thread.
FolderListing listFolder(const std::string& path, const Cancel& cancel = {});

/// "2026-11-21 14:05", local time.
std::string timeText(std::int64_t seconds);

}  // namespace headlight
