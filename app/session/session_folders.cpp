#include <filesystem>
#include <system_error>

#include "app/session/state.h"

namespace headlight {

const FolderListing* Session::folder(const std::string& path, bool again) {
  State& s = *state_;
  if (s.listing.path == path && !again) return &s.listing;
  if (s.listingWanted == path && !again) return nullptr;
  s.listingWanted = path;
  if (!s.folderReader) s.folderReader = std::make_unique<Worker>(1, s.home);
  State* state = &s;
  s.folderReader->replace([state, path](ThreadPool&, const Cancel& cancel) -> Worker::Home {
    return [state, listing = listFolder(path, cancel)]() mutable {
      if (listing.path != state->listingWanted) return;
      state->listing = std::move(listing);
      state->listingWanted.clear();
    };
  });
  return nullptr;
}

/// On the thread of the folders: a file on a network that does not answer must not keep others waiting.
void Session::State::checkRecent() {
  if (!folderReader) folderReader = std::make_unique<Worker>(1, home);
  folderReader->append([this, paths = settings.recentFiles](ThreadPool&, const Cancel&) -> Worker::Home {
    std::set<std::string> missing;
    for (const std::string& path : paths) {
      std::error_code failure;
      if (!std::filesystem::exists(path, failure)) missing.insert(path);
    }
    return [this, missing = std::move(missing)] { missingRecent = missing; };
  });
}

bool Session::recentMissing(const std::string& path) const {
  return state_->missingRecent.count(path) != 0;
}

}  // namespace headlight
