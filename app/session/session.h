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
#include "core/picture/palette.h"
#include "core/picture/range.h"

namespace headlight {

struct Received;

struct Cell {
  std::int64_t row = 0;
  std::int64_t col = 0;
  bool operator==(const Cell&) const = default;
};

/// A change that is still going on (a drag, typing), or one that is done.
enum class Phase : std::uint8_t { live, done };

/// A file that was not opened, saved or exported: shown in place of the stage until it is closed.
struct Problem {
  std::string title;  ///< "scores.npy was not opened"
  Error error;
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
};

/// What an action asks of the stage panel.
enum class ViewRequest : std::uint8_t { fit, oneToOne, zoomIn, zoomOut };

/// A path to be typed into the window's own field, where no native dialog can be shown.
struct PathQuestion {
  enum class Use : std::uint8_t { open, save, exportFigure };
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
  void openFile(const std::string& path);  ///< an experiment, a figure that carries one, or q, k, v arrays
  /// Queues the writing; how it went is told by a notice or a problem. Errors: no path at all.
  Status saveTo(const std::string& path);
  /// Ask with a native dialog, else by pathQuestion.
  void askOpen();
  void askSave(bool as);
  void askExport();
  const std::optional<PathQuestion>& pathQuestion() const;
  /// The path typed, or nothing when the question was closed. A relative path starts at the request's folder.
  void answerPath(const std::optional<std::string>& path);
  /// Draws the figure on the worker and writes it; the answer is a notice or a problem.
  void exportFigure(const FigureSpec& spec, const std::string& path);

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
  const Error* evaluationError() const;  ///< why the document has no numbers ("the file is missing")
  /// True when the last change changed the numbers of the stage.
  bool changed(Stage stage) const;
  /// The stages that the evaluation has, in the order of the strip.
  std::vector<Stage> stagesShown() const;
  /// Null while not ready; asking starts the work.
  std::shared_ptr<const Tile> tile(Stage stage, int head, int level, std::int64_t r, std::int64_t c);
  std::shared_ptr<const FieldStatistics> statistics(Stage stage, int head);
  /// Of the weights.
  std::shared_ptr<const Received> received(int head);
  std::shared_ptr<const Explanation> explanation(Stage stage, int head, Cell cell);
  /// The stage that is explained for the shown one: maps up to the weights as the weights, each other as
  /// itself.
  Stage explainedStage() const;
  /// The colour range of a stage as the view says (shared over heads or own); nothing while not ready.
  std::optional<Range> range(Stage stage, int head);
  /// The statistics of the stage's own fields that range(stage, head) spans: what its histogram counts.
  std::vector<std::shared_ptr<const FieldStatistics>> rangeStatistics(Stage stage, int head);

  // --- messages and settings
  const std::optional<Problem>& problem() const;
  void closeProblem();
  const std::string& notice() const;  ///< last done thing: "Saved who-is-meant.headlight.json"
  Settings& settings();
  void saveSettingsSoon();
  Theme theme() const;
  void setTheme(const std::string& word);  ///< system | dark | light
  void copyText(const std::string& text);
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
