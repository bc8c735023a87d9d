#pragma once
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/desktop/folder_listing.h"
#include "app/session/autosave.h"
#include "app/session/compare.h"
#include "app/session/figure_desk.h"
#include "app/session/history.h"
#include "app/session/home_desk.h"
#include "app/session/home_queue.h"
#include "app/session/lesson_desk.h"
#include "app/session/numbers.h"
#include "app/session/open_file.h"
#include "app/session/patch_desk.h"
#include "app/session/session.h"
#include "app/session/session_import.h"
#include "app/session/worker.h"

namespace headlight {

/// A pause in typing this long ends a step.
inline constexpr double kTypingPause = 0.6;
/// Unsaved changes are on the disk this much later at the latest, half of what is promised.
inline constexpr double kAutosaveDelay = 5;
inline constexpr double kSettingsDelay = 0.5;
/// A second time within this many seconds is meant.
inline constexpr double kSureSeconds = 5;

/// A path as a document in `folder` names it: seen from there when it lies there or below, else from the
/// root.
std::string spelledFrom(const std::string& folder, const std::string& path);

/// All of a session, touched by the interface thread alone but for the two workers. Its parts stand in files
/// of their own: document (session_document.cpp), changes, looks, numbers, messages.
struct Session::State {
  /// What the window opens with when it is given nothing else.
  struct Start {
    enum class From : std::uint8_t { example, session, crash };
    SafeCopy copy{Document{Experiment(), "", "", "untitled"}};
    From from = From::example;
    bool fileIsGone = false;  ///< of `session`: its file could not be read again
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

  // --- deck
  /// A document that is not shown but comes back: of the deck, or what a lesson took the place of.
  struct Kept {
    Document document;
    History history{Experiment()};
    Experiment saved;
    bool savedNowhere = false;
    bool unsaved = false;
    std::shared_ptr<OpenedLesson> lesson{};  ///< whose document it is, and the step that it stood at
    std::size_t lessonAt = 0;
  };
  struct DeckEntry {
    std::string path;
    std::optional<Kept> kept;
  };
  std::vector<DeckEntry> deck;
  int deckAt = -1;     ///< where it stands
  int deckShows = -1;  ///< whose document is shown; another one while the next is being read, or was refused

  // --- the lesson that is open
  /// What it took the place of; nothing where it is of the deck.
  struct BeforeLesson {
    Kept kept;
    std::vector<DeckEntry> deck;
    int deckAt = -1;
    int deckShows = -1;
  };
  std::optional<BeforeLesson> beforeLesson;
  std::shared_ptr<OpenedLesson> askedLesson;  ///< by PathQuestion::Use::handout and notes, or of this id
  std::string askedLessonId;

  // --- tensors without an experiment
  std::unique_ptr<Numbers> importNumbers;  ///< made for the first, then kept: ending it would be waited for
  std::unique_ptr<ImportDesk> desk;
  int deskDeck = -1;                          ///< the place of the deck that the tensors have
  std::optional<std::uint64_t> leftRevision;  ///< the document may be left as it was then
  std::optional<std::uint64_t> deskMayReplace;

  // --- folders
  std::unique_ptr<Worker> folderReader;
  FolderListing listing;
  std::string listingWanted;
  std::set<std::string> missingRecent;

  // --- changes
  std::map<std::string, Error> fieldErrors;
  double lastTyping = 0;
  bool typing = false;  ///< the open step grows by typing, not by a drag

  // --- looks
  std::optional<ViewRequest> viewRequest;
  std::optional<Cell> hovered;
  std::vector<Cell> morePins;  ///< besides the view's
  /// Range and colours of the other kind of stage, signed or not: a view has one of each.
  struct KindLook {
    std::string range;
    std::array<double, 2> customRange{0, 1};
    std::string colormap;
  };
  KindLook otherKind;

  // --- comparing
  struct Snapshot {
    Experiment experiment;
    std::string folder;
    int document = 0;                ///< the one that it was taken of
    std::optional<Experiment> away;  ///< what it took the place of when it was shown
  };
  std::optional<Snapshot> snapshot;
  std::optional<Comparison> heldComparison;  ///< what `view.compare` cannot say
  std::optional<Comparison> lastComparison;
  std::optional<Comparison> comparing;       ///< what `compare` has the numbers of
  std::optional<Experiment> beforeChange;    ///< Comparison::With::before
  std::optional<std::string> compareFailed;  ///< why there is no other experiment
  DifferenceName differenceNamed;
  std::array<std::shared_ptr<const Evaluation>, 2> differenceNamedOf;

  // --- the figure that is looked at
  struct LookedAt {
    FigureSpec spec;
    ViewSpec view;
    std::shared_ptr<const Evaluation> evaluation;
    std::uint64_t revision = 0;
    std::string folder;
    bool operator==(const LookedAt&) const = default;
  };
  std::optional<LookedAt> lookedAt;
  double lookedAtDpi = 0;
  FigureSpec askedFigure;  ///< by PathQuestion::Use::exportFigure
  std::vector<SidecarKind> askedBeside;

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
  Compare compare;
  std::unique_ptr<FigureDesk> figures;  ///< made when a figure is looked at
  std::unique_ptr<LessonDesk> lessons;  ///< made when they are asked for
  std::unique_ptr<HomeDesk> homeDesk;   ///< made when Home is looked at
  std::unique_ptr<PatchDesk> patches;   ///< made when a picture's patches are looked at
  Worker files;                         ///< ends first, and finishes what is to be written

  void begin();
  static Start lastSession(SafeCopy last, const std::string& cacheFolder);
  void openStart(Start first);
  /// The document of the window from here on; a deck is left.
  void adopt(Document next, bool isSaved);
  void show(Document next, History steps, Experiment asSaved, bool isSaved);
  void openPath(const std::string& path);
  void openTensors(std::vector<std::string> paths, int deckPlace);
  void closeDesk();
  void addImportTokens(const std::string& path);
  void addImportFile(const std::string& path);
  void openDeck(const std::vector<std::string>& paths, int at);
  void showDeck(int at);
  /// Takes what is shown out of the window.
  Kept keepShown();
  void showKept(Kept kept);
  /// What is shown is kept for when the deck comes back to it.
  void keepDeckDocument();
  void leaveDeck();
  /// The shown one or one of the deck.
  bool anyUnsaved() const;
  SafeCopy safeCopy() const;
  /// How the next start finds the session.
  SafeCopy sessionCopy() const;
  void rememberSession();
  void remember(const std::string& path);
  void checkRecent();
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
  std::optional<MissingFile> missingFile() const;
  /// Looks at the file on the disk, then leads the document to it; `changed` tells why it is another file.
  void locate(const std::string& path, const MissingFile& missing);
  void addBiasTable(const std::string& path);
  void led(const MissingFile& missing, const std::string& path, const std::string& changed);
  /// A figure of the document as it stands, to lie in `folder`.
  FigureOrder order(const FigureSpec& spec, const std::string& folder) const;
  void exportLater(const FigureSpec& spec, const std::string& path, bool mayReplace,
                   const std::vector<SidecarKind>& beside);
  /// Where a figure would be saved.
  std::string figureFolder() const;
  /// Offers a PNG to whoever pastes, or writes it beside the figures; `words` begin with a small letter:
  /// "the map".
  void offerPicture(const std::string& words, const std::string& name, const std::string& png,
                    const std::string& size);

  LessonDesk& lessonDesk();
  bool inLesson() const { return lessons && lessons->isOpen(); }
  /// `deckPlace` is that of the lesson in the deck, −1 where it is of none.
  void openLessonLater(const std::string& name, bool file, int deckPlace = -1);
  void lessonOpened(std::shared_ptr<OpenedLesson> lesson, int deckPlace);
  /// The document as the shown step wants it.
  Experiment lessonStart() const;
  /// What stood before is forgotten: another document takes the lesson's place.
  void endLesson();
  void saveAnswers(const std::string& path, bool mayReplace);
  void askLessonPaper(PathQuestion::Use use, const std::string& id);
  void saveLessonPaper(PathQuestion::Use use, const std::string& path, bool mayReplace);

  void documentChanged(bool numbersToo, bool live);
  void closeStep();
  void fitView();

  std::optional<Comparison> comparison() const;
  void compareWith(const Comparison& with);
  void compareWithFile(const std::string& path);
  void beginComparison(const Comparison& with);
  void endComparison();
  void evaluateOther(const Experiment& experiment, const std::string& folder);
  /// Names the two maps; the sentence says why they cannot be compared, if so.
  std::string nameMaps(const Comparison& with, ComparedMap& shown, ComparedMap& beside);

  void saveSettingsSoon();
  void writeSettings();
  bool keepTime();
};

}  // namespace headlight
