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
  if (word == "projector-light") return Theme::projectorLight;
  if (word == "projector-dark") return Theme::projectorDark;
  const SessionSeams& seams = state_->seams;
  const auto asked = seams.desktopDark ? seams.desktopDark() : std::nullopt;
  const bool dark = asked.value_or(true);
  if (seams.desktopContrast && seams.desktopContrast())
    return dark ? Theme::projectorDark : Theme::projectorLight;
  return dark ? Theme::dark : Theme::light;
}

bool Session::reducedMotion() const {
  return state_->settings.reducedMotion || (state_->seams.desktopStill && state_->seams.desktopStill());
}

void Session::tell(std::string words) {
  state_->notice = std::move(words);
}

void Session::setTheme(const std::string& word) {
  if (!isThemeWord(word)) return;
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
  s.leftRevision = s.revision;
  if (!s.anyUnsaved()) return true;
  const double now = s.seams.seconds();
  if (s.leaving == actionId && now - s.leavingSince < kSureSeconds) {
    s.leaving.clear();
    return true;
  }
  s.leftRevision.reset();
  s.leaving = actionId;
  s.leavingSince = now;
  const bool before = s.beforeLesson && s.beforeLesson->kept.unsaved;
  s.notice = (s.unsaved() ? s.document.name + " has"
              : before    ? s.beforeLesson->kept.document.name + " has"
                          : std::string("Other documents of the deck have")) +
             " unsaved changes: save them, or do it again to go on without them";
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
