#include <algorithm>
#include <array>
#include <string_view>

#include "app/session/state.h"

namespace headlight {

const std::optional<Problem>& Session::problem() const {
  return state_->problem;
}
void Session::closeProblem() {
  state_->problem.reset();
}
const std::string& Session::notice() const {
  return state_->notice;
}

Settings& Session::settings() {
  return state_->settings;
}
void Session::saveSettingsSoon() {
  state_->saveSettingsSoon();
}

void Session::State::saveSettingsSoon() {
  if (settingsDue) return;
  settingsDue = seams.seconds() + kSettingsDelay;
  files.wakeIn(kSettingsDelay + 0.02);
}

void Session::State::writeSettings() {
  settingsDue.reset();
  Settings chosen = settings;
  chosen.firstStart = false;  // from the next start on; this one still is the first
  files.append([this, folders = seams.folders, chosen](ThreadPool&, const Cancel&) -> Worker::Home {
    const Status written = saveSettings(folders, chosen);
    if (written) return nullptr;
    return [this, error = written.error()] { notice = "The settings were not saved. " + error.text(); };
  });
}

Theme Session::theme() const {
  const std::string& word = state_->settings.theme;
  if (word == "light") return Theme::light;
  if (word == "dark") return Theme::dark;
  const auto dark = state_->seams.desktopDark ? state_->seams.desktopDark() : std::nullopt;
  return dark.value_or(true) ? Theme::dark : Theme::light;
}

void Session::setTheme(const std::string& word) {
  constexpr std::array<std::string_view, 3> kWords{"system", "dark", "light"};
  if (std::find(kWords.begin(), kWords.end(), word) == kWords.end()) return;
  state_->settings.theme = word;
  state_->saveSettingsSoon();
}

void Session::copyText(const std::string& text) {
  if (state_->seams.clipboard == nullptr) return;
  state_->seams.clipboard->setText(text);
  state_->notice = "Copied";
}

bool Session::mayLeave(const std::string& actionId) {
  State& s = *state_;
  if (!s.unsaved()) return true;
  const double now = s.seams.seconds();
  if (s.leaving == actionId && now - s.leavingSince < kSureSeconds) {
    s.leaving.clear();
    return true;
  }
  s.leaving = actionId;
  s.leavingSince = now;
  s.notice = s.document.name + " has unsaved changes: save them, or do it again to go on without them";
  return false;
}

void Session::quit() {
  state_->quitRequested = true;
}
bool Session::quitRequested() const {
  return state_->quitRequested;
}
void Session::toggleHelp() {
  state_->helpOpen = !state_->helpOpen;
}
bool Session::helpOpen() const {
  return state_->helpOpen;
}

}  // namespace headlight
