#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/attention/explain_row.h"

namespace headlight {
namespace {

constexpr std::size_t kListedKeys = 64;

/// The row's largest keys by weight, the explained one always among them.
void addKeys(const MapRow& row, Explanation& out) {
  const Run& run = row.run();
  const std::vector<float> weights = row.row(Stage::weights);
  const bool given = givesWeights(run);
  const std::vector<float> scores = given ? std::vector<float>(weights.size(), 0.0f) : row.row(Stage::masked);
  std::vector<std::size_t> order;
  for (std::size_t j = 0; j < weights.size(); ++j) {
    if (out.rowEmpty || row.takesPart(static_cast<std::int64_t>(j))) order.push_back(j);
  }
  const auto heavier = [&](std::size_t a, std::size_t b) {
    const bool nanA = std::isnan(weights[a]);
    const bool nanB = std::isnan(weights[b]);
    if (nanA != nanB) return nanB;
    if (!nanA && weights[a] != weights[b]) return weights[a] > weights[b];
    return a < b;
  };
  const std::size_t listed = std::min(kListedKeys, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(listed), order.end(), heavier);
  const auto own = static_cast<std::size_t>(out.col);
  const auto last = order.begin() + static_cast<std::ptrdiff_t>(listed);
  if (std::find(order.begin(), last, own) == last) {
    const auto elsewhere = std::find(last, order.end(), own);
    if (elsewhere != order.end()) {
      std::iter_swap(elsewhere, last - 1);
    } else if (listed < kListedKeys) {
      order.insert(last, own);
    } else {
      order.insert(last - 1, own);
    }
  }
  double others = 0;
  for (std::size_t n = 0; n < order.size(); ++n) {
    const std::size_t j = order[n];
    if (n >= kListedKeys) {
      others += static_cast<double>(weights[j]);
      continue;
    }
    out.keys.push_back(listedKey(row, static_cast<std::int64_t>(j), scores[j], weights[j]));
  }
  out.otherWeight = static_cast<float>(others);
}

std::optional<ExplainMask> droppedBy(const Run& run, int head, std::int64_t row, std::int64_t col) {
  if (givesWeights(run)) return {};
  ExplainMask mask;
  mask.entry = run.mask->droppedBy(head, row, col, &mask.reason);
  if (mask.entry < 0) return {};
  mask.kind = run.mask->words(mask.entry).kind;
  mask.rule = run.mask->words(mask.entry).rule;
  return mask;
}

std::string headline(const Run& run, const Explanation& out) {
  const Mistake& mistake = run.rules.mistake;
  std::string reason;
  const bool dropped = !givesWeights(run) && run.mask->droppedBy(out.head, out.row, out.col, &reason) >= 0;
  switch (out.stage) {
    case Stage::dot:
      return "how alike query and key are";
    case Stage::scaled:
    case Stage::biased:
      return "the score before the mask";
    case Stage::masked:
      return dropped ? "masked: " + reason : "the score that enters the normalizer";
    case Stage::gradScores:
      return dropped ? "masked: " + reason : "how the loss changes with this score";
    default:
      break;
  }
  if (out.rowEmpty) return "this query keeps no key";
  if (dropped && mistake.maskAs != Mistake::MaskAs::zeroScore) return "masked: " + reason;
  if (out.stage == Stage::valueWeighted) return "how long this key's part of the output is";
  std::string text = numberText(out.value);
  text +=
      mistake.overQueries && !givesWeights(run) ? " of what all queries give to this key" : " of its weight";
  return dropped ? text + ", though masked: " + reason : text;
}

}  // namespace

ExplainKey listedKey(const MapRow& row, std::int64_t key, float score, float weight) {
  const bool given = givesWeights(row.run());
  ExplainKey listed{.key = key, .kept = false, .score = score, .exponential = 0, .weight = weight};
  listed.kept = given || row.run().mask->keeps(row.head(), row.query(), key);
  if (!given && row.takesPart(key)) listed.exponential = row.undivided(key, score);
  return listed;
}

void explainMap(const Run& run, Explanation& out) {
  const MapRow row(run, out.head, out.row, out.col);
  out.numbers = row.numbers();
  out.headline = headline(run, out);
  addKeys(row, out);
  out.droppedBy = droppedBy(run, out.head, out.row, out.col);
  if (out.stage == Stage::gradScores) return addScoreGradientSteps(row, out.value, out.steps);
  if (!givesWeights(run)) addScoreSteps(row, out.stage, out.steps);
  if (out.stage < Stage::weights) return;
  addWeightSteps(row, out.rowEmpty, out.steps);
  if (out.stage == Stage::valueWeighted) return addLengthStep(row, out.value, out.steps);
  addValueStep(row, out.steps);
  addFacts(row, out);
}

}  // namespace headlight
