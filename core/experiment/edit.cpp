#include "core/experiment/edit.h"

#include <algorithm>
#include <cmath>

#include "core/attention/bias/bias.h"
#include "core/attention/mask/mask.h"
#include "core/attention/normalize/normalize.h"
#include "core/experiment/change.h"
#include "core/experiment/decode.h"
#include "core/experiment/fit.h"
#include "core/experiment/schema.h"
#include "core/experiment/sequence.h"
#include "core/experiment/source/source.h"

namespace headlight {
namespace {

/// The divisor of `heads` nearest to `wanted`; of two equally near the smaller.
std::int64_t nearestDivisor(std::int64_t heads, std::int64_t wanted) {
  std::int64_t best = 1;
  for (std::int64_t d = 1; d <= heads; ++d) {
    if (heads % d == 0 && std::abs(d - wanted) < std::abs(best - wanted)) best = d;
  }
  return best;
}

void mendShape(Experiment& experiment) {
  ShapeSpec& shape = experiment.shape;
  if (shape.heads && shape.kvHeads && *shape.heads % *shape.kvHeads != 0) {
    shape.kvHeads = nearestDivisor(*shape.heads, *shape.kvHeads);
  }
  if (shape.heads && shape.dModel && !shape.dK && *shape.dModel % *shape.heads != 0) {
    const double width = static_cast<double>(*shape.dModel) / static_cast<double>(*shape.heads);
    shape.dK = std::max<std::int64_t>(1, std::llround(width));
  }
}

/// Whether an entry lacks a key that it cannot do without.
bool lacksKey(const Kinded& entry, const KindSpec& kind) {
  return std::any_of(kind.keys.begin(), kind.keys.end(), [&entry](const KeySpec& key) {
    return key.fallback.isNull() && !key.nullable && !entry.find(key.name);
  });
}

void mendMasks(Experiment& experiment, const Sizes& sizes) {
  if (sizes.queries == 0 || sizes.keys == 0) return;
  for (Kinded& mask : experiment.mask) {
    const MaskKind* kind = maskKind(mask.kind);
    if (kind->start && lacksKey(mask, kind->spec)) kind->start(mask, sizes.queries, sizes.tokenKeys());
    if (kind->fit) kind->fit(mask, sizes.queries, sizes.tokenKeys());
    tidy(mask, kind->spec);
  }
}

/// A bias on one query stays on a query.
void mendBiases(Experiment& experiment, const Sizes& sizes) {
  for (Kinded& bias : experiment.biases) {
    const Value* query = bias.find("query");
    if (query && query->isInteger() && sizes.queries > 0 && query->integer() >= sizes.queries)
      bias.set("query", sizes.queries - 1);
    tidy(bias, biasKind(bias.kind)->spec);
  }
}

/// Lists over the heads, and what the kind has no default for.
void mendNormalizer(Experiment& experiment, std::int64_t heads) {
  const NormalizerKind* kind = normalizerKind(experiment.normalizer.kind);
  if (kind->start) kind->start(experiment.normalizer, static_cast<int>(heads));
  tidy(experiment.normalizer, kind->spec);
}

/// The chosen element of a batch that has become shorter, or is none any more.
void mendBatch(Experiment& experiment) {
  const int ofMemory = experiment.memory ? batchesOf(*experiment.memory) : 0;
  const int batches = std::max(batchesOf(experiment.tokens), ofMemory);
  if (batches == 0 && readsArrays(experiment.source)) return;
  experiment.view.batch = std::min(experiment.view.batch, std::max(batches, 1) - 1);
}

/// A layer that is looked at gives way to one that the source is given, and to a source without layers.
void mendLayer(Experiment& experiment, std::string_view path) {
  const KindSpec& spec = sourceKind(experiment.source.kind)->spec;
  const bool named = path == "source" || path == "source.kind" || path == "source.layer";
  if (named || spec.key("layer") == nullptr) experiment.view.layer.reset();
}

bool outside(std::int64_t index, std::int64_t length) {
  return length > 0 && index >= length;
}

void mendView(ViewSpec& view, const Sizes& sizes) {
  if (outside(view.head, sizes.heads)) view.head = sizes.heads - 1;
  if (view.pin && (outside((*view.pin)[0], sizes.queries) || outside((*view.pin)[1], sizes.keys)))
    view.pin.reset();
  std::erase_if(view.leaveOut, [&](std::int64_t key) { return outside(key, sizes.keys); });
}

void mendLists(Experiment& experiment, const Sizes& sizes) {
  mendMasks(experiment, sizes);
  mendBiases(experiment, sizes);
  if (sizes.heads > 0) mendNormalizer(experiment, sizes.heads);
  std::erase_if(experiment.ablatedHeads, [&](int head) { return outside(head, sizes.heads); });
  const bool cross = experiment.memory.has_value() || experiment.source.find("memory");
  std::erase_if(experiment.edits, [&](const CellEdit& edit) {
    const auto shape = editedShape(edit.stage, sizes, cross, experiment.source);
    if (!shape || shape->size() != edit.at.size()) return true;
    for (std::size_t axis = 0; axis < shape->size(); ++axis) {
      if (outside(edit.at[axis], (*shape)[axis])) return true;
    }
    return false;
  });
  mendView(experiment.view, sizes);
}

std::string shown(const std::optional<Value>& value) {
  constexpr std::size_t kLongest = 24;
  if (!value) return "none";
  if (value->isNull()) return "auto";
  if (value->isObject() && value->find("kind")) return shown(*value->find("kind"));
  if (value->isList()) {
    std::string text;
    for (const Value& item : value->list()) text += (text.empty() ? "" : ", ") + shown(item);
    return text.empty()             ? "none"
           : text.size() > kLongest ? std::to_string(value->list().size()) + " entries"
                                    : text;
  }
  if (value->isBool()) return value->boolean() ? "on" : "off";
  if (value->isDouble() && std::floor(value->number()) == value->number() &&
      std::fabs(value->number()) < 1e15) {
    return std::to_string(static_cast<std::int64_t>(value->number()));
  }
  const std::string text = value->isString() ? value->string() : value->json();
  return text.size() > kLongest ? "" : text;
}

}  // namespace

Result<Experiment> edit(const Experiment& experiment, std::string_view path, const Value& value) {
  Value tree = encodeTree(experiment, true);
  if (const Status changed = changeTree(tree, path, value); !changed) return changed.error();
  Report report;
  Experiment edited = decodeStructure(tree, report);
  if (!report.errors.empty()) return report.errors.front();
  const SourceKind* kind = sourceKind(edited.source.kind);
  if (!kind->decidesShape) mendShape(edited);
  mendBatch(edited);
  if (path.starts_with("source")) mendLayer(edited, path);
  const auto known = knownTokens(edited, report);
  if (!known) return report.errors.front();
  Report sizesReport;
  const auto sizes = kind->sizes(edited, known->queries(), known->keys(edited), sizesReport);
  if (sizes) {
    mendLists(edited, *sizes);
  } else if (edited.shape.heads) {
    mendNormalizer(edited, *edited.shape.heads);
  }
  checkFit(edited, *known, report);
  if (!report.errors.empty()) return report.errors.front();
  return edited;
}

std::string valueName(const Experiment& experiment, std::string_view path) {
  return shown(get(experiment, path));
}

std::string changeName(const Experiment& before, const Experiment& after, std::string_view path) {
  const ParameterInfo* info = parameter(path);
  std::string label(info ? info->label : path);
  const std::string from = valueName(before, path);
  const std::string to = valueName(after, path);
  if (from.empty() || to.empty()) return label;
  return label + " " + from + " → " + to;
}

}  // namespace headlight
