#pragma once
#include <optional>
#include <string>
#include <vector>

#include "app/session/numbers.h"
#include "core/experiment/import_guess.h"

namespace headlight {

/// Tensors without an experiment while it is decided what they are: what was found, the plan as it stands,
/// what of it was guessed, and the numbers of the experiment that it would make.
class ImportDesk {
 public:
  /// `numbers` evaluates the plans; it outlives the desk.
  ImportDesk(std::vector<std::string> paths, ImportFound found, Numbers& numbers);

  const std::vector<std::string>& paths() const { return paths_; }
  const ImportFound& found() const { return found_; }
  const std::vector<ImportChoice>& choices() const { return choices_; }
  /// The reading that the plan began with.
  std::size_t choiceAt() const { return choiceAt_; }
  const ImportPlan& plan() const { return current_.plan; }
  const ImportDoubts& doubts() const { return current_.doubts; }
  const std::vector<std::string>& reasons() const { return current_.reasons; }
  /// Those that fit the tensors, best first.
  const std::vector<ImportLayout>& layouts() const { return layouts_; }
  std::optional<ImportSizes> sizes() const { return importSizes(found_, current_.plan); }

  void choose(std::size_t choice);
  void takeAs(ImportAs as);
  /// What tensor `tensor` is taken as; it gives its place to whoever had that role.
  void giveRole(int tensor, ImportRole role);
  ImportRole roleOf(int tensor) const;
  void setLayout(const std::string& layout);
  void setHeads(std::int64_t heads);
  void setLayer(std::int64_t layer);
  void setBatch(int batch);
  void setMaskMeaning(const std::string& meaning);
  /// A file of tokens, "" for indices.
  void setTokens(const std::string& file);
  /// One more file of tokens to choose from, and its choice.
  void addTokens(ImportTokens tokens);

  /// The experiment of the plan, null where the plan has an error.
  const Experiment* experiment() const { return experiment_ ? &*experiment_ : nullptr; }
  /// Why there is none, or why it has no numbers.
  const Error* error() const;
  /// The numbers are too many to be read only for a picture.
  bool tooLargeToShow() const { return tooLarge_; }
  Numbers& numbers() { return *numbers_; }
  /// True when `numbers` has the evaluation of the plan.
  bool shown() const { return !tooLarge_ && experiment_ && numbers_->current() && !numbers_->error(); }

 private:
  void changed();

  std::vector<std::string> paths_;
  ImportFound found_;
  std::vector<ImportChoice> choices_;
  std::size_t choiceAt_ = 0;
  ImportChoice current_;
  std::vector<ImportLayout> layouts_;
  std::optional<Experiment> experiment_;
  std::optional<Error> error_;
  bool tooLarge_ = false;
  Numbers* numbers_;
};

/// What is read only to show a picture of it.
inline constexpr double kMostPreviewBytes = 256.0 * 1024 * 1024;

}  // namespace headlight
