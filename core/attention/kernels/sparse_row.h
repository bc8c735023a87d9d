#pragma once
#include <cstdint>

namespace headlight {

/// How the weights of a row with a threshold are made of its scores (normalize/sparse_family.h): of u =
/// factor × (s − maximum) ÷ τ, which is at most 0.
struct SparseRule {
  float maximum = 0;
  float temperature = 1;
  float factor = 1;
};

/// u of the scores that have one above −1, in their order, into out [count + kSparseSlack]. Returns how many.
std::int64_t sparseCandidates(const float* scores, std::int64_t count, const SparseRule& rule, float* out);
inline constexpr std::int64_t kSparseSlack = 16;

struct SparseSums {
  double sum = 0;
  double squares = 0;
  float smallest = 0;
};
/// Over finite u ≤ 0, in double, in one fixed order.
SparseSums sparseSums(const float* u, std::int64_t count);

/// Leaves those with u + reach > 0, in their order; returns how many. u has kSparseSlack more places.
std::int64_t keepReached(float* u, std::int64_t count, double reach);

/// weights[j] = max((u_j + reach) + rest, 0), or its square; alike for every position; may write over the
/// scores. A NaN stays one.
void sparseWeights(const float* scores, std::int64_t count, const SparseRule& rule, float reach, float rest,
                   bool squared, float* weights);

}  // namespace headlight
