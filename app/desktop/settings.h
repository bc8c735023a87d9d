#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/desktop/folders.h"
#include "core/base/result.h"

namespace headlight {

/// What the user chose once for all documents. Validated when read and when written; a damaged file gives
/// defaults.
struct Settings {
  std::string theme = "system";  ///< a row of themeWords()
  double uiScale = 0;            ///< 0: the monitor's; else 0.75 … 3
  bool reducedMotion = false;
  std::vector<std::string> recentFiles;  ///< newest first, at most 12
  bool firstStart = true;                ///< until the window was open once
  std::string lastFolder;
  bool operator==(const Settings&) const = default;
};
/// system | dark | light | projector-dark | projector-light
std::span<const std::string_view> themeWords();
bool isThemeWord(std::string_view word);
Settings loadSettings(const Folders& folders);
Status saveSettings(const Folders& folders, const Settings& settings);
void rememberFile(Settings& settings, const std::string& path);

}  // namespace headlight
