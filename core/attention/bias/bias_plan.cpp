#include <algorithm>

#include "core/attention/bias/bias.h"
#include "core/base/words.h"

namespace headlight {
namespace {

Result<std::unique_ptr<Bias>> makeBias(const Kinded& entry, const MaskContext& context,
                                       const std::string& path) {
  const BiasKind* kind = biasKind(entry.kind);
  if (kind == nullptr) {
    std::vector<std::string> names;
    for (const BiasKind& row : biasKinds()) names.emplace_back(row.spec.kind);
    return Error{ErrorCode::invalid, "found " + quoted(entry.kind) + ", accepted is " + orList(names),
                 path + ".kind", didYouMean(entry.kind, names)};
  }
  for (const KeySpec& key : kind->spec.keys) {
    const Value* value = entry.find(key.name);
    if (value == nullptr) continue;
    if (const Status status = checkKey(*value, key, path + "." + std::string(key.name)); !status) {
      return status.error();
    }
  }
  return kind->make(entry, context, path);
}

}  // namespace

Result<std::shared_ptr<const BiasPlan>> BiasPlan::compile(std::span<const Kinded> biases,
                                                          std::span<const Kinded> masks,
                                                          const MaskContext& context) {
  auto plan = std::make_shared<BiasPlan>();
  plan->keys_ = context.keys;
  for (std::size_t n = 0; n < biases.size(); ++n) {
    auto bias = makeBias(biases[n], context, "score.bias[" + std::to_string(n) + "]");
    if (!bias) return bias.error();
    plan->entries_.push_back({biases[n].kind, std::move(*bias)});
  }
  for (std::size_t n = 0; n < masks.size(); ++n) {
    const MaskKind* kind = maskKind(masks[n].kind);
    if (kind == nullptr || kind->makeBias == nullptr) continue;
    auto bias = kind->makeBias(masks[n], context, "mask[" + std::to_string(n) + "]");
    if (!bias) return bias.error();
    if (*bias) plan->entries_.push_back({masks[n].kind + " mask", std::move(*bias)});
  }
  return std::shared_ptr<const BiasPlan>(std::move(plan));
}

void BiasPlan::add(int head, std::int64_t query, std::int64_t begin, std::int64_t end, float* scores) const {
  const std::int64_t last = std::min(end, keys_);
  if (begin >= last) return;
  for (const Entry& entry : entries_) entry.bias->add(head, query, begin, last, scores);
}

double BiasPlan::at(int head, std::int64_t query, std::int64_t key) const {
  double sum = 0;
  if (key >= keys_) return sum;
  for (const Entry& entry : entries_) sum += entry.bias->at(head, query, key);
  return sum;
}

std::vector<BiasPlan::Term> BiasPlan::terms(int head, std::int64_t query, std::int64_t key) const {
  std::vector<Term> terms;
  if (key >= keys_) return terms;
  for (const Entry& entry : entries_) {
    terms.push_back({entry.label, entry.bias->reason(head, query, key), entry.bias->at(head, query, key)});
  }
  return terms;
}

}  // namespace headlight
