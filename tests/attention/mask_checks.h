#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/attention/mask/mask.h"

namespace headlight::test {

using Keep = std::function<bool(std::int64_t query, std::int64_t key)>;

/// Compiles the entries; fails the test on an error.
inline std::shared_ptr<const MaskPlan> compile(const std::vector<Kinded>& entries,
                                               const MaskContext& context) {
  auto plan = MaskPlan::compile(entries, context);
  if (!plan) {
    ADD_FAILURE() << plan.error().text();
    std::abort();
  }
  return *plan;
}
inline std::shared_ptr<const MaskPlan> compile(const std::vector<Kinded>& entries, std::int64_t queries,
                                               std::int64_t keys, std::vector<bool> padded = {}) {
  return compile(entries, MaskContext{.queries = queries, .keys = keys, .paddedKeys = std::move(padded)});
}

/// The error of an entry that stands second in its list.
inline Error refusal(const Kinded& entry, const MaskContext& context) {
  const std::vector<Kinded> entries{{"causal", {}}, entry};
  const auto plan = MaskPlan::compile(entries, context);
  EXPECT_FALSE(plan.ok()) << entry.kind << " " << Value(entry.keys).json();
  return plan.ok() ? Error{} : plan.error();
}
inline Error refusal(const Kinded& entry, std::int64_t queries = 7, std::int64_t keys = 7) {
  return refusal(entry, MaskContext{.queries = queries, .keys = keys});
}

/// Everything that the plan says of a head against keep(i, j).
inline void expectKeeps(const MaskPlan& plan, const Keep& keep, int head = 0) {
  std::int64_t cells = 0;
  std::int64_t empty = 0;
  for (std::int64_t i = 0; i < plan.queries(); ++i) {
    std::int64_t kept = 0;
    for (std::int64_t j = 0; j < plan.keys(); ++j) {
      ASSERT_EQ(plan.keeps(head, i, j), keep(i, j)) << i << ", " << j;
      std::string reason;
      ASSERT_EQ(plan.droppedBy(head, i, j, &reason) < 0, keep(i, j)) << i << ", " << j;
      ASSERT_EQ(reason.empty(), keep(i, j)) << i << ", " << j;
      kept += keep(i, j) ? 1 : 0;
    }
    EXPECT_EQ(plan.kept(head, i), kept);
    std::int64_t end = -1;
    for (const KeyRun& run : plan.runs(head, i)) {
      EXPECT_LT(end, run.begin);
      EXPECT_LT(run.begin, run.end);
      end = run.end;
    }
    cells += kept;
    empty += kept == 0 ? 1 : 0;
  }
  EXPECT_EQ(plan.keptCells(head), cells);
  EXPECT_EQ(plan.emptyRows(head), empty);
}

inline std::vector<std::int64_t> keptCounts(const MaskPlan& plan, int head = 0) {
  std::vector<std::int64_t> counts;
  for (std::int64_t i = 0; i < plan.queries(); ++i) counts.push_back(plan.kept(head, i));
  return counts;
}

/// Why the entries drop a pair.
inline std::string reasonOf(const std::vector<Kinded>& entries, std::int64_t length, std::int64_t query,
                            std::int64_t key) {
  std::string words;
  compile(entries, length, length)->droppedBy(0, query, key, &words);
  return words;
}

}  // namespace headlight::test
