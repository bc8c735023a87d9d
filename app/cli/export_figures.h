#pragma once
#include <string>
#include <vector>

#include "app/cli/evaluate_input.h"
#include "app/cli/export_plan.h"
#include "app/cli/shared_range.h"
#include "core/figure/layouts.h"

namespace headlight {

/// What came of one figure, or of all those of an input.
struct ExportOutcome {
  InputReport report;
  Status status;
  double wallSeconds = 0;
  std::string toStdout;  ///< of -o -
  std::vector<std::string> captions;
};

/// Draws and writes the figures of one input at a time; several inputs may be at work side by side. Prints
/// nothing: what it has to say comes back.
class FigureExporter {
 public:
  FigureExporter(ExperimentSource& source, const ExportRequest& request, const CommonOptions& common,
                 ThreadPool& pool, const Cancel& cancel)
      : source_(source), request_(request), common_(common), pool_(pool), cancel_(cancel) {}

  /// One name for one result: what can be known from the command line and the files' views. Errors (usage).
  Status checkNames(const std::vector<std::string>& inputs) const;
  /// What the figures of an input would show, for a range over all of them; nothing where it cannot be read.
  SharedRange rangeOf(const std::string& input) const;
  void share(SharedRange range) { sharedRange_.add(std::move(range)); }

  /// The figures of an input, or of two whose difference is drawn. `progress` may be null.
  ExportOutcome exportInput(const std::string& input, const std::optional<std::string>& minus,
                            Progress* progress) const;

 private:
  /// The evaluations of an input: one, or the elements of its batch that are asked for.
  struct Evaluated {
    LoadedExperiment loaded;
    std::vector<std::shared_ptr<const Evaluation>> evaluations;
  };
  /// What the figures of one evaluation have in common.
  struct Source {
    Evaluation carried;  ///< its experiment as a figure in the folder has it
    std::shared_ptr<const std::string> data;
  };
  /// A figure with what it is made of.
  struct Job {
    const Evaluation* evaluation;
    const Source* source;
    PlannedFigure figure;
  };

  Status run(const std::string& input, const std::optional<std::string>& minus, Progress* progress,
             ExportOutcome& outcome) const;
  /// `also`: a stage that the figures show besides those of the input's own view.
  Result<Evaluated> evaluateWanted(const std::string& input, Progress* progress, InputReport& report,
                                   std::optional<Stage> also = {}) const;
  Result<std::vector<PlannedFigure>> plan(const Evaluated& evaluated, const Evaluation& evaluation,
                                          const std::optional<std::string>& minus) const;
  Result<Source> sourceOf(const Evaluated& evaluated, const Evaluation& evaluation,
                          const std::vector<PlannedFigure>& figures) const;
  Status checkOutputs(const std::vector<PlannedFigure>& figures) const;
  Status makeFolder() const;
  Status draw(const Job& job, ExportOutcome& outcome) const;
  Status save(const std::string& path, std::string bytes, ExportOutcome& outcome) const;

  ExperimentSource& source_;
  const ExportRequest& request_;
  const CommonOptions& common_;
  ThreadPool& pool_;
  Cancel cancel_;
  SharedRange sharedRange_;
};

}  // namespace headlight
