#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "app/cli/compute_against.h"
#include "app/cli/compute_table.h"
#include "app/cli/evaluate_input.h"
#include "app/cli/exit_codes.h"
#include "app/cli/experiment_source.h"
#include "app/cli/options.h"
#include "app/cli/outputs.h"
#include "app/cli/progress.h"
#include "app/cli/reference_arrays.h"
#include "app/cli/stage_arrays.h"
#include "app/cli/subcommand.h"
#include "core/base/number.h"
#include "core/files/tensor_writer.h"

namespace headlight {
namespace {

constexpr double kMostBytes = 4.0 * 1024 * 1024 * 1024;

class Compute : public Subcommand {
 public:
  void declare(CLI::App& app) override {
    source_.declare(app, ExperimentSource::Files::one);
    addText(app, "-o,--output", output_,
            "Write the tensors to OUT.npz or OUT.safetensors, or to stdout with -", "OUT.npz|-");
    addWords(app, "--stage", stages_, "Stages and per-row quantities (default: all there are)", "A,B");
    addWords(app, "--head", heads_, "Query heads, or their mean", "0,3|mean");
    addWords(app, "--batch", batches_, "Elements of the batch (default: all)", "0,3|all");
    addText(app, "--rows", rows_, "Queries a … b−1 of the query × key stages", "A:B");
    addText(app, "--cols", cols_, "Keys a … b−1 of the query × key stages", "A:B");
    app.add_flag("--float64", float64_, "The slow reference in double, written as float64");
    addText(app, "--format", format_, "Format of the output", "npz|safetensors");
    addText(app, "--upstream", upstream_, "What the gradients begin with: ∂L/∂output (default: all ones)",
            "FILE[:TENSOR]");
    addText(app, "--against", against_,
            "Compare with a file of tensors of the same names; exit 5 above the tolerance", "DUMP.npz");
    addText(app, "--tolerance", toleranceText_, "Largest difference that passes (default 1e-5)", "X");
    addCommonOptions(app, common_);
  }

  int run(CommandContext& context) override {
    Console console(common_.quiet, common_.noColor);
    const Status read = readOptions();
    const Result<std::vector<std::string>> inputs =
        read ? source_.inputs() : Result<std::vector<std::string>>(read.error());
    if (!inputs) {
      console.error(inputs.error());
      return exitCode(inputs.error().code);
    }
    return forEachInput(*inputs, common_, console, context.cancel,
                        [&](const std::string& input, InputReport& report) {
                          return compute(input, report, console, context.cancel);
                        });
  }

 private:
  Status readOptions() {
    Result<StageSelection> selection = readStageSelection(stages_, heads_, rows_, cols_);
    if (!selection) return selection.error();
    selection_ = std::move(*selection);
    Result<std::optional<std::vector<int>>> batches = readBatches(batches_);
    if (!batches) return batches.error();
    options_.batches = std::move(*batches);
    if (toleranceText_) {
      const Result<double> tolerance = readOptionNumber("--tolerance", *toleranceText_, 0, 1e300);
      if (!tolerance) return tolerance.error();
      tolerance_ = *tolerance;
      if (!against_) return Error{ErrorCode::usage, "goes with --against", "--tolerance", {}};
    }
    options_.gradients = std::any_of(selection_.names.begin(), selection_.names.end(), isGradientName);
    if (upstream_ && !options_.gradients) {
      return Error{ErrorCode::usage,
                   "goes with a gradient: --stage grad_q,grad_k,grad_v,grad_scores",
                   "--upstream",
                   {}};
    }
    options_.upstream = upstream_;
    if (Status status = readFormat(); !status) return status;
    if (output_ == "-" && (common_.json || against_)) {
      return Error{ErrorCode::usage,
                   std::string("writes to stdout, and so does ") + (common_.json ? "--json" : "--against"),
                   "-o -",
                   {}};
    }
    return {};
  }

  /// What the file is: as --format says, else by its name, else npz.
  Status readFormat() {
    if (format_ && *format_ != "npz" && *format_ != "safetensors") {
      return unknownWord("--format", *format_, {"npz", "safetensors"});
    }
    if (format_ == "safetensors") kind_ = TensorFileKind::safetensors;
    if (!output_ || *output_ == "-") return {};
    const auto named = tensorFileKindOf(*output_);
    if (!named) {
      return Error{ErrorCode::usage,
                   "found \"" + *output_ + "\", accepted is a name that ends in .npz or .safetensors, or -",
                   "-o",
                   {}};
    }
    if (format_ && kind_ != *named) {
      return Error{
          ErrorCode::usage, "found " + *format_ + ", and -o names \"" + *output_ + "\"", "--format", {}};
    }
    kind_ = *named;
    return {};
  }

  static bool isGradientName(const std::string& name) {
    const auto stage = stageById(name);
    return (stage && isGradient(*stage)) || name == "jacobian_norm";
  }

  /// Whether nothing but a part of a few rows of maps is wanted, which no statistics are needed for.
  bool readsFewRows() const {
    constexpr std::int64_t kFew = 512;
    if (!selection_.rows || !selection_.rows->end) return false;
    if (*selection_.rows->end - selection_.rows->begin > kFew) return false;
    return !selection_.names.empty() &&
           std::all_of(selection_.names.begin(), selection_.names.end(), [](const std::string& name) {
             const auto stage = stageById(name);
             return stage && isMap(*stage) && !isGradient(*stage);
           });
  }

  /// Asked before anything is computed.
  Status checkSize(const Sizes& sizes, int batches) const {
    if (Status status = checkSelection(sizes, selection_); !status) return status;
    const double elements =
        options_.batches ? static_cast<double>(options_.batches->size()) : std::max(batches, 1);
    const double bytes = elements * selectedBytes(sizes, selection_, float64_);
    if (!output_ || common_.force || bytes <= kMostBytes) return {};
    return Error{ErrorCode::unwritable, "would be " + bytesText(bytes) + ", more than 4 GiB", *output_,
                 "Choose a part with --stage, --head or --rows, or add -f"};
  }

  Status compute(const std::string& input, InputReport& report, Console& console, const Cancel& cancel) {
    if (output_) {
      if (Status status = checkOutput(*output_, common_.force); !status) return status;
    }
    if (!output_ && !against_ && stages_.empty()) selection_.names = {"weights"};
    Result<LoadedExperiment> loaded = source_.load(input, report, console);
    if (!loaded) return loaded.error();
    Progress progress(console, "computing");
    ThreadPool pool(common_.threads);
    EvaluateOptions options = options_;
    options.cancel = cancel;
    options.progress = &progress;
    options.outputs = options.gradients || needsOutputs(selection_.names);
    options.statistics = options.outputs || !readsFewRows();
    if (output_)
      options.check = [this](const Sizes& sizes, int batches) { return checkSize(sizes, batches); };
    const auto evaluations = evaluateBatch(*loaded, options, pool, report, console);
    if (!evaluations) return evaluations.error();
    if (float64_) progress.now("computing in float64");
    std::vector<std::vector<StageArray>> elements;
    for (const auto& evaluation : *evaluations) {
      Result<std::vector<StageArray>> arrays = arraysOf(*evaluation);
      if (!arrays) return arrays.error();
      elements.push_back(std::move(*arrays));
    }
    if (!output_ && !against_ && !common_.json) return print(*evaluations, elements, console);
    const bool batch = evaluations->front()->prepared->batches > 0;
    const std::vector<StageArray> arrays = batch ? batched(std::move(elements)) : std::move(elements.front());
    if (output_) {
      progress.now("writing");
      if (Status status = write(arrays, report, pool, console, progress, cancel); !status) return status;
    }
    if (!against_) return {};
    progress.now("comparing");
    return compare(arrays, report, pool, console, cancel);
  }

  Result<std::vector<StageArray>> arraysOf(const Evaluation& evaluation) const {
    std::optional<ReferenceArrays> reference;
    if (float64_) {
      Result<ReferenceArrays> made = ReferenceArrays::make(evaluation.prepared->plan, options_.gradients);
      if (!made) return made.error();
      reference.emplace(std::move(*made));
    }
    return stageArrays(evaluation.run, selection_, reference ? &*reference : nullptr);
  }

  static Status print(const std::vector<std::shared_ptr<const Evaluation>>& evaluations,
                      const std::vector<std::vector<StageArray>>& elements, Console& console) {
    for (std::size_t n = 0; n < elements.size(); ++n) {
      const Evaluation& evaluation = *evaluations[n];
      std::string text;
      if (evaluation.prepared->batches > 0) {
        text = (n > 0 ? "\n" : "") + ("batch element " + std::to_string(evaluation.prepared->plan.batch)) +
               " of " + std::to_string(evaluation.prepared->batches) + "\n";
      }
      if (Status status = console.out(text + tableText(evaluation, elements[n])); !status) return status;
    }
    return {};
  }

  Status writeTensors(const std::vector<StageArray>& arrays, ByteSink& sink, ThreadPool& pool,
                      Progress& progress, const Cancel& cancel) const {
    const FloatWidth width = float64_ ? FloatWidth::float64 : FloatWidth::float32;
    std::vector<TensorPlan> plans;
    double all = 0;
    double written = 0;
    for (const StageArray& array : arrays) {
      plans.push_back({array.name, array.shape, width});
      all += static_cast<double>(array.rowCount()) * static_cast<double>(array.rowLength());
    }
    const std::unique_ptr<TensorWriter> writer = makeTensorWriter(kind_, sink, std::move(plans));
    for (const StageArray& array : arrays) {
      if (Status status = writer->begin(array.name, array.shape, width); !status) return status;
      Status status = readPieces(array, pool, cancel, [&](std::int64_t, std::span<const double> values) {
        written += static_cast<double>(values.size());
        progress.share(written / all);
        return writer->write(values);
      });
      if (!status) return status;
      if (Status ended = writer->end(); !ended) return ended;
    }
    return writer->finish();
  }

  Status write(const std::vector<StageArray>& arrays, InputReport& report, ThreadPool& pool, Console& console,
               Progress& progress, const Cancel& cancel) const {
    if (*output_ == "-") {
      ConsoleSink out(console);
      HashingSink sink(out);
      if (Status status = writeTensors(arrays, sink, pool, progress, cancel); !status) return status;
      report.outputs.push_back(sink.record("-"));
      return {};
    }
    Result<AtomicFile> file =
        AtomicFile::create(*output_, common_.force ? Overwrite::replace : Overwrite::refuse);
    if (!file) return file.error();
    HashingSink sink(*file);
    if (Status status = writeTensors(arrays, sink, pool, progress, cancel); !status) return status;
    if (Status status = file->commit(); !status) return status;
    report.outputs.push_back(sink.record(*output_));
    return {};
  }

  Status compare(const std::vector<StageArray>& arrays, InputReport& report, ThreadPool& pool,
                 Console& console, const Cancel& cancel) const {
    std::vector<std::string> warnings;
    const auto differences = compareWithDump(arrays, *against_, !stages_.empty(), pool, cancel, warnings);
    if (!differences) return differences.error();
    for (std::string& warning : warnings) warn(report, console, std::move(warning));
    if (common_.json) {
      report.more.emplace_back("against", differenceJson(*differences));
    } else if (Status status = console.out(differenceTable(*differences, tolerance_)); !status) {
      return status;
    }
    std::string above;
    for (const StageDifference& one : *differences) {
      if (!(one.largest <= tolerance_)) above += (above.empty() ? "" : ", ") + one.name;
    }
    if (above.empty()) return {};
    return Error{
        ErrorCode::different, "differs by more than " + shortest(tolerance_) + " in " + above, *against_, {}};
  }

  static bool needsOutputs(const std::vector<std::string>& names) {
    constexpr std::array<std::string_view, 4> kOutputs{"head_output", "concat", "contribution", "output"};
    if (names.empty()) return true;
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return std::find(kOutputs.begin(), kOutputs.end(), name) != kOutputs.end();
    });
  }

  ExperimentSource source_;
  CommonOptions common_;
  std::optional<std::string> output_;
  std::vector<std::string> stages_;
  std::vector<std::string> heads_;
  std::vector<std::string> batches_;
  std::optional<std::string> upstream_;
  std::optional<std::string> rows_;
  std::optional<std::string> cols_;
  bool float64_ = false;
  std::optional<std::string> format_;
  std::optional<std::string> against_;
  std::optional<std::string> toleranceText_;
  double tolerance_ = 1e-5;
  StageSelection selection_;
  EvaluateOptions options_;
  TensorFileKind kind_ = TensorFileKind::npz;
};

}  // namespace

std::unique_ptr<Subcommand> makeCompute() {
  return std::make_unique<Compute>();
}

}  // namespace headlight
