#pragma once
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "core/experiment/evaluate.h"
#include "core/experiment/json.h"

namespace headlight::test {

/// The evaluated experiment of these members; null, and the test fails, where there is none.
inline std::shared_ptr<const Evaluation> evaluated(const std::string& members) {
  const Result<Decoded> decoded =
      fromText(R"({"type": "headlight/experiment", "version": 1, )" + members + "}");
  EXPECT_TRUE(decoded) << (decoded ? "" : decoded.error().text());
  if (!decoded) return nullptr;
  ThreadPool pool(1);
  auto result = evaluate(decoded->experiment, ".", nullptr, pool);
  EXPECT_TRUE(result) << (result ? "" : result.error().text());
  return result ? *result : nullptr;
}

}  // namespace headlight::test
