#include "app/cli/export_figures.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <map>
#include <new>

#include "app/cli/export_places.h"
#include "app/cli/export_sidecars.h"
#include "app/cli/stage_arrays.h"
#include "core/experiment/carried_files.h"
#include "core/experiment/tensor_record.h"

namespace headlight {
namespace {

/// Reports of what is told later, in the order of the inputs.
const Console& silent() {
  static const Console console(true, true);
  return console;
}

Error interrupted() {
  return {ErrorCode::cancelled, "interrupted", {}, {}};
}

/// A file's name without its folder, for sentences.
std::string nameOf(const LoadedExperiment& loaded) {
  return loaded.experiment.title.empty() ? loaded.stem : loaded.experiment.title;
}

bool needsOutputs(Stage stage) {
  return stage == Stage::headOutput || stage == Stage::concat || stage == Stage::contribution ||
         stage == Stage::output;
}

}  // namespace

Status FigureExporter::checkNames(const std::vector<std::string>& inputs) const {
  std::map<std::string, std::size_t> writers;
  std::size_t known = 0;
  for (std::size_t n = 0; n < (request_.twoFiles ? 1 : inputs.size()); ++n) {
    InputReport report;
    if (inputs[n] == "-") {
      ++known;
      continue;
    }
    const Result<LoadedExperiment> loaded = source_.load(inputs[n], report, silent());
    if (!loaded) {
      ++known;
      continue;  // told when its turn comes
    }
    // "all" stands for two heads and for element 0 here: two inputs of one stem and stage share that name at
    // least.
    ViewSpec view = loaded->experiment.view;
    if (request_.allBatches) view.batch = 0;
    if (!request_.batches.empty()) view.batch = request_.batches.front();
    const auto figures = planFigures(request_, view, loaded->stem, 2);
    if (!figures) continue;
    const std::size_t elements = request_.allBatches ? 2 : std::max<std::size_t>(1, request_.batches.size());
    for (const PlannedFigure& figure : *figures) {
      for (const PlannedFigure::File& file : figure.files) {
        known += elements;
        const auto [place, fresh] = writers.emplace(file.path, n);
        if (fresh || place->second == n || request_.output) continue;
        return Error{ErrorCode::usage,
                     inputs[place->second] + " and " + inputs[n] + " would both be written there", file.path,
                     "Rename one, or export them into two folders with --out-dir"};
      }
    }
  }
  if (!request_.output || known <= 1) return {};
  return Error{ErrorCode::usage, "names one file for several figures", "-o " + *request_.output,
               "Use --out-dir"};
}

Result<FigureExporter::Evaluated> FigureExporter::evaluateWanted(const std::string& input, Progress* progress,
                                                                 InputReport& report,
                                                                 std::optional<Stage> also) const {
  Result<LoadedExperiment> loaded = source_.load(input, report, silent());
  if (!loaded) return loaded.error();
  std::vector<Stage> stages = request_.stages;
  if (stages.empty()) stages.push_back(loaded->experiment.view.stage);
  if (also) stages.push_back(*also);
  if (const Value* word = loaded->experiment.view.compare.find("stage");
      word != nullptr && word->isString()) {
    stages.push_back(stageById(word->string()).value_or(Stage::weights));
  }
  EvaluateOptions options;
  options.cancel = cancel_;
  options.progress = progress;
  options.outputs = request_.has("pipeline") || std::any_of(stages.begin(), stages.end(), needsOutputs);
  options.gradients = std::any_of(stages.begin(), stages.end(), isGradient);
  options.outputs = options.outputs || options.gradients;
  Evaluated evaluated{std::move(*loaded), {}};
  if (request_.allBatches || !request_.batches.empty()) {
    if (!request_.allBatches) options.batches = request_.batches;
    auto all = evaluateBatch(evaluated.loaded, options, pool_, report, silent());
    if (!all) return all.error();
    evaluated.evaluations = std::move(*all);
    return evaluated;
  }
  auto one = evaluateInput(evaluated.loaded, options, pool_, report, silent());
  if (!one) return one.error();
  evaluated.evaluations.push_back(std::move(*one));
  return evaluated;
}

SharedRange FigureExporter::rangeOf(const std::string& input) const {
  SharedRange range;
  InputReport report;
  if (input == "-" || cancel_.requested()) return range;
  const Result<Evaluated> evaluated = evaluateWanted(input, nullptr, report);
  if (!evaluated) return range;
  for (const auto& evaluation : evaluated->evaluations) {
    const auto figures = planFigures(request_, evaluation->experiment.view, evaluated->loaded.stem,
                                     evaluation->run->sizes.heads);
    if (!figures) continue;
    for (const PlannedFigure& figure : *figures) range.add(*evaluation, figure.spec, pool_, cancel_);
  }
  return range;
}

ExportOutcome FigureExporter::exportInput(const std::string& input, const std::optional<std::string>& minus,
                                          Progress* progress) const {
  const auto start = std::chrono::steady_clock::now();
  ExportOutcome outcome;
  outcome.report.input = input;
  // One input that is too large must not end the others.
  try {
    outcome.status = run(input, minus, progress, outcome);
  } catch (const std::bad_alloc&) {
    outcome.status = Error{ErrorCode::failed, "not enough memory", input, "Try fewer --threads"};
  }
  if (!outcome.status) outcome.status = placedIn(outcome.status.error(), input);
  outcome.wallSeconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return outcome;
}

Status FigureExporter::run(const std::string& input, const std::optional<std::string>& minus,
                           Progress* progress, ExportOutcome& outcome) const {
  const Result<Evaluated> evaluated = evaluateWanted(input, progress, outcome.report);
  if (!evaluated) return evaluated.error();
  std::optional<Evaluated> second;
  if (minus) {
    Result<Evaluated> other =
        evaluateWanted(*minus, progress, outcome.report, evaluated->loaded.experiment.view.stage);
    if (!other) return placedIn(other.error(), *minus);
    second = std::move(*other);
  }
  std::vector<std::vector<PlannedFigure>> planned;
  std::vector<Source> sources;
  for (const auto& evaluation : evaluated->evaluations) {
    auto figures = plan(*evaluated, *evaluation, minus ? std::optional(second->loaded.stem) : std::nullopt);
    if (!figures) return figures.error();
    if (Status status = checkOutputs(*figures); !status) return status;
    planned.push_back(std::move(*figures));
  }
  if (Status status = makeFolder(); !status) return status;
  std::vector<Job> jobs;
  sources.reserve(planned.size());
  for (std::size_t n = 0; n < planned.size(); ++n) {
    const Evaluation& evaluation = *evaluated->evaluations[n];
    auto source = sourceOf(*evaluated, evaluation, planned[n]);
    if (!source) return source.error();
    sources.push_back(std::move(*source));
    for (PlannedFigure& figure : planned[n]) {
      if (second) {
        figure.spec.minus = second->evaluations[std::min(n, second->evaluations.size() - 1)];
        figure.spec.minusName = nameOf(second->loaded);
      }
      if (request_.shared)
        figure.spec.sharedRange = sharedRange_.range(figure.spec, evaluation.experiment.view);
      figure.spec.data = sources.back().data;
      jobs.push_back({&evaluation, &sources.back(), std::move(figure)});
    }
  }
  std::vector<ExportOutcome> drawn(jobs.size());
  std::atomic<std::size_t> done{0};
  const auto one = [&](std::int64_t at) {
    const auto n = static_cast<std::size_t>(at);
    if (progress != nullptr) progress->now("drawing " + jobs[n].figure.base);
    drawn[n].status = cancel_.requested() ? Status(interrupted()) : draw(jobs[n], drawn[n]);
    if (progress != nullptr) progress->share(static_cast<double>(++done) / static_cast<double>(jobs.size()));
  };
  // A single figure has all threads for its map.
  if (jobs.size() == 1) {
    one(0);
  } else {
    pool_.run(static_cast<std::int64_t>(jobs.size()), one);
  }
  Status status;
  for (ExportOutcome& figure : drawn) {
    std::move(figure.report.outputs.begin(), figure.report.outputs.end(),
              std::back_inserter(outcome.report.outputs));
    for (std::string& warning : figure.report.warnings) warn(outcome.report, silent(), std::move(warning));
    std::move(figure.captions.begin(), figure.captions.end(), std::back_inserter(outcome.captions));
    outcome.toStdout += figure.toStdout;
    if (status && !figure.status) status = figure.status;
  }
  return cancel_.requested() ? Status(interrupted()) : status;
}

Result<std::vector<PlannedFigure>> FigureExporter::plan(const Evaluated& evaluated,
                                                        const Evaluation& evaluation,
                                                        const std::optional<std::string>& minus) const {
  const Sizes& sizes = evaluation.run->sizes;
  StageSelection selection;
  selection.heads = request_.heads;
  if (Status status = checkSelection(sizes, selection); !status) return status.error();
  const std::string stem = minus ? evaluated.loaded.stem + "-minus-" + *minus : evaluated.loaded.stem;
  auto figures = planFigures(request_, evaluation.experiment.view, stem, sizes.heads);
  if (!figures) return figures;
  for (PlannedFigure& figure : *figures) {
    if (Status status = placeMarks(request_, evaluation, figure.spec); !status) return status.error();
    if (Status status = checkSidecarSize(request_, common_, figure, sizes); !status) return status.error();
  }
  return figures;
}

Result<FigureExporter::Source> FigureExporter::sourceOf(const Evaluated& evaluated,
                                                        const Evaluation& evaluation,
                                                        const std::vector<PlannedFigure>& figures) const {
  Source source{evaluation, nullptr};
  if (!request_.look.embed || figures.empty()) return source;
  // What a figure carries finds its tensor files from where the figure is.
  std::string place = std::filesystem::path(figures.front().files.front().path).parent_path().string();
  if (place.empty()) place = ".";
  const std::string& folder = evaluated.loaded.folder;
  if (request_.look.embedData) {
    auto data = packFiles(evaluation.experiment, folder, place);
    if (!data) return data.error();
    source.data = std::make_shared<const std::string>(std::move(*data));
  }
  source.carried.experiment = forSaving(evaluation.experiment, folder, place);
  return source;
}

Status FigureExporter::checkOutputs(const std::vector<PlannedFigure>& figures) const {
  for (const PlannedFigure& figure : figures) {
    for (const PlannedFigure::File& file : figure.files) {
      Status status = checkOutput(file.path, common_.force, file.format != FigureFormat::svg);
      if (!status) return status;
    }
  }
  return {};
}

Status FigureExporter::makeFolder() const {
  if (request_.folder.empty() || request_.output) return {};
  std::error_code problem;
  std::filesystem::create_directories(request_.folder, problem);
  if (!problem) return {};
  return Error{ErrorCode::unwritable, "the folder cannot be made: " + problem.message(), request_.folder, {}};
}

Status FigureExporter::draw(const Job& job, ExportOutcome& outcome) const {
  FigureSpec spec = job.figure.spec;
  Result<DrawnFigure> drawn = drawFigure(job.source->carried, spec, pool_, cancel_);
  if (!drawn) return drawn.error();
  outcome.report.warnings = std::move(drawn->warnings);
  // All are made before any is saved: a failure leaves no part of a figure.
  std::vector<std::string> bytes;
  for (const PlannedFigure::File& file : job.figure.files) {
    if (cancel_.requested()) return interrupted();
    spec.format = file.format;
    Result<std::string> written = writeFigure(*drawn, job.source->carried, spec);
    if (!written) return written.error();
    bytes.push_back(std::move(*written));
  }
  const SidecarJob sidecars{request_, common_, cancel_, *job.evaluation, job.figure, *drawn};
  if (Status status = checkSidecars(sidecars); !status) return status;
  if (cancel_.requested()) return interrupted();
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    if (Status status = save(job.figure.files[n].path, std::move(bytes[n]), outcome); !status) return status;
  }
  if (Status status = saveSidecars(sidecars, outcome.report.outputs); !status) return status;
  if (request_.caption) outcome.captions.push_back(captionOf(*job.evaluation, job.figure.spec, *drawn));
  return {};
}

Status FigureExporter::save(const std::string& path, std::string bytes, ExportOutcome& outcome) const {
  if (path == "-") {
    outcome.report.outputs.push_back({path, bytes.size(), sha256(bytes)});
    outcome.toStdout = std::move(bytes);
    return {};
  }
  Status status = saveAtomically(path, bytes, common_.force ? Overwrite::replace : Overwrite::refuse);
  if (status) outcome.report.outputs.push_back({path, bytes.size(), sha256(bytes)});
  return status;
}

}  // namespace headlight
