#include "core/experiment/inputs.h"

#include <cmath>
#include <functional>

#include "core/base/hash.h"
#include "core/experiment/cell_edits.h"
#include "core/experiment/fit.h"
#include "core/experiment/memory_limit.h"
#include "core/experiment/position/position.h"
#include "core/experiment/sequence.h"
#include "core/experiment/source/source.h"
#include "core/experiment/tensor_record.h"

namespace headlight {
namespace {

/// The value of a recipe: the one that is there under the same key, or made.
template <class T>
Result<Caused<T>> cook(const Recipe<T>& recipe, const Caused<T>* previous) {
  if (!recipe) return Caused<T>{};
  if (previous && *previous && previous->key == recipe.key) return *previous;
  Result<T> made = recipe.make();
  if (!made) return made.error();
  return Caused<T>{recipe.key, std::make_shared<const T>(std::move(*made))};
}

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
  return scale.string() == "none" ? 1.0 : 1.0 / std::sqrt(static_cast<double>(dK));
}

struct NonFinite {
  std::int64_t count = 0;
  std::int64_t head = 0;
  std::int64_t row = 0;
  std::int64_t column = 0;

  void look(const Matrix& matrix, std::int64_t ofHead) {
    for (std::int64_t i = 0; i < matrix.rows(); ++i) {
      for (std::int64_t j = 0; j < matrix.cols(); ++j) {
        if (std::isfinite(matrix(i, j))) continue;
        if (count == 0) {
          head = ofHead;
          row = i;
          column = j;
        }
        ++count;
      }
    }
  }
};

void warn(const NonFinite& found, std::string_view name, bool perHead, std::vector<std::string>& warnings) {
  if (found.count == 0) return;
  const std::string place = "[" + (perHead ? std::to_string(found.head) + ", " : "") +
                            std::to_string(found.row) + ", " + std::to_string(found.column) + "]";
  warnings.push_back(std::string(name) + " holds " + std::to_string(found.count) +
                     (found.count == 1 ? " value that is NaN or infinite, at "
                                       : " values that are NaN or infinite, the first at ") +
                     place);
}

std::vector<std::string> nonFiniteWarnings(const Inputs& inputs) {
  std::vector<std::string> warnings;
  const auto matrix = [&](std::string_view name, const Matrix* m) {
    NonFinite found;
    if (m) found.look(*m, 0);
    warn(found, name, false, warnings);
  };
  const auto heads = [&](std::string_view name, const Caused<Heads>& all) {
    NonFinite found;
    for (std::size_t h = 0; all && h < all->size(); ++h) found.look((*all)[h], static_cast<std::int64_t>(h));
    warn(found, name, true, warnings);
  };
  matrix("input", inputs.x.value.get());
  matrix("memory", inputs.memory.value.get());
  for (const auto& [name, linear] : {std::pair{"w_q", &inputs.wQ}, std::pair{"w_k", &inputs.wK},
                                     std::pair{"w_v", &inputs.wV}, std::pair{"w_o", &inputs.wO}}) {
    matrix(name, *linear ? &(*linear)->weight : nullptr);
  }
  heads("q", inputs.q);
  heads("k", inputs.k);
  heads("v", inputs.v);
  return warnings;
}

bool sameData(const Inputs& a, const Inputs& b) {
  return a.x.key == b.x.key && a.memory.key == b.memory.key && a.wQ.key == b.wQ.key && a.wK.key == b.wK.key &&
         a.wV.key == b.wV.key && a.wO.key == b.wO.key && a.q.key == b.q.key && a.k.key == b.k.key &&
         a.v.key == b.v.key;
}

/// Makes what the recipes describe, or shares it, each by one thread. Of several that fail the first is told.
class Kitchen {
 public:
  Kitchen(const Inputs* previous, Inputs& inputs) : previous_(previous), inputs_(inputs) {}

  template <class T>
  void order(Caused<T> Inputs::*member, Recipe<T> recipe) {
    orders_.push_back([this, member, recipe = std::move(recipe)]() -> Status {
      Result<Caused<T>> made = cook(recipe, previous_ ? &(previous_->*member) : nullptr);
      if (!made) return made.error();
      inputs_.*member = std::move(*made);
      return {};
    });
  }
  Status makeAll(ThreadPool* pool) const {
    if (pool == nullptr) {
      for (const auto& make : orders_) {
        if (Status made = make(); !made) return made;
      }
      return {};
    }
    std::vector<Status> made(orders_.size());
    pool->run(static_cast<std::int64_t>(orders_.size()), [&](std::int64_t index) {
      made[static_cast<std::size_t>(index)] = orders_[static_cast<std::size_t>(index)]();
    });
    for (Status& status : made) {
      if (!status) return status;
    }
    return {};
  }

 private:
  const Inputs* previous_;
  Inputs& inputs_;
  std::vector<std::function<Status()>> orders_;
};

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
  kitchen.order(&Inputs::wQ, withEdits(source.wQ, edits, "w_q", "b_q"));
  kitchen.order(&Inputs::wK, withEdits(source.wK, edits, "w_k", "b_k"));
  kitchen.order(&Inputs::wV, withEdits(source.wV, edits, "w_v", "b_v"));
  kitchen.order(&Inputs::wO, withEdits(source.wO, edits, "w_o", "b_o"));
  kitchen.order(&Inputs::q, source.q);
  kitchen.order(&Inputs::k, source.k);
  kitchen.order(&Inputs::v, source.v);
  return kitchen.makeAll(weightsWork(inputs.sizes) < kSmallWork ? nullptr : pool);
}

Status checkPosition(const Experiment& experiment) {
  if (sourceKind(experiment.source.kind)->projects || !positionKind(experiment.position.kind)->add) return {};
  return Error{ErrorCode::invalid,
               "found \"" + experiment.position.kind + "\", which is added to X, and a source of kind " +
                   experiment.source.kind + " has no X; accepted is \"none\"",
               "position.kind", ""};
}

}  // namespace

Result<Prepared> prepare(const Experiment& experiment, const std::string& folder, const Prepared* previous,
                         ThreadPool* pool) {
  const SourceKind* kind = sourceKind(experiment.source.kind);
  auto tokens = makeTokens(experiment.tokens, folder, "tokens");
  if (!tokens) return tokens.error();
  SourceRequest request{experiment, folder, std::move(*tokens), std::nullopt, previous};
  if (!request.tokens && !(kind->decidesTokens && kind->decidesTokens(experiment.source))) {
    return Error{ErrorCode::invalid, "found no tokens, accepted is one of text, list, count and file",
                 "tokens", ""};
  }
  if (experiment.memory) {
    auto memory = makeTokens(*experiment.memory, folder, "memory");
    if (!memory) return memory.error();
    request.memory = std::move(*memory);
  }
  if (const Status position = checkPosition(experiment); !position) return position.error();

  Result<SourceOutput> source = kind->read(request);
  if (!source) return source.error();
  // The source gave recipes: nothing large is made before it is known to fit.
  if (const Status fits = checkMemory(source->sizes, kind->projects, source->cross); !fits)
    return fits.error();

  Prepared prepared;
  const Sizes& sizes = source->sizes;
  const bool ownKeys = request.memory.has_value() || source->cross;
  prepared.queryTokens = request.tokens ? std::move(*request.tokens) : indexTokens(sizes.queries);
  if (request.memory) {
    prepared.keyTokens = std::move(*request.memory);
  } else {
    prepared.keyTokens = ownKeys ? indexTokens(sizes.keys) : prepared.queryTokens;
  }
  Inputs& inputs = prepared.plan.inputs;
  inputs.sizes = sizes;
  inputs.paddedKeys = paddedTokens(prepared.keyTokens);
  Report report;
  checkFit(experiment, sizes, ownKeys, inputs.paddedKeys, report);
  if (!report.errors.empty()) return report.errors.front();
  const Inputs* before = previous ? &previous->plan.inputs : nullptr;
  try {
    if (const Status made = makeAll(*source, experiment, before, inputs, pool); !made) return made.error();
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::failed, "there is not enough memory for the matrices", "shape", ""};
  }
  inputs.edits = headEdits(experiment.edits);

  prepared.plan.scale = scaleOf(experiment.scale, sizes.dK);
  prepared.plan.masks = experiment.mask;
  prepared.plan.normalizer = experiment.normalizer;
  prepared.plan.temperature = experiment.temperature;
  prepared.plan.emptyRow = experiment.emptyRow;
  prepared.plan.ablatedHeads = experiment.ablatedHeads;
  prepared.headNames = std::move(source->headNames);
  prepared.headNames.resize(static_cast<std::size_t>(sizes.heads));
  prepared.origin = std::move(source->origin);
  prepared.files = std::move(source->files);
  prepared.dataWarnings =
      previous && sameData(inputs, *before) ? previous->dataWarnings : nonFiniteWarnings(inputs);
  prepared.warnings = std::move(source->warnings);
  for (const auto& more : {changedFiles(experiment.source, prepared.files), prepared.dataWarnings}) {
    prepared.warnings.insert(prepared.warnings.end(), more.begin(), more.end());
  }
  return prepared;
}

}  // namespace headlight
