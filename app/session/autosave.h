#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/experiment/experiment.h"

namespace headlight {

/// A document and where it belongs: what is opened, restored and kept safe.
struct Document {
  Experiment experiment;
  std::string path;    ///< of its experiment file; empty: never saved
  std::string folder;  ///< where its relative tensor files are sought
  std::string name;    ///< "who-is-meant"
};

/// All that would be lost with a run, or that the next one begins with: the open document, the deck that it
/// belongs to, and what else of the deck is unsaved.
struct SafeCopy {
  Document document;
  bool unsaved = true;              ///< the document itself
  std::vector<std::string> deck{};  ///< paths
  int deckAt = -1;
  std::vector<std::pair<int, Document>> others{};  ///< by their place in the deck
};

/// The copy that outlives a crash. Each run has a locked marker in the state folder and beside it, while
/// there is anything unsaved, its documents. A marker that nobody holds any more is of a run that did not end
/// cleanly. Beside those stands what the next start begins with. All of it reads and writes files: never on
/// the interface thread.
class Autosave {
 public:
  explicit Autosave(std::string folder) : folder_(std::move(folder)) {}
  /// Ends cleanly: nothing is left behind but the session.
  ~Autosave();
  Autosave(const Autosave&) = delete;
  Autosave& operator=(const Autosave&) = delete;

  /// Sets the marker of this run. Errors: unwritable; then nothing is kept safe.
  Status begin();
  /// The newest copy that a run left which did not end cleanly. It stays there until `takeOver`.
  std::optional<SafeCopy> leftover();
  /// The leftover is this run's now: to be called after it was written again.
  void takeOver();

  Status write(const SafeCopy& copy);
  Status write(const Document& document) { return write(SafeCopy{document}); }
  /// Nothing is unsaved any more.
  void clear();

  /// What the window showed last, for the next start.
  Status writeSession(const SafeCopy& copy) const;
  std::optional<SafeCopy> session() const;

 private:
  std::string documentPath() const;
  std::string sessionPath() const { return folder_ + "/last.session"; }

  std::string folder_;
  std::string marker_;  ///< path; empty: not begun
  int descriptor_ = -1;
  std::string foundMarker_;
  int foundDescriptor_ = -1;
};

}  // namespace headlight
