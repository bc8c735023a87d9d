#pragma once
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "core/lesson/measure.h"
#include "tests/lesson/lessons.h"

namespace headlight::test {

/// Quantities of a small causal experiment with two random heads, and its cells to calculate them from.
class QuantityTest : public testing::Test {
 protected:
  explicit QuantityTest(const std::string& words)
      : start_(experimentOf(R"("tokens": {"list": )" + words + R"(}, "source": {"kind": "random", "seed": 3},
      "shape": {"d_model": 8, "heads": 2, "d_v": 2}, "mask": ["causal"])")) {}

  Experiment start_;
  Bench bench_{start_, ".", {}, pool()};

  Result<double> tried(const std::string& name, const Object& keys = {}, const Object& with = {},
                       const Object& against = {}) {
    Measure measure;
    measure.call = {name, keys};
    measure.with = with;
    measure.against = against;
    return bench_.number(measure);
  }
  double number(const std::string& name, const Object& keys = {}, const Object& with = {},
                const Object& against = {}) {
    const auto found = tried(name, keys, with, against);
    EXPECT_TRUE(found) << name << ": " << found.error().text();
    return found ? *found : -99;
  }
  std::vector<std::vector<double>> cells(Stage stage, int head, const Object& with = {}) {
    const auto evaluation = bench_.evaluated(start_, with, false);
    EXPECT_TRUE(evaluation);
    const auto field = Field::make((*evaluation)->run, stage, head);
    std::vector<std::vector<double>> all(static_cast<std::size_t>(field->rows()));
    for (std::int64_t i = 0; i < field->rows(); ++i) {
      for (std::int64_t j = 0; j < field->cols(); ++j)
        all[static_cast<std::size_t>(i)].push_back(field->cell(i, j));
    }
    return all;
  }
  std::string error(const std::string& name, const Object& keys = {}, const Object& with = {}) {
    const auto found = tried(name, keys, with);
    EXPECT_FALSE(found) << name;
    return found ? "" : found.error().text();
  }
};

}  // namespace headlight::test
