#include <algorithm>
#include <cmath>
#include <functional>

#include "core/attention/kernels/sparse_row.h"
#include "core/attention/normalize/kinds.h"
#include "core/attention/normalize/row_numbers.h"
#include "core/attention/normalize/sparse_family.h"

namespace headlight {
namespace {

/// max(z ÷ 2 − t, 0)², between softmax and sparsemax (Peters et al. 2019, α = 1.5).
class Entmax15 : public SparseFamily {
 public:
  Entmax15() : SparseFamily(true) {}

  /// Of x = (z − max z) ÷ 2 in descending order, t_k = M − √max((1 − k (Q − M²)) ÷ k, 0) with the mean M and
  /// the mean of squares Q of the first k; the support are the k with t_k ≤ x_(k) (Peters et al. 2019,
  /// algorithm 2).
  std::vector<double> reference(std::span<const double> z, int) const override {
    if (!hasLargest(z)) return std::vector<double>(z.size(), std::nan(""));
    std::vector<double> sorted(z.begin(), z.end());
    std::sort(sorted.begin(), sorted.end(), std::greater<>());
    const double most = sorted.front();
    double sum = 0;
    double squares = 0;
    double threshold = 0;
    for (std::size_t k = 0; k < sorted.size(); ++k) {
      const double x = (sorted[k] - most) / 2;
      const auto count = static_cast<double>(k + 1);
      sum += x;
      squares += x * x;
      const double mean = sum / count;
      const double spread = squares - count * mean * mean;
      const double room = (1 - spread) / count;
      const double at = mean - std::sqrt(room < 0 ? 0.0 : room);
      // Not so either where x is −∞.
      if (!(at <= x)) break;
      threshold = at;
    }
    std::vector<double> weights;
    for (const double x : z) {
      const double difference = (x - most) / 2 - threshold;
      weights.push_back(difference <= 0 ? 0.0 : difference * difference);
    }
    return weights;
  }

  /// diag(s) − s sᵀ ÷ Σ s, s = √a (attention.md B.5).
  Jacobian jacobian(std::span<const double> weights) const override {
    Jacobian jacobian;
    double sum = 0;
    for (const double weight : weights) sum += jacobian.c.emplace_back(std::sqrt(weight));
    jacobian.kappa = sum == 0 ? 0.0 : 1 / sum;
    return jacobian;
  }

 protected:
  /// Newton's steps for Σ max(x + reach, 0)² = 1 from reach 1: the left side is convex and grows, so they
  /// come from above and never drop a key that has a weight. Once the keys at hand are the support, the
  /// solution of their quadratic equation reaches all of them, and is the one.
  double reach(float* below, std::int64_t& count) const override {
    double reach = 1;
    for (;;) {
      const SparseSums sums = sparseSums(below, count);
      const auto keys = static_cast<double>(count);
      const double mean = sums.sum / keys;
      const double room = (1 - (sums.squares - keys * mean * mean)) / keys;
      if (room >= 0) {
        const double exact = std::sqrt(room) - mean;
        if (static_cast<double>(sums.smallest) + exact >= 0) return exact;
      }
      const double excess = sums.squares + 2 * reach * sums.sum + keys * reach * reach - 1;
      const double next = reach - excess / (2 * (sums.sum + keys * reach));
      // Rounding holds it: it is as near as a double comes.
      if (!(next < reach)) return reach;
      reach = next;
      count = keepReached(below, count, reach);
    }
  }
};

Result<std::unique_ptr<Normalizer>> make(const Kinded&, const NormalizerContext&, const std::string&) {
  return std::unique_ptr<Normalizer>(std::make_unique<Entmax15>());
}

std::string sentence(const Kinded&) {
  return "1.5-entmax turns the scores of each query into weights that sum to 1, exactly 0 for keys below a "
         "threshold, but fewer of them than sparsemax";
}

}  // namespace

NormalizerKind entmax15Normalizer() {
  return {{.kind = "entmax15",
           .label = "1.5-entmax",
           .help = "max(z / 2 - t, 0) squared with the t that makes the weights sum to 1: between softmax "
                   "and sparsemax (Peters et al. 2019)",
           .keys = {}},
          make,
          sentence};
}

}  // namespace headlight
