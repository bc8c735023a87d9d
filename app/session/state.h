#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "app/session/autosave.h"
#include "app/session/history.h"
#include "app/session/home_queue.h"
#include "app/session/numbers.h"
#include "app/session/open_file.h"
#include "app/session/session.h"
#include "app/session/worker.h"

namespace headlight {

/// A pause in typing this long ends a step.
inline constexpr double kTypingPause = 0.6;
/// Unsaved changes are on the disk this much later at the latest, half of what is promised.
inline constexpr double kAutosaveDelay = 5;
inline constexpr double kSettingsDelay = 0.5;
/// A second time within this many seconds is meant.
inline constexpr double kSureSeconds = 5;

/// All of a session, touched by the interface thread alone but for the two workers. Its parts stand in files
/// of their own: document (session_document.cpp), changes, looks, numbers, messages.
struct Session::State {
  /// What the window opens with when it is given nothing else.
  struct Start {
    Document document{Experiment(), "", "", "untitled"};
    bool isRestored = false;
  };
  explicit State(SessionSeams given);
  ~State();

  SessionSeams seams;
  std::shared_ptr<HomeQueue> home;
  Settings settings;

  // --- document
  Document document;  ///< its experiment is `history`'s
  History history{Experiment()};
  Experiment saved;            ///< as it was opened or saved last
  int documentNumber = 0;      ///< counts the documents that the window had
  int opening = 0;             ///< files that are being read
  std::optional<Start> start;  ///< kept while a file that is to be opened instead is being read
  std::uint64_t revision = 0;
  mutable std::uint64_t comparedRevision = ~std::uint64_t{0};
  mutable bool comparedUnsaved = false;
  bool savedNowhere = false;  ///< restored after a crash: unsaved whatever it holds

  // --- changes
  std::map<std::string, Error> fieldErrors;
  double lastTyping = 0;
  bool typing = false;  ///< the open step grows by typing, not by a drag

  // --- looks
  std::optional<ViewRequest> viewRequest;
  std::optional<Cell> hovered;
  std::vector<Cell> morePins;  ///< besides the view's

  // --- messages
  std::optional<Problem> problem;
  std::string notice;
  std::optional<PathQuestion> pathQuestion;
  std::string leaving;  ///< the action that was held back by unsaved changes
  double leavingSince = 0;
  bool quitRequested = false;
  bool helpOpen = false;

  // --- what is written sooner or later
  bool autosaved = false;  ///< there is a copy on the disk
  std::optional<double> autosaveDue;
  std::optional<double> settingsDue;

  std::shared_ptr<Autosave> autosave;
  Numbers numbers;
  Worker files;  ///< ends first, and finishes what is to be written

  void begin();
  void openStart(Start first);
  void adopt(Document next, bool isSaved);
  /// `shown` as in openedHome.
  void openLater(Worker::Job job, const std::string& shown);
  /// On the worker: what opening gave, brought home. `shown` is how the file is called in messages.
  Worker::Home openedHome(Result<Opened> opened, const std::string& shown, const std::string& rememberAs);
  void openFailed(const std::string& shown, const Error& error);
  Document current() const;
  bool unsaved() const;
  void save(const std::string& path, bool mayReplace);
  void answer(PathQuestion::Use use, const std::string& path, bool confirmed);
  void ask(PathQuestion::Use use, DialogRequest request);
  void exportLater(const FigureSpec& spec, const std::string& path, bool mayReplace);

  void documentChanged(bool numbersToo, bool live);
  void closeStep();
  void fitView();

  void saveSettingsSoon();
  void writeSettings();
  bool keepTime();
};

}  // namespace headlight
