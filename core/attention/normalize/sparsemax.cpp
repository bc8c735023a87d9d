#include <algorithm>
#include <cmath>
#include <functional>

#include "core/attention/kernels/sparse_row.h"
#include "core/attention/normalize/kinds.h"
#include "core/attention/normalize/row_numbers.h"
#include "core/attention/normalize/sparse_family.h"

namespace headlight {
namespace {

/// The point of the simplex nearest to z: max(z − t, 0) (Martins and Astudillo 2016, algorithm 1).
class Sparsemax : public SparseFamily {
 public:
  Sparsemax() : SparseFamily(false) {}

  /// k* = max{k : 1 + k z_(k) > Σ_{r ≤ k} z_(r)}, z in descending order; t = (Σ_{r ≤ k*} z_(r) − 1) ÷ k*.
  std::vector<double> reference(std::span<const double> z, int) const override {
    if (!hasLargest(z)) return std::vector<double>(z.size(), std::nan(""));
    std::vector<double> sorted(z.begin(), z.end());
    std::sort(sorted.begin(), sorted.end(), std::greater<>());
    // Of differences to the largest, which loses no digits of large scores.
    const double most = sorted.front();
    double sum = 0;
    double threshold = 0;
    for (std::size_t k = 0; k < sorted.size(); ++k) {
      const double x = sorted[k] - most;
      sum += x;
      const auto count = static_cast<double>(k + 1);
      if (1 + count * x <= sum) break;
      threshold = (sum - 1) / count;
    }
    std::vector<double> weights;
    for (const double x : z) {
      const double weight = x - most - threshold;
      weights.push_back(weight <= 0 ? 0.0 : weight);
    }
    return weights;
  }

  /// diag(s) − s sᵀ ÷ |S|, s = 1 on the support S and 0 elsewhere (attention.md B.5).
  Jacobian jacobian(std::span<const double> weights) const override {
    Jacobian jacobian;
    double support = 0;
    for (const double weight : weights) {
      support += jacobian.c.emplace_back(weight > 0 ? 1.0 : weight == 0 ? 0.0 : weight);
    }
    jacobian.kappa = support == 0 ? 0.0 : 1 / support;
    return jacobian;
  }

 protected:
  /// reach = (1 − Σ) ÷ n of the keys at hand; those it does not reach are dropped until it reaches all
  /// (Michelot 1986). Their mean only rises, so none is dropped that has a weight.
  double reach(float* below, std::int64_t& count) const override {
    for (;;) {
      const SparseSums sums = sparseSums(below, count);
      const double reach = (1 - sums.sum) / static_cast<double>(count);
      if (static_cast<double>(sums.smallest) + reach > 0) return reach;
      count = keepReached(below, count, reach);
    }
  }
};

Result<std::unique_ptr<Normalizer>> make(const Kinded&, const NormalizerContext&, const std::string&) {
  return std::unique_ptr<Normalizer>(std::make_unique<Sparsemax>());
}

std::string sentence(const Kinded&) {
  return "sparsemax turns the scores of each query into weights that sum to 1, exactly 0 for keys below a "
         "threshold";
}

}  // namespace

NormalizerKind sparsemaxNormalizer() {
  return {{.kind = "sparsemax",
           .label = "sparsemax",
           .help = "max(z - t, 0) with the t that makes the weights sum to 1: most keys get exactly 0 "
                   "(Martins and Astudillo 2016)",
           .keys = {}},
          make,
          sentence};
}

}  // namespace headlight
