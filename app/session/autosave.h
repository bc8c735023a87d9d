#pragma once
#include <optional>
#include <string>

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

/// The copy that outlives a crash. Each run has a locked marker in the state folder and beside it, while
/// there is anything unsaved, its document. A marker that nobody holds any more is of a run that did not end
/// cleanly. All of it reads and writes files: never on the interface thread.
class Autosave {
 public:
  explicit Autosave(std::string folder) : folder_(std::move(folder)) {}
  /// Ends cleanly: nothing is left behind.
  ~Autosave();
  Autosave(const Autosave&) = delete;
  Autosave& operator=(const Autosave&) = delete;

  /// Sets the marker of this run. Errors: unwritable; then nothing is kept safe.
  Status begin();
  /// The newest document that a run left which did not end cleanly. It stays there until `takeOver`.
  std::optional<Document> leftover();
  /// The leftover is this run's now: to be called after it was written again.
  void takeOver();

  Status write(const Document& document);
  /// Nothing is unsaved any more.
  void clear();

 private:
  std::string documentPath() const;

  std::string folder_;
  std::string marker_;  ///< path; empty: not begun
  int descriptor_ = -1;
  std::string foundMarker_;
  int foundDescriptor_ = -1;
};

}  // namespace headlight
