#pragma once
#include <cstdlib>
#include <memory>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "core/attention/normalize/normalize.h"
#include "plans.h"

namespace headlight::test {

/// Of every kind, a sink of 0.5 in each of eight heads.
inline std::vector<Kinded> everyKind() {
  std::vector<Kinded> all;
  for (const NormalizerKind& kind : normalizerKinds()) {
    Kinded& entry = all.emplace_back(Kinded{std::string(kind.spec.kind), {}});
    if (entry.kind == "sink") entry.set("logits", List(8, Value(0.5)));
  }
  return all;
}

inline std::unique_ptr<Normalizer> made(const Kinded& entry, std::int64_t keys = 4) {
  auto normalizer = makeNormalizer(entry, {.keys = keys, .heads = 8, .mistake = {}}, "normalizer");
  if (!normalizer) {
    ADD_FAILURE() << normalizer.error().text();
    std::abort();
  }
  return std::move(*normalizer);
}

struct Weighed {
  RowNumbers row;
  std::vector<float> weights;
};

inline Weighed weigh(const Normalizer& normalizer, const std::vector<float>& scores, float temperature = 1) {
  const RowSetting setting{temperature, 0};
  const auto count = static_cast<std::int64_t>(scores.size());
  Weighed result{normalizer.measure(scores.data(), count, setting), std::vector<float>(scores.size())};
  normalizer.weigh(scores.data(), count, setting, result.row, result.weights.data());
  return result;
}

inline std::vector<double> reference(const Normalizer& normalizer, const std::vector<float>& scores,
                                     float temperature = 1) {
  std::vector<double> z;
  for (const float s : scores) z.push_back(static_cast<double>(s) / static_cast<double>(temperature));
  return normalizer.reference(z, 0);
}

inline double sum(const auto& weights) {
  return std::accumulate(weights.begin(), weights.end(), 0.0,
                         [](double a, auto b) { return a + static_cast<double>(b); });
}

inline std::vector<float> randomScores(Numbers& numbers, std::int64_t count, float deviation) {
  std::vector<float> scores;
  for (std::int64_t j = 0; j < count; ++j) scores.push_back(numbers.normal(deviation));
  return scores;
}

}  // namespace headlight::test
