#include "app/desktop/folder_listing.h"

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <system_error>
#include <tuple>

#include <sys/stat.h>

#include "core/base/words.h"

namespace headlight {
namespace {

namespace fs = std::filesystem;

bool before(const FolderEntry& a, const FolderEntry& b) {
  return std::tuple(!a.isFolder, lowered(a.name), a.name) < std::tuple(!b.isFolder, lowered(b.name), b.name);
}

}  // namespace

const FolderEntry* FolderListing::find(const std::string& name) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const FolderEntry& entry) { return entry.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

FolderListing listFolder(const std::string& path, const Cancel& cancel) {
  FolderListing listing;
  listing.path = path;
  std::error_code failure;
  for (fs::directory_iterator entry(path, failure), end; !failure && entry != end; entry.increment(failure)) {
    if (cancel.requested()) break;
    FolderEntry one;
    one.name = entry->path().filename().string();
    if (one.name.empty() || one.name.front() == '.') continue;
    if (listing.entries.size() == kMostListed) {
      listing.cut = true;
      break;
    }
    struct stat about {};
    if (::stat(entry->path().c_str(), &about) != 0) continue;  // a link to nothing
    one.isFolder = S_ISDIR(about.st_mode);
    if (!one.isFolder && !S_ISREG(about.st_mode)) continue;
    one.bytes = static_cast<std::uint64_t>(about.st_size);
    one.changed = static_cast<std::int64_t>(about.st_mtime);
    listing.entries.push_back(std::move(one));
  }
  if (failure) {
    listing.entries.clear();
    listing.error = Error{ErrorCode::unreadable, "the folder cannot be read: " + failure.message(), path, ""};
  }
  std::sort(listing.entries.begin(), listing.entries.end(), before);
  return listing;
}

std::string timeText(std::int64_t seconds) {
  if (seconds <= 0) return "";
  const auto when = static_cast<std::time_t>(seconds);
  std::tm parts{};
  if (::localtime_r(&when, &parts) == nullptr) return "";
  char text[32];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &parts);
  return std::string(text, length);
}

}  // namespace headlight
