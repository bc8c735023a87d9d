#include "app/desktop/settings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "app/desktop/lines.h"
#include "core/base/number.h"

namespace headlight {
namespace {

constexpr std::size_t kFileLimit = 256 * 1024;
constexpr std::size_t kRecentLimit = 12;
constexpr double kSmallestScale = 0.75;
constexpr double kLargestScale = 3;

std::optional<bool> readBool(std::string_view word) {
  if (word == "true") return true;
  if (word == "false") return false;
  return std::nullopt;
}

constexpr std::array<std::string_view, 5> kThemeWords{"system", "dark", "light", "projector-dark",
                                                      "projector-light"};

bool validScale(double scale) {
  return scale == 0 || (std::isfinite(scale) && scale >= kSmallestScale && scale <= kLargestScale);
}

bool validPath(std::string_view path) {
  return !path.empty() && path.front() == '/' && path.size() <= 4096 &&
         path.find('\0') == std::string_view::npos;
}

/// The settings with what is not accepted put back to its default.
Settings validated(Settings settings) {
  if (!isThemeWord(settings.theme)) settings.theme = "system";
  if (!validScale(settings.uiScale)) settings.uiScale = 0;
  if (!validPath(settings.lastFolder)) settings.lastFolder.clear();
  std::vector<std::string> recent;
  for (std::string& path : settings.recentFiles) {
    if (recent.size() == kRecentLimit) break;
    if (validPath(path) && std::find(recent.begin(), recent.end(), path) == recent.end()) {
      recent.push_back(std::move(path));
    }
  }
  settings.recentFiles = std::move(recent);
  return settings;
}

std::string settingsPath(const Folders& folders) {
  return folders.config + "/settings.conf";
}
std::string recentPath(const Folders& folders) {
  return folders.state + "/recent.conf";
}

}  // namespace

std::span<const std::string_view> themeWords() {
  return kThemeWords;
}

bool isThemeWord(std::string_view word) {
  return std::find(kThemeWords.begin(), kThemeWords.end(), word) != kThemeWords.end();
}

Settings loadSettings(const Folders& folders) {
  Settings settings;
  if (const auto text = readOwnFile(settingsPath(folders), kFileLimit)) {
    eachLine(*text, [&](std::string_view key, std::string_view value) {
      if (key == "theme" && isThemeWord(value)) settings.theme = value;
      if (key == "ui_scale") settings.uiScale = parseNumber(value).value_or(0);
      if (key == "reduced_motion") settings.reducedMotion = readBool(value).value_or(false);
    });
  }
  if (const auto text = readOwnFile(recentPath(folders), kFileLimit)) {
    eachLine(*text, [&](std::string_view key, std::string_view value) {
      if (key == "first_start") settings.firstStart = readBool(value).value_or(true);
      if (key == "last_folder") settings.lastFolder = unescapedLine(value);
      if (key == "recent") settings.recentFiles.push_back(unescapedLine(value));
    });
  }
  return validated(std::move(settings));
}

Status saveSettings(const Folders& folders, const Settings& settings) {
  const Settings good = validated(settings);
  const auto word = [](bool is) { return is ? "true" : "false"; };
  std::string chosen = "# Headlight: what was chosen in the window\n";
  chosen += "theme = " + good.theme + "\n";
  chosen += "ui_scale = " + shortest(good.uiScale) + "\n";
  chosen += std::string("reduced_motion = ") + word(good.reducedMotion) + "\n";

  std::string state = "# Headlight: where it was left\n";
  state += std::string("first_start = ") + word(good.firstStart) + "\n";
  if (!good.lastFolder.empty()) state += "last_folder = " + escapedLine(good.lastFolder) + "\n";
  for (const std::string& path : good.recentFiles) state += "recent = " + escapedLine(path) + "\n";

  const Status first = writeOwnFile(settingsPath(folders), chosen);
  const Status second = writeOwnFile(recentPath(folders), state);
  return first ? second : first;
}

void rememberFile(Settings& settings, const std::string& path) {
  if (!validPath(path)) return;
  auto& recent = settings.recentFiles;
  recent.erase(std::remove(recent.begin(), recent.end(), path), recent.end());
  recent.insert(recent.begin(), path);
  if (recent.size() > kRecentLimit) recent.resize(kRecentLimit);
  const std::size_t slash = path.rfind('/');
  settings.lastFolder = slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace headlight
