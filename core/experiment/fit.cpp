#include "core/experiment/fit.h"

#include <algorithm>

#include "core/attention/bias/bias.h"
#include "core/attention/inputs.h"
#include "core/attention/mask/mask.h"
#include "core/experiment/position/position.h"
#include "core/experiment/schema.h"
#include "core/experiment/sequence.h"
#include "core/experiment/source/source.h"

namespace headlight {
namespace {

std::string upTo(std::int64_t size) {
  return "0 to " + std::to_string(size - 1);
}

void checkEdits(const Experiment& experiment, const Sizes& sizes, bool cross, Report& report) {
  for (std::size_t e = 0; e < experiment.edits.size(); ++e) {
    const CellEdit& edit = experiment.edits[e];
    const std::string path = itemPath("edits", e);
    const auto shape = editedShape(edit.stage, sizes, cross, experiment.source);
    if (!shape) {
      report.error(memberPath(path, "stage"),
                   "found \"" + edit.stage + "\", which a source of kind " + experiment.source.kind +
                       (edit.stage == "memory" ? " without memory" : "") + " does not have");
      continue;
    }
    if (edit.at.size() != shape->size()) {
      report.error(memberPath(path, "at"), "found " + std::to_string(edit.at.size()) + " indices, " +
                                               edit.stage + " has " + std::to_string(shape->size()) +
                                               " axes");
      continue;
    }
    for (std::size_t axis = 0; axis < shape->size(); ++axis) {
      const std::int64_t length = (*shape)[axis];
      if (length > 0 && edit.at[axis] >= length) {
        report.error(itemPath(memberPath(path, "at"), axis),
                     "found " + std::to_string(edit.at[axis]) + ", accepted is " + upTo(length));
      }
    }
  }
}

void checkIndex(std::int64_t index, std::int64_t length, const std::string& path, Report& report) {
  if (length > 0 && index >= length) {
    report.error(path, "found " + std::to_string(index) + ", accepted is " + upTo(length));
  }
}

/// Masks and biases, as far as their files need not be read.
void checkEntries(const Experiment& experiment, const FitContext& fit, Report& report) {
  const MaskContext context{.queries = fit.sizes.queries,
                            .keys = fit.sizes.tokenKeys(),
                            .paddedKeys = fit.paddedKeys,
                            .heads = fit.sizes.heads,
                            .batch = experiment.view.batch,
                            .batches = fit.batches,
                            .extraKeys = fit.sizes.extraKeys};
  for (std::size_t i = 0; i < experiment.biases.size(); ++i) {
    const Kinded& entry = experiment.biases[i];
    const auto bias = biasKind(entry.kind)->make(entry, context, itemPath("score.bias", i));
    if (!bias) report.errors.push_back(bias.error());
  }
  for (std::size_t i = 0; i < experiment.mask.size(); ++i) {
    const Kinded& entry = experiment.mask[i];
    const auto mask = maskKind(entry.kind)->make(entry, context, itemPath("mask", i));
    if (!mask) report.errors.push_back(mask.error());
  }
}

void checkNormalizer(const Experiment& experiment, const Sizes& sizes, Report& report) {
  const NormalizerContext context{.keys = sizes.keys, .heads = sizes.heads, .mistake = experiment.mistake};
  const auto made = makeNormalizer(experiment.normalizer, context, "normalizer");
  if (!made) report.errors.push_back(made.error());
}

void checkRotation(const Experiment& experiment, const Sizes& sizes, Report& report) {
  const PositionKind* kind = positionKind(experiment.position.kind);
  if (!kind->rotary) return;
  const auto width = rotatedWidth(kind->rotary(experiment.position), sizes.dK);
  if (!width) report.errors.push_back(width.error());
}

/// W_K can only be W_Q where both are there and equally wide.
void checkTie(const Experiment& experiment, const Sizes& sizes, Report& report) {
  if (!experiment.tiesKeys) return;
  const std::string found = "found \"w_k=w_q\", ";
  if (!sourceKind(experiment.source.kind)->projects) {
    report.error("mistake.tie", found + "and a source of kind " + experiment.source.kind +
                                    " has neither W_K nor W_Q; accepted is null");
  } else if (sizes.heads != sizes.kvHeads) {
    report.error("mistake.tie", found + "but W_Q has " + std::to_string(sizes.heads) + " heads and W_K has " +
                                    std::to_string(sizes.kvHeads) + "; accepted is null");
  }
}

std::int64_t length(const std::optional<std::vector<Token>>& tokens) {
  return tokens ? static_cast<std::int64_t>(tokens->size()) : 0;
}

}  // namespace

std::int64_t KnownTokens::queries() const {
  return length(tokens);
}

std::int64_t KnownTokens::keys(const Experiment& experiment) const {
  // A memory whose length nobody told leaves the number of keys open.
  return length(experiment.memory ? memory : tokens);
}

std::optional<KnownTokens> knownTokens(const Experiment& experiment, Report& report) {
  KnownTokens known;
  if (!checkBatch(experiment, knownSourceBatches(experiment), report)) return std::nullopt;
  if (!readsArrays(experiment.source) && !checkLayer(experiment, 0, report)) return std::nullopt;
  const auto make = [&](const TokenSpec& spec, const char* path, std::optional<std::vector<Token>>& tokens) {
    if (readsTokens(spec)) return;
    auto made = makeTokens(spec, "", path, experiment.view.batch);
    if (made) {
      tokens = std::move(*made);
    } else {
      report.errors.push_back(made.error());
    }
  };
  make(experiment.tokens, "tokens", known.tokens);
  if (experiment.memory) make(*experiment.memory, "memory", known.memory);
  if (!report.errors.empty()) return std::nullopt;
  return known;
}

std::optional<std::vector<std::int64_t>> editedShape(std::string_view stage, const Sizes& s, bool cross,
                                                     const Kinded& source) {
  using Shape = std::vector<std::int64_t>;
  const std::int64_t all = std::int64_t{s.heads};
  const std::int64_t kv = std::int64_t{s.kvHeads};
  if (stage == "q") return Shape{all, s.queries, s.dK};
  if (stage == "k") return Shape{kv, s.keys, s.dK};
  if (stage == "v" && s.dV > 0) return Shape{kv, s.keys, s.dV};
  const bool projects = sourceKind(source.kind)->projects;
  if (stage == "w_o" && (projects || source.find("w_o"))) return Shape{all * s.dV, s.dModel};
  if (stage == "b_o" && (projects || source.find("w_o"))) return Shape{s.dModel};
  if (!projects) return std::nullopt;
  if (stage == "input") return Shape{s.queries, s.dModel};
  if (stage == "memory" && cross) return Shape{s.keys, s.dModel};
  if (stage == "w_q") return Shape{s.dModel, all * s.dK};
  if (stage == "w_k") return Shape{s.dModel, kv * s.dK};
  if (stage == "w_v") return Shape{s.dModel, kv * s.dV};
  if (stage == "b_q") return Shape{all * s.dK};
  if (stage == "b_k") return Shape{kv * s.dK};
  if (stage == "b_v") return Shape{kv * s.dV};
  return std::nullopt;
}

void checkFit(const Experiment& experiment, const FitContext& context, Report& report) {
  const Sizes& sizes = context.sizes;
  if (sizes.queries > 0 && sizes.keys > 0) checkEntries(experiment, context, report);
  checkNormalizer(experiment, sizes, report);
  if (sizes.dK > 0) checkRotation(experiment, sizes, report);
  checkTie(experiment, sizes, report);
  checkEdits(experiment, sizes, context.cross, report);
  for (std::size_t i = 0; i < experiment.ablatedHeads.size(); ++i) {
    checkIndex(experiment.ablatedHeads[i], sizes.heads, itemPath("ablate.heads", i), report);
  }
  const ViewSpec& view = experiment.view;
  checkIndex(view.head, sizes.heads, "view.head", report);
  if (view.pin) {
    checkIndex((*view.pin)[0], sizes.queries, "view.pin[0]", report);
    checkIndex((*view.pin)[1], sizes.keys, "view.pin[1]", report);
  }
  for (std::size_t i = 0; i < view.leaveOut.size(); ++i) {
    checkIndex(view.leaveOut[i], sizes.keys, itemPath("view.leave_out", i), report);
  }
}

void checkFit(const Experiment& experiment, Report& report) {
  if (const auto known = knownTokens(experiment, report)) checkFit(experiment, *known, report);
}

void checkFit(const Experiment& experiment, const KnownTokens& known, Report& report) {
  const SourceKind* kind = sourceKind(experiment.source.kind);
  const auto sizes = kind->sizes(experiment, known.queries(), known.keys(experiment), report);
  if (!report.errors.empty()) return;
  if (!sizes) {
    checkNormalizer(experiment, {}, report);
    checkTie(experiment, {}, report);
    return;
  }
  const auto& keyTokens = experiment.memory ? known.memory : known.tokens;
  const int memoryBatches = experiment.memory ? batchesOf(*experiment.memory) : 0;
  FitContext context;
  context.sizes = *sizes;
  context.cross = experiment.memory.has_value() || experiment.source.find("memory") != nullptr;
  if (keyTokens) context.paddedKeys = paddedTokens(*keyTokens);
  context.batches = std::max(batchesOf(experiment.tokens), memoryBatches);
  checkFit(experiment, context, report);
}

std::optional<int> knownSourceBatches(const Experiment& experiment) {
  return readsArrays(experiment.source) ? std::nullopt : std::optional(0);
}

bool checkLayer(const Experiment& experiment, int layers, Report& report) {
  const int chosen = experiment.view.layer.value_or(0);
  if (chosen < std::max(1, layers)) return true;
  report.error("view.layer", "found " + std::to_string(chosen) + ", accepted is " +
                                 (layers == 0 ? "0, the source has no layers" : upTo(layers)));
  return false;
}

std::optional<int> checkBatch(const Experiment& experiment, std::optional<int> ofSource, Report& report) {
  int batches = batchesOf(experiment.tokens);
  const auto agree = [&](int more, const std::string& path, const std::string& found) {
    if (more > 0 && batches > 0 && more != batches) {
      report.error(path, found + ", tokens.batch has " + std::to_string(batches));
      return false;
    }
    batches = std::max(batches, more);
    return true;
  };
  const int ofMemory = experiment.memory ? batchesOf(*experiment.memory) : 0;
  if (!agree(ofMemory, "memory.batch", "found " + std::to_string(ofMemory) + " sequences")) return {};
  const int read = ofSource.value_or(0);
  if (!agree(read, "source", "found matrices with a batch of " + std::to_string(read))) return {};
  const int chosen = experiment.view.batch;
  const bool open = batches == 0 && !ofSource;
  if (open || chosen < std::max(1, batches)) return batches;
  report.error("view.batch", "found " + std::to_string(chosen) + ", accepted is " +
                                 (batches == 0 ? "0, there is no batch" : upTo(batches)));
  return {};
}

}  // namespace headlight
