#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "app/cli/evaluate_input.h"
#include "app/cli/exit_codes.h"
#include "app/cli/experiment_source.h"
#include "app/cli/export_plan.h"
#include "app/cli/options.h"
#include "app/cli/outputs.h"
#include "app/cli/progress.h"
#include "app/cli/shared_range.h"
#include "app/cli/stage_arrays.h"
#include "app/cli/subcommand.h"
#include "core/base/number.h"
#include "core/experiment/tensor_record.h"
#include "core/picture/colormap.h"
#include "core/picture/range.h"

namespace headlight {
namespace {

class Export : public Subcommand {
 public:
  void declare(CLI::App& app) override {
    source_.declare(app, ExperimentSource::Files::many);
    addText(app, "-o,--output", output_, "The figure's file; its ending says the format; - is stdout", "F");
    addText(app, "--out-dir", folder_, "Folder of the default names STEM[-bB][-STAGE][-HEAD].EXT", "D");
    addWords(app, "--format", formats_, "Formats (default: png)", "png,svg,pdf");
    addText(app, "--layout", layout_, "single, heads or pipeline (default: single)", "WORD");
    addWords(app, "--stage", stages_, "Stages, a figure each (default: the view's)", "A,B");
    addWords(app, "--head", heads_, "Heads; in layout single a figure each (default: the view's)",
             "0,3|all|mean");
    addWords(app, "--batch", batches_, "Elements of the batch, a figure each (default: the view's)",
             "0,3|all");
    addText(app, "--width", width_, "Width of the figure", "88mm|3.5in");
    addText(app, "--dpi", dpi_, "Resolution of PNG and of images inside (default: 300)", "N");
    addText(app, "--colormap", colormap_, "viridis, cividis, magma, grey, vik, berlin, rdbu", "WORD");
    addText(app, "--range", range_, "unit, zero_max, …, or LOW,HIGH; shared spans all files", "MODE|LO,HI");
    addText(app, "--title", title_, "A line above the figure", "TEXT");
    addText(app, "--theme", theme_, "light or dark (default: light)", "WORD");
    addCommonOptions(app, common_);
  }

  int run(CommandContext& context) override {
    Console console(common_.quiet, common_.noColor);
    const Result<std::vector<std::string>> inputs = source_.inputs();
    const Status status = inputs ? readOptions(*inputs) : Status(inputs.error());
    if (!status) {
      console.error(status.error());
      return exitCode(status.error().code);
    }
    pool_ = std::make_unique<ThreadPool>(common_.threads);
    if (shared_) {
      // Reports of the second reading are the ones that are kept.
      const Console silent(true, true);
      for (const std::string& input : *inputs) collectRange(input, silent, context.cancel);
    }
    return forEachInput(*inputs, common_, console, context.cancel,
                        [&](const std::string& input, InputReport& report) {
                          return exportOne(input, report, console, context.cancel);
                        });
  }

 private:
  static Status checkWord(std::string_view option, const std::optional<std::string>& word,
                          const std::vector<std::string>& accepted) {
    if (!word || std::find(accepted.begin(), accepted.end(), *word) != accepted.end()) return {};
    return unknownWord(option, *word, accepted);
  }

  Status readLook() {
    std::vector<std::string> layouts;
    for (const FigureLayoutInfo& layout : figureLayouts()) layouts.emplace_back(layout.id);
    if (Status status = checkWord("--layout", layout_, layouts); !status) return status;
    if (layout_) request_.look.layout = *layout_;
    std::vector<std::string> maps;
    for (const Colormap& map : colormaps()) maps.emplace_back(map.id);
    if (Status status = checkWord("--colormap", colormap_, maps); !status) return status;
    request_.look.colormap = colormap_.value_or("");
    if (Status status = checkWord("--theme", theme_, {"light", "dark"}); !status) return status;
    request_.look.dark = theme_ == "dark";
    request_.look.title = title_.value_or("");
    if (width_) {
      const Result<double> width = readWidth(*width_);
      if (!width) return width.error();
      request_.look.widthMm = *width;
    }
    if (dpi_) {
      const Result<double> dpi = readOptionNumber("--dpi", *dpi_, 36, 2400);
      if (!dpi) return dpi.error();
      request_.look.dpi = *dpi;
    }
    return readRange();
  }

  Status readRange() {
    if (!range_) return {};
    if (*range_ == "shared") {
      if (request_.look.layout == "pipeline") {
        return Error{ErrorCode::usage,
                     "shared spans maps of one stage, layout pipeline shows all stages",
                     "--range",
                     {}};
      }
      shared_ = true;
      return {};
    }
    const std::size_t comma = range_->find(',');
    if (comma == std::string::npos) {
      std::vector<std::string> modes;
      for (const std::string_view mode : rangeModes()) modes.emplace_back(mode);
      modes.emplace_back("shared");
      if (Status status = checkWord("--range", range_, modes); !status) return status;
    } else {
      const auto low = parseNumber(std::string_view(*range_).substr(0, comma));
      const auto high = parseNumber(std::string_view(*range_).substr(comma + 1));
      if (!low || !high || !(*low < *high)) {
        return Error{ErrorCode::usage,
                     "found \"" + *range_ + "\", accepted is LOW,HIGH with LOW < HIGH",
                     "--range",
                     {}};
      }
    }
    request_.look.range = *range_;
    return {};
  }

  Status readFormats() {
    for (const std::string& word : formats_) {
      const std::optional<FigureFormat> format = figureFormat(word);
      if (!format) return unknownWord("--format", word, {"png", "svg", "pdf"});
      if (std::find(request_.formats.begin(), request_.formats.end(), *format) == request_.formats.end()) {
        request_.formats.push_back(*format);
      }
    }
    if (output_ && *output_ != "-") {
      const std::string ending = std::filesystem::path(*output_).extension().string();
      const auto format = figureFormat(ending.empty() ? "" : std::string_view(ending).substr(1));
      if (!format) {
        return Error{ErrorCode::usage,
                     "found \"" + *output_ + "\", accepted are names that end in .png, .svg or .pdf",
                     "-o",
                     {}};
      }
      if (!request_.formats.empty() && request_.formats != std::vector<FigureFormat>{*format}) {
        return Error{ErrorCode::usage, "names another format than " + *output_, "--format", {}};
      }
      request_.formats = {*format};
    }
    if (request_.formats.empty()) request_.formats = {FigureFormat::png};
    return {};
  }

  Status readOptions(const std::vector<std::string>& inputs) {
    if (Status status = readLook(); !status) return status;
    if (Status status = readFormats(); !status) return status;
    std::vector<std::string> known;
    for (const StageInfo& stage : stages()) known.emplace_back(stage.id);
    for (const std::string& word : stages_) {
      const std::optional<Stage> stage = stageById(word);
      if (!stage) return unknownWord("--stage", word, known);
      request_.stages.push_back(*stage);
    }
    Result<std::vector<int>> heads = readHeads(heads_, &request_.allHeads);
    if (!heads) return heads.error();
    request_.heads = std::move(*heads);
    Result<std::optional<std::vector<int>>> batches = readBatches(batches_);
    if (!batches) return batches.error();
    request_.allBatches = !batches_.empty() && !*batches;
    request_.batches = batches->value_or(std::vector<int>());
    request_.output = output_;
    request_.folder = folder_.value_or("");
    return checkNames(inputs);
  }

  /// One name for one result: what can be known from the command line and the files' views.
  Status checkNames(const std::vector<std::string>& inputs) {
    if (output_ && folder_)
      return Error{ErrorCode::usage, "goes without -o, which names the file", "--out-dir", {}};
    if (output_ == "-" && common_.json) {
      return Error{ErrorCode::usage, "writes to stdout, and so does --json", "-o -", {}};
    }
    const bool single = request_.look.layout == "single";
    const bool pipeline = request_.look.layout == "pipeline";
    const std::size_t stageCount = pipeline ? 1 : std::max<std::size_t>(1, request_.stages.size());
    const std::size_t headCount =
        !single ? 1 : (request_.allHeads ? 2 : std::max<std::size_t>(1, request_.heads.size()));
    const std::size_t batchCount =
        request_.allBatches ? 2 : std::max<std::size_t>(1, request_.batches.size());
    const std::size_t results = inputs.size() * batchCount * stageCount * headCount * request_.formats.size();
    if (output_) {
      if (results <= 1) return {};
      return Error{ErrorCode::usage, "names one file for several figures", "-o " + *output_, "Use --out-dir"};
    }
    const Console silent(true, true);
    std::map<std::string, std::size_t> writers;
    for (std::size_t n = 0; n < inputs.size(); ++n) {
      const std::string& input = inputs[n];
      if (input == "-") continue;
      InputReport report;
      const Result<LoadedExperiment> loaded = source_.load(input, report, silent);
      if (!loaded) continue;  // told when its turn comes
      // "all" stands for head 0 and element 0 here: two inputs of one stem and stage share that name at
      // least.
      ViewSpec view = loaded->experiment.view;
      if (request_.allBatches) view.batch = 0;
      if (!request_.batches.empty()) view.batch = request_.batches.front();
      for (const PlannedFigure& figure : planFigures(request_, view, loaded->stem, 1)) {
        const auto [place, fresh] = writers.emplace(figure.path, n);
        if (fresh || place->second == n) continue;
        return Error{ErrorCode::usage,
                     inputs[place->second] + " and " + input + " would both be written there", figure.path,
                     "Rename one, or export them into two folders with --out-dir"};
      }
    }
    return {};
  }

  void collectRange(const std::string& input, const Console& silent, const Cancel& cancel) {
    InputReport report;
    const Result<LoadedExperiment> loaded = source_.load(input, report, silent);
    if (!loaded || input == "-") return;
    EvaluateOptions options;
    options.cancel = cancel;
    const auto evaluations = evaluateWanted(*loaded, options, report, silent);
    if (!evaluations) return;
    for (const auto& evaluation : *evaluations) {
      const int headCount = evaluation->run->sizes.heads;
      for (const PlannedFigure& figure :
           planFigures(request_, evaluation->experiment.view, loaded->stem, headCount)) {
        sharedRange_.add(*evaluation, figure.spec, *pool_, cancel);
      }
    }
  }

  /// The elements of its batch that --batch names, else the view's.
  Result<std::vector<std::shared_ptr<const Evaluation>>> evaluateWanted(const LoadedExperiment& loaded,
                                                                        EvaluateOptions options,
                                                                        InputReport& report,
                                                                        const Console& console) const {
    if (request_.allBatches || !request_.batches.empty()) {
      if (!request_.allBatches) options.batches = request_.batches;
      return evaluateBatch(loaded, options, *pool_, report, console);
    }
    auto one = evaluateInput(loaded, options, *pool_, report, console);
    if (!one) return one.error();
    return std::vector<std::shared_ptr<const Evaluation>>{std::move(*one)};
  }

  Status exportOne(const std::string& input, InputReport& report, Console& console, const Cancel& cancel) {
    Result<LoadedExperiment> loaded = source_.load(input, report, console);
    if (!loaded) return loaded.error();
    const std::string name = input.empty() ? loaded->stem : input;
    Progress progress(console, "computing " + name);
    EvaluateOptions options;
    options.cancel = cancel;
    options.progress = &progress;
    const auto evaluations = evaluateWanted(*loaded, options, report, console);
    if (!evaluations) return evaluations.error();
    const Sizes& sizes = evaluations->front()->run->sizes;
    StageSelection selection;
    selection.heads = request_.heads;
    if (Status status = checkSelection(sizes, selection); !status) return status;
    std::vector<std::vector<PlannedFigure>> planned;
    for (const auto& evaluation : *evaluations) {
      planned.push_back(planFigures(request_, evaluation->experiment.view, loaded->stem, sizes.heads));
      for (const PlannedFigure& figure : planned.back()) {
        const bool binary = figure.spec.format != FigureFormat::svg;
        if (Status status = checkOutput(figure.path, common_.force, binary); !status) return status;
      }
    }
    if (Status status = makeFolder(); !status) return status;
    for (std::size_t n = 0; n < planned.size(); ++n) {
      Status status = draw(*(*evaluations)[n], *loaded, planned[n], {report, console, progress, cancel});
      if (!status) return status;
    }
    return {};
  }

  /// Who hears of what is drawn.
  struct Listeners {
    InputReport& report;
    Console& console;
    Progress& progress;
    const Cancel& cancel;
  };

  Status draw(const Evaluation& evaluation, const LoadedExperiment& loaded,
              const std::vector<PlannedFigure>& figures, const Listeners& to) const {
    // What a figure carries finds its tensor files from where the figure is.
    Evaluation carried = evaluation;
    const std::string place = std::filesystem::path(figures.front().path).parent_path().string();
    carried.experiment = forSaving(carried.experiment, loaded.folder, place.empty() ? "." : place);
    for (PlannedFigure figure : figures) {
      to.progress.now("drawing " + figure.path);
      if (shared_) figure.spec.sharedRange = sharedRange_.range(figure.spec, evaluation.experiment.view);
      Result<FigureResult> drawn = renderFigure(carried, figure.spec, *pool_, to.cancel);
      if (!drawn) return drawn.error();
      if (to.cancel.requested()) return Error{ErrorCode::cancelled, "interrupted", {}, {}};
      for (std::string& warning : drawn->warnings) warn(to.report, to.console, std::move(warning));
      Result<OutputRecord> record = saveOutput(figure.path, drawn->bytes, common_.force, to.console);
      if (!record) return record.error();
      to.report.outputs.push_back(std::move(*record));
      if (common_.json || common_.quiet || figure.path == "-") continue;
      if (Status status = to.console.out(figure.path + "\n"); !status) return status;
    }
    return {};
  }

  Status makeFolder() const {
    if (!folder_ || output_) return {};
    std::error_code problem;
    std::filesystem::create_directories(*folder_, problem);
    if (problem)
      return Error{ErrorCode::unwritable, "the folder cannot be made: " + problem.message(), *folder_, {}};
    return {};
  }

  ExperimentSource source_;
  CommonOptions common_;
  std::optional<std::string> output_;
  std::optional<std::string> folder_;
  std::vector<std::string> formats_;
  std::optional<std::string> layout_;
  std::vector<std::string> stages_;
  std::vector<std::string> heads_;
  std::vector<std::string> batches_;
  std::optional<std::string> width_;
  std::optional<std::string> dpi_;
  std::optional<std::string> colormap_;
  std::optional<std::string> range_;
  std::optional<std::string> title_;
  std::optional<std::string> theme_;
  ExportRequest request_;
  bool shared_ = false;
  SharedRange sharedRange_;
  std::unique_ptr<ThreadPool> pool_;
};

}  // namespace

std::unique_ptr<Subcommand> makeExport() {
  return std::make_unique<Export>();
}

}  // namespace headlight
