#include "core/experiment/inputs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "core/base/hash.h"
#include "core/experiment/cell_edits.h"
#include "core/experiment/file_tensors.h"
#include "core/experiment/fit.h"
#include "core/experiment/kitchen.h"
#include "core/experiment/memory_limit.h"
#include "core/experiment/non_finite.h"
#include "core/experiment/position/position.h"
#include "core/experiment/sequence.h"
#include "core/experiment/source/source.h"
#include "core/experiment/tensor_record.h"

namespace headlight {
namespace {

/// X with its position added.
Recipe<Matrix> positioned(Recipe<Matrix> recipe, const Kinded& position) {
  const PositionKind* kind = positionKind(position.kind);
  if (!recipe || !kind->add) return recipe;
  KeyHash hash;
  hash.add(recipe.key).add(position.kind);
  for (const auto& [name, value] : position.keys) hash.add(name).add(value.json());
  return {hash.key(), [inner = std::move(recipe), kind, position]() -> Result<Matrix> {
            Result<Matrix> x = inner.make();
            if (x) kind->add(position, *x);
            return x;
          }};
}

double scaleOf(const Value& scale, std::int64_t dK) {
  if (scale.isNumber()) return scale.number();
  return scale.string() == "none" || dK == 0 ? 1.0 : 1.0 / std::sqrt(static_cast<double>(dK));
}

std::array<std::uint64_t, 12> dataKeys(const Inputs& in) {
  return {in.x.key,  in.memory.key, in.memoryValue.key, in.wQ.key, in.wK.key,     in.wV.key,
          in.wO.key, in.q.key,      in.k.key,           in.v.key,  in.extraK.key, in.extraV.key};
}

/// W_K made the matrix of W_Q, with its own bias.
Recipe<Linear> tied(Recipe<Linear> keys, const Recipe<Linear>& queries) {
  KeyHash hash;
  hash.add("w_k=w_q").add(keys.key).add(queries.key);
  return {hash.key(), [keys = std::move(keys), queries]() -> Result<Linear> {
            Result<Linear> own = keys.make();
            if (!own) return own;
            Result<Linear> other = queries.make();
            if (!other) return other;
            const Matrix& from = other->weight;
            if (from.rows() != own->weight.rows() || from.cols() != own->weight.cols()) {
              const auto shape = [](const Matrix& m) {
                return "[" + std::to_string(m.rows()) + ", " + std::to_string(m.cols()) + "]";
              };
              return Error{ErrorCode::invalid,
                           "found \"w_k=w_q\", but W_Q is " + shape(from) + " and W_K " + shape(own->weight) +
                               "; accepted is null",
                           "mistake.tie", ""};
            }
            own->weight = std::move(other->weight);
            return own;
          }};
}

/// A generated number costs about as much as so many additions.
constexpr double kNumberWork = 60;

/// About what it costs to generate all the weights.
double weightsWork(const Sizes& sizes) {
  const double widths = static_cast<double>(sizes.heads) * static_cast<double>(sizes.dK + sizes.dV);
  return 2 * static_cast<double>(sizes.dModel) * widths * kNumberWork;
}

Status makeAll(const SourceOutput& source, const Experiment& experiment, const Inputs* previous,
               Inputs& inputs, ThreadPool* pool) {
  Kitchen kitchen(previous, inputs);
  const std::vector<CellEdit>& edits = experiment.edits;
  kitchen.order(&Inputs::x, withEdits(positioned(source.x, experiment.position), edits, "input"));
  kitchen.order(&Inputs::memory, withEdits(positioned(source.memory, experiment.position), edits, "memory"));
  kitchen.order(&Inputs::memoryValue, positioned(source.memoryValue, experiment.position));
  const Recipe<Linear> wQ = withEdits(source.wQ, edits, "w_q", "b_q");
  const Recipe<Linear> wK = withEdits(source.wK, edits, "w_k", "b_k");
  kitchen.order(&Inputs::wQ, wQ);
  kitchen.order(&Inputs::wK, experiment.tiesKeys && wQ && wK ? tied(wK, wQ) : wK);
  kitchen.order(&Inputs::wV, withEdits(source.wV, edits, "w_v", "b_v"));
  kitchen.order(&Inputs::wO, withEdits(source.wO, edits, "w_o", "b_o"));
  kitchen.order(&Inputs::q, source.q);
  kitchen.order(&Inputs::k, source.k);
  kitchen.order(&Inputs::v, source.v);
  kitchen.order(&Inputs::extraK, source.extraK);
  kitchen.order(&Inputs::extraV, source.extraV);
  kitchen.order(&Inputs::maps, source.maps);
  return kitchen.makeAll(weightsWork(inputs.sizes) < kSmallWork ? nullptr : pool);
}

Status checkPosition(const Experiment& experiment) {
  if (sourceKind(experiment.source.kind)->projects || !positionKind(experiment.position.kind)->add) return {};
  return Error{ErrorCode::invalid,
               "found \"" + experiment.position.kind + "\", which is added to X, and a source of kind " +
                   experiment.source.kind + " has no X; accepted is \"none\"",
               "position.kind", ""};
}

/// Positions that turn q and k need a source that has them.
Status checkRotation(const Experiment& experiment, const SourceOutput& source) {
  if (!positionKind(experiment.position.kind)->rotary || source.q || source.wQ) return {};
  return Error{ErrorCode::invalid,
               "found \"" + experiment.position.kind + "\", which turns q and k, and a source of kind " +
                   experiment.source.kind + " has neither; accepted is \"none\"",
               "position.kind", ""};
}

/// The tokens of the document, and the images they are cut from.
Result<SourceRequest> makeRequest(const Experiment& experiment, const std::string& folder,
                                  const Prepared* previous) {
  Report report;
  if (!checkBatch(experiment, knownSourceBatches(experiment), report)) return report.errors.front();
  SourceRequest request{experiment, folder, std::nullopt, std::nullopt, previous};
  request.batch = experiment.view.batch;
  const auto read = [&](const TokenSpec& spec, const std::string& path,
                        std::optional<std::vector<Token>>& tokens,
                        std::optional<ImagePatches>& image) -> Status {
    auto made = makeTokens(spec, folder, path, request.batch);
    if (!made) return made.error();
    tokens = std::move(*made);
    const bool isBatch = spec.kind == TokenSpec::Kind::batch;
    auto patches =
        imageOf(elementOf(spec, request.batch), folder,
                isBatch ? itemPath(path + ".batch", static_cast<std::size_t>(request.batch)) : path);
    if (!patches) return patches.error();
    image = std::move(*patches);
    return {};
  };
  if (const Status made = read(experiment.tokens, "tokens", request.tokens, request.image); !made)
    return made.error();
  const SourceKind* kind = sourceKind(experiment.source.kind);
  if (!request.tokens && !(kind->decidesTokens && kind->decidesTokens(experiment.source))) {
    return Error{ErrorCode::invalid,
                 "found no tokens, accepted is one of text, list, count, file, grid and batch", "tokens", ""};
  }
  if (experiment.memory) {
    const Status made = read(*experiment.memory, "memory", request.memory, request.memoryImage);
    if (!made) return made.error();
  }
  return request;
}

void copyRules(const Experiment& experiment, AttentionPlan& plan) {
  plan.scale = scaleOf(experiment.scale, plan.inputs.sizes.dK);
  plan.softcap = experiment.softcap;
  plan.biases = experiment.biases;
  plan.masks = experiment.mask;
  plan.normalizer = experiment.normalizer;
  plan.temperature = experiment.temperature;
  plan.emptyRow = experiment.emptyRow;
  plan.ablatedHeads = experiment.ablatedHeads;
  plan.mistake = experiment.mistake;
  plan.batch = experiment.view.batch;
}

/// The keys' tokens and behind them those that no token has.
std::vector<Token> keyTokensOf(const SourceRequest& request, const SourceOutput& source,
                               const std::vector<Token>& queries) {
  const std::int64_t count = source.sizes.tokenKeys();
  if (request.memory) return *request.memory;
  return source.cross ? indexTokens(count) : queries;
}

}  // namespace

Result<Prepared> prepare(const Experiment& experiment, const std::string& folder, const Prepared* previous,
                         ThreadPool* pool) {
  const SourceKind* kind = sourceKind(experiment.source.kind);
  if (const Status position = checkPosition(experiment); !position) return position.error();
  auto named = recordsOfNamed(experiment, folder, previous);
  if (!named) return named.error();
  const Result<SourceRequest> request = makeRequest(experiment, folder, previous);
  if (!request) return request.error();

  Result<SourceOutput> source = kind->read(*request);
  if (!source) return source.error();
  Report report;
  const auto batches = checkBatch(experiment, source->batches, report);
  if (!batches || !checkLayer(experiment, source->layers, report)) return report.errors.front();
  if (const Status turns = checkRotation(experiment, *source); !turns) return turns.error();
  // The source gave recipes: nothing large is made before it is known to fit.
  if (const Status fits = checkMemory(source->sizes, kind->projects, source->cross); !fits)
    return fits.error();

  Prepared prepared;
  const Sizes& sizes = source->sizes;
  prepared.batches = *batches;
  prepared.layers = source->layers;
  prepared.layer = source->layer;
  prepared.queryTokens = request->tokens ? *request->tokens : indexTokens(sizes.queries);
  prepared.keyTokens = keyTokensOf(*request, *source, prepared.queryTokens);
  AttentionPlan& plan = prepared.plan;
  plan.batches = *batches;
  Inputs& inputs = plan.inputs;
  inputs.sizes = sizes;
  inputs.paddedKeys = paddedTokens(prepared.keyTokens);
  for (const std::string& label : source->extraKeyLabels) prepared.keyTokens.push_back({label, label});
  const bool cross = request->memory.has_value() || source->cross;
  checkFit(experiment, {sizes, cross, inputs.paddedKeys, *batches}, report);
  if (!report.errors.empty()) return report.errors.front();
  const Inputs* before = previous ? &previous->plan.inputs : nullptr;
  try {
    if (const Status made = makeAll(*source, experiment, before, inputs, pool); !made) return made.error();
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::failed, "there is not enough memory for the matrices", "shape", ""};
  }
  inputs.edits = headEdits(experiment.edits);
  const PositionKind* position = positionKind(experiment.position.kind);
  if (position->rotary) inputs.rotary = position->rotary(experiment.position);
  copyRules(experiment, plan);
  if (!named->empty()) {
    const bool shared = previous && previous->plan.tensors && previous->folder == folder;
    plan.tensors = shared ? previous->plan.tensors : fileTensors(folder);
  }

  prepared.folder = folder;
  prepared.headNames = std::move(source->headNames);
  prepared.headNames.resize(static_cast<std::size_t>(sizes.heads));
  prepared.origin = std::move(source->origin);
  prepared.files = std::move(source->files);
  prepared.files.insert(prepared.files.end(), named->begin(), named->end());
  prepared.dataWarnings = previous && dataKeys(inputs) == dataKeys(*before) ? previous->dataWarnings
                                                                            : nonFiniteWarnings(inputs, pool);
  prepared.tensorsKey = namedTensorsKey(plan);
  prepared.tensorWarnings = previous && previous->tensorsKey == prepared.tensorsKey
                                ? previous->tensorWarnings
                                : nonFiniteTensorWarnings(plan);
  prepared.warnings = std::move(source->warnings);
  for (const auto& more :
       {changedFiles(experiment, prepared.files), prepared.dataWarnings, prepared.tensorWarnings}) {
    prepared.warnings.insert(prepared.warnings.end(), more.begin(), more.end());
  }
  return prepared;
}

}  // namespace headlight
