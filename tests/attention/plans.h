#pragma once
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <map>
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
/// One head with normal numbers; q [queries, depth], k [keys, depth], v [keys, width].
AttentionPlan drawnPlan(Numbers& numbers, std::int64_t queries, std::int64_t keys, std::int64_t depth,
                        std::int64_t width, double scale);
/// Q, K, V of the golden G-1, scale ½.
AttentionPlan goldenPlan(std::vector<Kinded> masks = {});

/// X (and memory), projections with biases, heads, masks, temperature, policies: all by chance.
AttentionPlan randomPlan(std::uint32_t seed);

/// Arrays that lie in memory, for masks and biases that name a file.
class MemoryTensors : public TensorSource {
 public:
  void add(const std::string& address, std::vector<std::int64_t> shape, std::vector<float> numbers);
  Result<std::shared_ptr<const GivenTensor>> open(const std::string& address,
                                                  const std::string& path) const override;
  std::uint64_t stamp(const std::string& address) const override;

 private:
  std::map<std::string, std::shared_ptr<const GivenTensor>> tensors_;
};
/// An array [shape] in memory.
std::shared_ptr<const GivenTensor> givenTensor(std::vector<std::int64_t> shape, std::vector<float> numbers);

/// Everything that a plan can say, by chance: sources, rotation, extra keys, softcap, biases, masks,
/// normalizers, mistakes, edits, ablation, batches, upstream gradients. Every entry of the tables of masks,
/// biases and normalizers comes up.
AttentionPlan variedPlan(std::uint32_t seed);

/// Evaluates with gradients, on so many threads; fails the test on an error.
std::shared_ptr<const Run> runWithGradients(const AttentionPlan& plan, int threads = 1);

/// Evaluates on one thread; fails the test on an error.
std::shared_ptr<const Run> run(const AttentionPlan& plan, const Run* previous = nullptr);
Field field(const std::shared_ptr<const Run>& run, Stage stage, int head = 0);
/// All cells, row by row.
std::vector<float> cells(const Field& field);
std::vector<float> cells(const std::shared_ptr<const Run>& run, Stage stage, int head = 0);

/// True when both are the same bits, NaN included.
bool sameBits(const std::vector<float>& a, const std::vector<float>& b);

}  // namespace headlight::test
