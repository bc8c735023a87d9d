#pragma once
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "app/session/history_change.h"
#include "core/experiment/experiment.h"

namespace headlight {

/// Undo and redo over the document as a value. Undo restores numbers and keeps the view. A step holds what it
/// changed alone; the oldest are forgotten when all together would take more than kMostBytes.
class History {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{256} << 20;

  explicit History(Experiment first);
  History(History&&) = default;
  History& operator=(History&&) = default;
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  const Experiment& now() const { return now_; }
  /// A change of the control `id`. While one control is dragged or typed in (`live`), its changes are one
  /// step.
  void change(const std::string& id, const std::string& name, Experiment next, bool live);
  /// Where the step that a change of `id` belongs to began: what its name is made of.
  const Experiment& stepStart(const std::string& id) const;
  /// Ends the step of the control being dragged; a drag that came back to where it began leaves no step.
  void commit();
  /// Changes looks only: no step.
  void setView(const ViewSpec& view) { now_.view = view; }

  /// The document before the last step, or before the one that is growing; null when there is none.
  const Experiment* before();

  bool stepOpen() const { return !open_.empty(); }
  bool canUndo() const { return !past_.empty(); }
  bool canRedo() const { return !future_.empty(); }
  std::string undoName() const;
  std::string redoName() const;
  /// All that can be undone, oldest first, then all that can be done again, the next first.
  std::vector<std::string> names() const;
  std::size_t done() const { return past_.size(); }
  void undo();
  void redo();

 private:
  struct Step {
    std::string name;
    HistoryChange change;   ///< from the document that is nearer to the present to the next one away
    std::size_t bytes = 0;  ///< of a step in the past
  };
  void keep(Step step);
  void turn(Step& step);

  Experiment now_;
  std::deque<Step> past_;
  std::size_t pastBytes_ = 0;
  std::vector<Step> future_;
  std::vector<Step> heldFuture_;  ///< what redo had before the open step, given back when that leaves no step
  std::string open_;              ///< id of the control whose step is still growing
  Experiment opened_;             ///< the document before that step
  std::optional<Experiment> before_;  ///< the document before the last step, where it is known
};

}  // namespace headlight
