#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/desktop/dialogs.h"
#include "app/desktop/settings.h"
#include "core/attention/explain.h"
#include "core/attention/field.h"
#include "core/experiment/evaluate.h"
#include "core/figure/figure.h"
#include "core/figure/sidecar.h"
#include "core/picture/palette.h"
#include "core/picture/picture.h"
#include "core/picture/range.h"

namespace headlight {

class Compare;
class FigureDesk;
class HomeDesk;
class ImportDesk;
class LessonDesk;
class PatchDesk;
struct Comparison;
struct FolderListing;
struct Received;
struct AlikeHeads;
struct CellOfHeads;
struct ContributionLengths;
struct HeadContributions;
struct HeadReading;
struct ProjectionSlice;
struct RowValues;
struct StrongestKeys;

struct Cell {
  std::int64_t row = 0;
  std::int64_t col = 0;
  bool operator==(const Cell&) const = default;
};

/// A change that is still going on (a drag, typing), or one that is done.
enum class Phase : std::uint8_t { live, done };

/// What "Copy" makes of an explanation; a table holds every key of the row.
enum class CopyFormat : std::uint8_t { text, latex, csv };

/// A file that was not opened, saved or exported: shown in place of the stage until it is closed.
struct Problem {
  std::string title;  ///< "scores.npy was not opened"
  Error error;
};

/// A file that the document names and that is not there.
struct MissingFile {
  std::string path;                   ///< as the document spells it
  std::optional<SavedFile> recorded;  ///< what it was when the document was saved
};

/// What the interface needs from outside: the seams of the tests.
struct SessionSeams {
  std::function<double()> seconds;  ///< a clock
  std::function<void()> wake;       ///< wakes the window from any thread
  Folders folders;
  FileDialogs* dialogs = nullptr;
  Clipboard* clipboard = nullptr;
  int threads = 0;
  /// What the desktop asks for: dark (true) or light; nothing while it is not known. May be empty.
  std::function<std::optional<bool>()> desktopDark = {};
  /// Whether the desktop asks for more contrast, and for less motion. May be empty.
  std::function<bool()> desktopContrast = {};
  std::function<bool()> desktopStill = {};
  /// Px per inch of the monitor that the window stands on; nothing where it does not tell. May be empty.
  std::function<std::optional<double>()> monitorDpi = {};
};

/// What an action asks of the stage panel.
enum class ViewRequest : std::uint8_t { fit, oneToOne, zoomIn, zoomOut };

/// A path to be typed into the window's own field, where no native dialog can be shown.
struct PathQuestion {
  enum class Use : std::uint8_t {
    open,
    save,
    exportFigure,
    compare,
    importTokens,
    importMore,
    locate,
    biasTable,
    lesson,
    answers,
    handout,
    notes
  };
  Use use = Use::open;
  DialogRequest request;
};

/// The open document, its newest numbers and what is selected. Panels read it and change it through these
/// calls only; it never computes on the calling thread: a worker evaluates the newest request and results
/// come home in `drain`.
class Session {
 public:
  explicit Session(SessionSeams seams);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Takes home what the worker finished. True when anything changed: a frame is due.
  bool drain();
  /// True while an evaluation is under way.
  bool busy() const;
  /// True while the evaluation is a preliminary one, of a long sequence: without statistics and outputs,
  /// which are being computed.
  bool preliminary() const;
  /// 0 … 1 of the evaluation under way (of the statistics of a preliminary one), and for how long in seconds.
  double progress() const;
  double busySeconds() const;
  /// Of that pass of statistics, if it goes on as so far; nothing before that can be told.
  std::optional<double> secondsLeft() const;
  /// Seconds from a request to its numbers, of the slower ones of late; 0 before the first.
  double answerSeconds() const;
  /// True while something is being made that a frame asked for and that takes no long time.
  bool answersSmall() const;
  void cancelWork();
  /// Waits until nothing is under way, draining (tests, pictures, the first frame of a script).
  void settle();

  // --- the document
  const Experiment& experiment() const;
  const std::string& path() const;   ///< empty: never saved
  std::string documentName() const;  ///< "who-is-meant"
  bool unsaved() const;
  void newDocument();
  void openExample(const std::string& name);
  /// The scenario code on the clipboard becomes the document. Why it cannot is told by a problem.
  void openCode();
  /// Puts the scenario code of the document on the clipboard, or tells by a problem why it has none.
  void copyCode();
  /// An experiment, a figure that carries one or a scenario code becomes the document; tensors get the import
  /// desk, a lesson is opened.
  void openFile(const std::string& path);
  /// What was named or dropped together: tensors alone are one import, several others a deck, in which
  /// lessons stand beside experiments.
  void openFiles(const std::vector<std::string>& paths);
  /// Queues the writing; how it went is told by a notice or a problem. Errors: no path at all.
  Status saveTo(const std::string& path);
  /// Ask with a native dialog, else by pathQuestion.
  void askOpen();
  void askSave(bool as);
  /// The name typed says the format; without an ending it is the spec's. `beside`: files of the numbers.
  void askExport(const FigureSpec& spec = {}, const std::vector<SidecarKind>& beside = {});
  const std::optional<PathQuestion>& pathQuestion() const;
  /// The path typed, or nothing when the question was closed. A relative path starts at the request's folder.
  /// `mayReplace`: a file that is there may be written over.
  void answerPath(const std::optional<std::string>& path, bool mayReplace = false);
  /// Draws the figure on the worker and writes it; the answer is a notice or a problem.
  void exportFigure(const FigureSpec& spec, const std::string& path,
                    const std::vector<SidecarKind>& beside = {});

  // --- the figure that is looked at (figure_desk.h)
  /// Asks for its page at so many px per inch, anew when figure or document changed.
  FigureDesk& lookAtFigure(const FigureSpec& spec, double dpi);
  /// Draws it as PNG on the worker and offers it to whoever pastes, as copyPicture does.
  void copyFigure(const FigureSpec& spec);

  // --- several documents, one of them open
  /// File names of the deck, empty for none.
  std::vector<std::string> deck() const;
  /// Which of them it stands at, −1 without a deck.
  int deckAt() const;
  /// Opens the one so many further on; unsaved changes of each are kept. Nothing beyond the ends.
  void stepDeck(int by);

  // --- lessons (lesson_desk.h): while one is open the document is the learner's
  LessonDesk& lessons();
  const LessonDesk* lessonsIfAny() const;  ///< null until they were asked for
  /// Opens one of the program by its id, or a file. What was shown before comes back with leaveLesson.
  void openLesson(const std::string& name, bool file = false);
  void askLesson();
  /// In a deck the next file comes instead, after the last one the file before.
  void leaveLesson();
  /// The document becomes what the step begins with, or what the learner made of it, as one step.
  void goToLessonStep(std::size_t step);
  /// Forgets all answers of the open lesson.
  void startLessonOver();
  /// Asks where the answer sheet is to be written.
  void askAnswerSheet();
  /// Asks where the handout, or the lecturer's notes, of a lesson are to be written as a PDF: of the program
  /// by its id, without one of the open lesson.
  void askHandout(const std::string& id = {});
  void askLessonNotes(const std::string& id = {});

  // --- tensors without an experiment (session_import.h)
  /// Null while nothing is imported.
  ImportDesk* importing();
  const ImportDesk* importing() const;
  /// The experiment of the desk becomes the document. Nothing while it has an error.
  void acceptImport();
  void cancelImport();
  /// Asks for one more file: of the tokens' text, of further tensors.
  void askImportTokens();
  void askImportMore();

  // --- what Home lists (home_desk.h)
  HomeDesk& homeDesk();
  /// Counts the documents that the window had: another number, another document.
  int documentNumber() const;
  /// Wakes the window once, this much later (the earliest request counts).
  void wakeIn(double seconds);

  // --- the image that the tokens are cut from (patch_desk.h)
  PatchDesk& patchDesk();

  // --- folders, read on a thread of their own (folder_listing.h)
  /// The listing of a folder, null while it is being read; asking reads it, `again` anew.
  const FolderListing* folder(const std::string& path, bool again = false);
  /// Recent files that are not there any more, as they were at the start and after each change of the list.
  bool recentMissing(const std::string& path) const;

  // --- changes
  /// Sets a parameter by its id. What cannot be valid leaves the document as it was and is told by
  /// `fieldError`.
  void change(const std::string& id, const Value& value, Phase phase);
  /// The drag or the typing in control `id` is over.
  void commit();
  const Error* fieldError(const std::string& id) const;
  bool canUndo() const;
  bool canRedo() const;
  std::string undoName() const;
  std::string redoName() const;
  void undo();
  void redo();
  /// Replaces the document by an edited copy of it as one step of this name. What is not valid leaves it as
  /// it was. Errors: as reading it from a file.
  Status apply(Experiment next, const std::string& name);
  /// Names of all steps that can be undone or done again, oldest first; of them the first `stepsDone` are
  /// done.
  std::vector<std::string> steps() const;
  std::size_t stepsDone() const;
  /// Undoes or does again until so many are done.
  void goToStep(std::size_t done);

  // --- looks: no step, no unsaved dot
  const ViewSpec& view() const;
  void setView(const ViewSpec& view);
  void selectStage(Stage stage);
  void selectHead(int head);
  void hover(std::optional<Cell> cell);
  std::optional<Cell> hovered() const;
  void pin(std::optional<Cell> cell);
  std::optional<Cell> pinned() const;
  /// Pinned cells, the first of them `pinned()`; the others are not kept in the document.
  std::vector<Cell> pins() const;
  /// Adds a cell to the pinned ones, or releases it when it is one.
  void togglePin(Cell cell);
  /// The cell that is explained: the pinned one, else the one under the cursor.
  std::optional<Cell> focusCell() const;

  // --- numbers: newest complete evaluation, which may be older than the document while busy
  std::shared_ptr<const Evaluation> evaluation() const;
  /// The file for want of which the document has no numbers, if that is why.
  std::optional<MissingFile> missingFile() const;
  /// Asks where it is. The answer leads the document there in one step that can be undone, and tells by a
  /// notice whether it is the file that was recorded.
  void askLocate();
  /// Asks for the file of a T5 bias's table, which is then added to the scores in one step.
  void askBiasTable();
  const Error* evaluationError() const;  ///< why the document has no numbers ("the file is missing")
  /// True when the last change changed the numbers of the stage.
  bool changed(Stage stage) const;
  /// The stages that the evaluation has, in the order of the strip.
  std::vector<Stage> stagesShown() const;
  /// Null while not ready; asking starts the work.
  std::shared_ptr<const Tile> tile(Stage stage, int head, int level, std::int64_t r, std::int64_t c);
  /// The same for a small picture of the whole: blank where it would take longer than that is worth.
  std::shared_ptr<const Tile> overview(Stage stage, int head, int level, std::int64_t r, std::int64_t c);
  std::shared_ptr<const FieldStatistics> statistics(Stage stage, int head);
  /// Of the weights.
  std::shared_ptr<const Received> received(int head);
  std::shared_ptr<const Explanation> explanation(Stage stage, int head, Cell cell);
  /// A row of a stage (row_values.h); of a map the strongest keys of block `block` of kStrongestRows queries.
  std::shared_ptr<const RowValues> row(Stage stage, int head, std::int64_t row);
  std::shared_ptr<const StrongestKeys> strongest(Stage stage, int head, std::int64_t block);
  /// A stage, and a cell of it, in sentences (selection_words.h).
  std::shared_ptr<const std::string> description(Stage stage, int head, std::optional<Cell> cell);
  /// Puts how the number of focusCell is made on the clipboard: at once where it is known, with the whole row
  /// when that has been read.
  void copyExplanation(CopyFormat format);
  /// The stage that is explained for the shown one: maps up to the weights as the weights, each other as
  /// itself.
  Stage explainedStage() const;
  /// The colour range of a stage as the view says (shared over heads or own); nothing while not ready.
  std::optional<Range> range(Stage stage, int head);
  /// The statistics of the stage's own fields that range(stage, head) spans: what its histogram counts.
  std::vector<std::shared_ptr<const FieldStatistics>> rangeStatistics(Stage stage, int head);

  // --- of all heads [H] (head_products.h); null while not ready, and where there is none
  std::shared_ptr<const std::vector<HeadReading>> headReadings();
  std::shared_ptr<const std::vector<double>> effectiveKeys();
  std::shared_ptr<const CellOfHeads> cellOfHeads(Stage stage, Cell cell);
  std::shared_ptr<const AlikeHeads> alikeHeads();
  /// The block of kLengthRows queries that holds this one.
  std::shared_ptr<const ContributionLengths> contributionLengths(std::int64_t query);
  std::shared_ptr<const HeadContributions> headContributions(std::int64_t query);
  std::shared_ptr<const ProjectionSlice> projectionSlice(int head, int level);
  /// Whether the document switches this head off (`ablate.heads`), and whether it can be.
  bool silenced(int head) const;
  bool canSilence(int head) const;
  /// Switches it off or on again, as one step.
  void toggleSilence(int head);

  // --- comparing (compare.h)
  /// What the shown map is compared with: as `view.compare` says, or what only this session knows.
  std::optional<Comparison> comparison() const;
  void compare(const Comparison& with);
  /// With what was compared last, else with snapshot A, else with the next head.
  void compareAgain();
  /// With another document of the deck, as its file has it.
  void compareDeck(int at);
  void leaveComparison();
  /// Asks for the experiment to compare with, by a native dialog, else by pathQuestion.
  void askCompare();
  /// The two maps and their difference as they stand now; null while nothing is compared.
  Compare* compared();

  // --- snapshot A: a copy of the document that this session keeps
  void takeSnapshot();
  bool hasSnapshot() const;
  /// True while the document is as the snapshot has it.
  bool showsSnapshot() const;
  /// Shows the snapshot in place of the document, or again what it took the place of: one step each. Why it
  /// cannot is told by the notice.
  void flipSnapshot();

  // --- messages and settings
  const std::optional<Problem>& problem() const;
  void closeProblem();
  const std::string& notice() const;  ///< last done thing: "Saved who-is-meant.headlight.json"
  Settings& settings();
  void saveSettingsSoon();
  Theme theme() const;
  void setTheme(const std::string& word);  ///< a row of themeWords()
  bool reducedMotion() const;              ///< as chosen, or as the desktop asks
  void copyText(const std::string& text);
  /// Paints a picture on the worker and offers it to whoever pastes; where the display takes none, it becomes
  /// the file NAME.png. The answer is a notice.
  void copyPicture(std::function<Picture()> paint, const std::string& name);
  /// Words for the status line.
  void tell(std::string words);
  const SessionSeams& seams() const;

  // --- what actions ask of others
  void requestView(ViewRequest request);
  /// The zoom asked for since the last call.
  std::optional<ViewRequest> takeViewRequest();
  /// True when nothing would be lost by leaving the document. Else the first call says so in the notice, and
  /// only a second one of the same action within five seconds is true.
  bool mayLeave(const std::string& actionId);
  void quit();
  bool quitRequested() const;
  void toggleHelp();
  bool helpOpen() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace headlight
