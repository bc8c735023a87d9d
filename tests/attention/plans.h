#pragma once
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/attention/field.h"
#include "core/attention/run.h"

namespace headlight::test {

/// Seeded numbers for tests.
class Numbers {
 public:
  explicit Numbers(std::uint32_t seed) : engine_(seed) {}
  float normal(float deviation = 1) { return std::normal_distribution<float>(0, deviation)(engine_); }
  std::int64_t whole(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(engine_);
  }
  bool chance(double p) { return std::bernoulli_distribution(p)(engine_); }
  std::uint64_t key() { return engine_() | 1u; }

 private:
  std::mt19937 engine_;
};

Matrix matrix(std::initializer_list<std::initializer_list<float>> rows);
Matrix normalMatrix(Numbers& numbers, std::int64_t rows, std::int64_t cols, float deviation = 1);
Caused<Heads> heads(Numbers& numbers, int count, std::int64_t rows, std::int64_t cols, float deviation = 1);
Caused<Heads> given(std::vector<Matrix> matrices, std::uint64_t key);

Kinded mask(std::string kind, Object keys = {});

/// q, k, v as they are, one head each.
AttentionPlan givenPlan(Matrix q, Matrix k, Matrix v, double scale);
/// Q, K, V of the golden G-1, scale ½.
AttentionPlan goldenPlan(std::vector<Kinded> masks = {});

/// X (and memory), projections with biases, heads, masks, temperature, policies: all by chance.
AttentionPlan randomPlan(std::uint32_t seed);

/// Evaluates on one thread; fails the test on an error.
std::shared_ptr<const Run> run(const AttentionPlan& plan, const Run* previous = nullptr);
Field field(const std::shared_ptr<const Run>& run, Stage stage, int head = 0);
/// All cells, row by row.
std::vector<float> cells(const Field& field);
std::vector<float> cells(const std::shared_ptr<const Run>& run, Stage stage, int head = 0);

/// True when both are the same bits, NaN included.
bool sameBits(const std::vector<float>& a, const std::vector<float>& b);

}  // namespace headlight::test
