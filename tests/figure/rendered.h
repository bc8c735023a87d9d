#pragma once
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/thread_pool.h"
#include "core/experiment/evaluate.h"
#include "core/experiment/json.h"
#include "core/figure/figure.h"

namespace headlight::test {

inline ThreadPool& pool() {
  static ThreadPool shared(2);
  return shared;
}

inline std::shared_ptr<const Evaluation> evaluated(const std::string& members,
                                                   const AttendOptions& options = {}) {
  auto decoded = fromText("{\"type\": \"headlight/experiment\", \"version\": 1" +
                          (members.empty() ? "" : ", " + members) + "}");
  EXPECT_TRUE(decoded) << decoded.error().text();
  auto evaluation = evaluate(decoded->experiment, ".", nullptr, pool(), options);
  EXPECT_TRUE(evaluation) << evaluation.error().text();
  return *evaluation;
}

inline FigureResult rendered(const Evaluation& evaluation, const FigureSpec& spec,
                             ThreadPool& threads = pool()) {
  auto result = renderFigure(evaluation, spec, threads);
  EXPECT_TRUE(result) << result.error().text();
  return result ? *result : FigureResult{};
}

/// The layouts that draw any tokens: all but the one of pictures.
inline std::vector<FigureLayoutInfo> tokenLayouts() {
  std::vector<FigureLayoutInfo> all;
  for (const FigureLayoutInfo& layout : figureLayouts()) {
    if (layout.id != "picture") all.push_back(layout);
  }
  return all;
}

inline FigureSpec specOf(const std::string& layout, FigureFormat format) {
  FigureSpec spec;
  spec.layout = layout;
  spec.format = format;
  if (layout == "difference") spec.heads = {0, 1};
  return spec;
}

}  // namespace headlight::test
