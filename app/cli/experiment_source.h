#pragma once
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/input_report.h"
#include "core/experiment/experiment.h"
#include "core/experiment/parameters.h"
#include "core/files/embedded.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace headlight {

/// An experiment as a subcommand got it, options applied.
struct LoadedExperiment {
  Experiment experiment;
  std::string folder;  ///< where its relative tensor files are looked for
  std::string stem;    ///< what default names of outputs begin with
};

/// Where the experiments of a subcommand come from: experiment files, figures that carry one, "-" for stdin,
/// or the default experiment when only options are given; and the options that change them, in the order of
/// the command line. The short forms are those of the parameter table.
class ExperimentSource {
 public:
  enum class Files { one, many, none };

  void declare(CLI::App& app, Files files);
  /// After parsing: what forEachInput goes through; one empty name when no FILE was given. Errors (usage):
  /// neither a FILE nor an option, several where one is accepted, "-" twice, an option that cannot be read.
  Result<std::vector<std::string>> inputs();
  /// The JSON text of one of the inputs, taken out of the figure that carries it; empty when no FILE was
  /// given. stdin is read once. Errors: (unreadable, invalid) of the file.
  Result<std::string> text(const std::string& input);
  /// Reads one of the inputs and applies the options. Errors: (unreadable, invalid) of the file, (usage) of
  /// an unknown path, (invalid) of a value.
  Result<LoadedExperiment> load(const std::string& input, InputReport& report, const Console& console);
  /// The options alone, applied to `start` in their order; what comes of them all must be valid.
  Result<Experiment> apply(Experiment start) const;

 private:
  Status readChanges();
  Result<Carried> read(const std::string& input);
  Result<Member> readChange(const ParameterInfo* parameter, const std::string& text) const;

  struct Flag {
    CLI::Option* option = nullptr;
    const ParameterInfo* parameter = nullptr;  ///< null: --set
    std::vector<std::string> texts;
  };
  CLI::App* app_ = nullptr;
  Files files_ = Files::one;
  std::vector<std::string> names_;
  std::deque<Flag> flags_;
  std::vector<Member> changes_;
  std::optional<Carried> stdin_;
};

/// "dir/who.headlight.json" → "who"; "-" → "stdin"; nothing → "headlight".
std::string outputStem(const std::string& input);

}  // namespace headlight
