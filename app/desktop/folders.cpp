#include "app/desktop/folders.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <pwd.h>
#include <unistd.h>

namespace headlight {
namespace {

std::string absoluteVariable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && value[0] == '/' ? value : "";
}

std::string homeFolder() {
  if (std::string home = absoluteVariable("HOME"); !home.empty()) return home;
  const passwd* entry = getpwuid(getuid());
  if (entry != nullptr && entry->pw_dir != nullptr && entry->pw_dir[0] == '/') return entry->pw_dir;
  // A service user without a home: what is written there is the user's alone by its mode.
  return "/tmp/headlight-" + std::to_string(getuid());
}

std::string baseFolder(const char* variable, const std::string& home, const char* fallback) {
  const std::string base = absoluteVariable(variable);
  return (base.empty() ? home + fallback : base) + "/headlight";
}

}  // namespace

Folders Folders::fromEnvironment() {
  Folders folders;
  folders.home = homeFolder();
  folders.config = baseFolder("XDG_CONFIG_HOME", folders.home, "/.config");
  folders.state = baseFolder("XDG_STATE_HOME", folders.home, "/.local/state");
  folders.cache = baseFolder("XDG_CACHE_HOME", folders.home, "/.cache");
  return folders;
}

Folders Folders::under(const std::string& folder) {
  return {folder + "/config", folder + "/state", folder + "/cache", folder};
}

Status makeFolder(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code failure;
  const fs::path path(folder);
  if (fs::is_directory(path, failure)) return {};
  if (path.has_parent_path() && path.parent_path() != path) {
    if (Status above = makeFolder(path.parent_path().string()); !above) return above;
  }
  fs::create_directory(path, failure);
  if (failure) {
    return Error{ErrorCode::unwritable, "the folder cannot be made: " + failure.message(), folder, ""};
  }
  // Made by us just now; create_directory followed the umask.
  fs::permissions(path, fs::perms::owner_all, failure);
  return {};
}

}  // namespace headlight
