#include "core/attention/reference.h"

#include <algorithm>
#include <exception>

#include "core/attention/gradient.h"
#include "core/attention/project.h"
#include "core/attention/reference_parts.h"

namespace headlight {
namespace {

constexpr double kMostCells = 67108864;

}  // namespace

Tensor doubles(std::vector<std::int64_t> shape) {
  Tensor t;
  t.shape = std::move(shape);
  t.doubles.assign(static_cast<std::size_t>(t.size()), 0.0);
  return t;
}

double& at(Tensor& t, std::int64_t head, std::int64_t i, std::int64_t j) {
  const std::size_t rank = t.shape.size();
  return t.doubles[static_cast<std::size_t>((head * t.shape[rank - 2] + i) * t.shape[rank - 1] + j)];
}

bool ReferenceWork::ablated(int head) const {
  return std::count(plan.ablatedHeads.begin(), plan.ablatedHeads.end(), head) > 0;
}

bool ReferenceWork::mixes(int head, std::int64_t query, std::int64_t key) const {
  return givesWeights() || counts(head, query, key) ||
         (mask.runs(head, query).empty() && plan.emptyRow != EmptyRow::zeros);
}

double ReferenceWork::merging(int head, std::int64_t e, std::int64_t c) const {
  const Matrix& weight = inputs().wO->weight;
  if (plan.mistake.meanMerge) return static_cast<double>(weight(e, c)) / sizes().heads;
  return static_cast<double>(weight(head * sizes().dV + e, c));
}

Result<ReferenceRun> referenceAttend(const AttentionPlan& plan, const ReferenceOptions& options) try {
  if (Status status = checkInputs(plan.inputs); !status) return status.error();
  if (options.gradients) {
    if (Status status = checkUpstream(plan); !status) return status.error();
  }
  const Sizes& s = plan.inputs.sizes;
  if (static_cast<double>(s.heads) * static_cast<double>(s.queries) * static_cast<double>(s.keys) >
      kMostCells) {
    return Error{ErrorCode::failed,
                 "the reference stores its maps, and " + std::to_string(s.heads) + " heads of " +
                     std::to_string(s.queries) + " × " + std::to_string(s.keys) +
                     " cells are more than the 67108864 cells it accepts",
                 "", "Shorten the sequence, or use fewer heads"};
  }
  // The mistakes are made here: the normalizer is the one that is meant.
  const auto normalizer = makeNormalizer(plan.normalizer, {s.keys, s.heads, {}}, "normalizer");
  if (!normalizer) return normalizer.error();
  if (!(plan.temperature > 0)) {
    return Error{ErrorCode::invalid, "found a temperature that is not above 0", "normalizer.temperature", ""};
  }
  if (plan.softcap && !(*plan.softcap > 0)) {
    return Error{ErrorCode::invalid, "found a softcap that is not above 0", "score.softcap", ""};
  }
  const auto biases = BiasPlan::compile(plan.biases, plan.masks, maskContext(plan));
  if (!biases) return biases.error();
  const auto mask = MaskPlan::compile(plan.masks, maskContext(plan));
  if (!mask) return mask.error();
  ReferenceRun out;
  out.sizes = s;
  const ReferenceWork work{plan, **mask, **biases, **normalizer, out};
  referenceProject(work);
  if (!work.givesWeights()) referenceScores(work);
  referenceWeights(work);
  if (s.dV > 0) referenceOutputs(work);
  if (s.dV > 0 && options.gradients) referenceGradients(work);
  return out;
} catch (const std::exception&) {
  return Error{ErrorCode::failed, "not enough memory for the reference's maps", "",
               "Shorten the sequence, or use fewer heads"};
}

}  // namespace headlight
