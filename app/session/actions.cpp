#include "app/session/actions.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "app/session/compare.h"
#include "app/session/session.h"

namespace headlight {
namespace {

// GLFW's numbers.
constexpr int kSlash = 47;
constexpr int kEqual = 61;
constexpr int kMinus = 45;
constexpr int kEscape = 256;
constexpr int kRight = 262;
constexpr int kLeft = 263;
constexpr int kF1 = 290;
constexpr int kKeypadSubtract = 333;
constexpr int kKeypadAdd = 334;

bool always(const Session&) {
  return true;
}
bool hasNumbers(const Session& session) {
  return session.evaluation() != nullptr;
}

void step(Session& session, int by) {
  const std::vector<Stage> shown = session.stagesShown();
  const auto at = std::find(shown.begin(), shown.end(), session.view().stage);
  if (at == shown.end()) return;
  const auto next = at - shown.begin() + by;
  if (next >= 0 && next < static_cast<std::ptrdiff_t>(shown.size())) {
    session.selectStage(shown[static_cast<std::size_t>(next)]);
  }
}

template <int head>
bool hasHead(const Session& session) {
  const auto now = session.evaluation();
  return now && head < now->run->sizes.heads;
}
template <int head>
void pickHead(Session& session) {
  session.selectHead(head);
}

/// Escape closes what lies on top: help, a question, a problem, long work, a comparison, and last the pin.
void release(Session& session) {
  constexpr double kLong = 1;
  if (session.helpOpen()) {
    session.toggleHelp();
  } else if (session.pathQuestion()) {
    session.answerPath(std::nullopt);
  } else if (session.problem()) {
    session.closeProblem();
  } else if (session.busy() && session.busySeconds() > kLong) {
    session.cancelWork();
  } else if (session.comparison()) {
    session.leaveComparison();
  } else {
    session.pin(std::nullopt);
  }
}

void turn(Session& session) {
  ViewSpec view = session.view();
  view.queryColumns = !view.queryColumns;
  session.setView(view);
}

template <int head>
constexpr Action headAction(std::string_view id, std::string_view label, std::string_view key) {
  return {id, label, "Go", {'0' + head, kNoModifier}, key, hasHead<head>, pickHead<head>};
}

const std::array kActions{
    Action{"document.new",
           "New",
           "File",
           {'N', kCtrl},
           "Ctrl N",
           always,
           [](Session& s) {
             if (s.mayLeave("document.new")) s.newDocument();
           }},
    Action{"document.open",
           "Open…",
           "File",
           {'O', kCtrl},
           "Ctrl O",
           always,
           [](Session& s) {
             if (s.mayLeave("document.open")) s.askOpen();
           }},
    Action{"document.save",
           "Save",
           "File",
           {'S', kCtrl},
           "Ctrl S",
           always,
           [](Session& s) { s.askSave(false); }},
    Action{"document.saveAs",
           "Save as…",
           "File",
           {'S', kCtrl | kShift},
           "Ctrl Shift S",
           always,
           [](Session& s) { s.askSave(true); }},
    Action{"document.export",
           "Export figure…",
           "File",
           {'E', kCtrl},
           "Ctrl E",
           hasNumbers,
           [](Session& s) { s.askExport(); }},
    Action{"document.quit",
           "Quit",
           "File",
           {'Q', kCtrl},
           "Ctrl Q",
           always,
           [](Session& s) {
             if (s.mayLeave("document.quit")) s.quit();
           }},
    Action{"edit.undo",
           "Undo",
           "Edit",
           {'Z', kCtrl},
           "Ctrl Z",
           [](const Session& s) { return s.canUndo(); },
           [](Session& s) { s.undo(); }},
    Action{"edit.redo",
           "Redo",
           "Edit",
           {'Z', kCtrl | kShift},
           "Ctrl Shift Z",
           [](const Session& s) { return s.canRedo(); },
           [](Session& s) { s.redo(); }},
    Action{"copy.explanation",
           "Copy how the number is made",
           "Edit",
           {'C', kCtrl},
           "Ctrl C",
           [](const Session& s) { return s.focusCell().has_value() && hasNumbers(s); },
           [](Session& s) { s.copyExplanation(CopyFormat::text); }},
    Action{"view.theme",
           "Light or dark",
           "View",
           {'T', kCtrl},
           "Ctrl T",
           always,
           [](Session& s) {
             const bool projector = s.theme() == Theme::projectorDark || s.theme() == Theme::projectorLight;
             const std::string set = projector ? "projector-" : "";
             s.setTheme(set + (isDark(s.theme()) ? "light" : "dark"));
           }},
    Action{"view.fit",
           "Fit the map",
           "View",
           {'9', kCtrl},
           "Ctrl 9",
           hasNumbers,
           [](Session& s) { s.requestView(ViewRequest::fit); }},
    Action{"view.oneToOne",
           "One pixel per cell",
           "View",
           {'0', kCtrl},
           "Ctrl 0",
           hasNumbers,
           [](Session& s) { s.requestView(ViewRequest::oneToOne); }},
    Action{"view.zoomIn",
           "Zoom in",
           "View",
           {kEqual, kCtrl},
           "Ctrl +",
           hasNumbers,
           [](Session& s) { s.requestView(ViewRequest::zoomIn); }},
    Action{"view.zoomOut",
           "Zoom out",
           "View",
           {kMinus, kCtrl},
           "Ctrl −",
           hasNumbers,
           [](Session& s) { s.requestView(ViewRequest::zoomOut); }},
    Action{"view.orientation", "Swap the axes", "View", {'R', kCtrl}, "Ctrl R", hasNumbers, turn},
    Action{"go.nextStage",
           "Next stage",
           "Go",
           {kRight, kNoModifier},
           "→",
           hasNumbers,
           [](Session& s) { step(s, 1); }},
    Action{"go.previousStage",
           "Previous stage",
           "Go",
           {kLeft, kNoModifier},
           "←",
           hasNumbers,
           [](Session& s) { step(s, -1); }},
    headAction<0>("head.0", "Head 0", "0"),
    headAction<1>("head.1", "Head 1", "1"),
    headAction<2>("head.2", "Head 2", "2"),
    headAction<3>("head.3", "Head 3", "3"),
    headAction<4>("head.4", "Head 4", "4"),
    headAction<5>("head.5", "Head 5", "5"),
    headAction<6>("head.6", "Head 6", "6"),
    headAction<7>("head.7", "Head 7", "7"),
    headAction<8>("head.8", "Head 8", "8"),
    headAction<9>("head.9", "Head 9", "9"),
    Action{"pin.release", "Release the pinned cell", "Go", {kEscape, kNoModifier}, "Esc", always, release},
    Action{"help.keys", "Keys", "Help", {kF1, kNoModifier}, "F1", always, [](Session& s) { s.toggleHelp(); }},
};

/// Second keys of the same actions.
struct Alias {
  Chord chord;
  std::string_view id;
};
constexpr Alias kAliases[] = {
    {{'Y', kCtrl}, "edit.redo"},
    {{'F', kNoModifier}, "view.fit"},
    {{kEqual, kCtrl | kShift}, "view.zoomIn"},
    {{kKeypadAdd, kCtrl}, "view.zoomIn"},
    {{kKeypadSubtract, kCtrl}, "view.zoomOut"},
    {{kSlash, kShift}, "help.keys"},
};

}  // namespace

std::span<const Action> actions() {
  return kActions;
}

const Action* action(std::string_view id) {
  const auto found =
      std::find_if(kActions.begin(), kActions.end(), [&](const Action& row) { return row.id == id; });
  return found == kActions.end() ? nullptr : &*found;
}

const Action* actionFor(Chord chord) {
  for (const Action& row : kActions) {
    if (row.chord == chord) return &row;
  }
  for (const Alias& alias : kAliases) {
    if (alias.chord == chord) return action(alias.id);
  }
  return nullptr;
}

}  // namespace headlight
