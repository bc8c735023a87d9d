#include <algorithm>
#include <cmath>
#include <limits>

#include "core/attention/normalize/kinds.h"
#include "core/attention/normalize/mistaken.h"
#include "core/attention/normalize/softmax_family.h"

namespace headlight {
namespace {

/// a_j = e^{z_j − max z} ÷ Σ e^{z − max z} (Vaswani et al. 2017, equation 1).
class Softmax : public SoftmaxFamily {
 public:
  bool sumsToOne() const override { return true; }

  std::vector<double> reference(std::span<const double> z, int) const override {
    const double most = *std::max_element(z.begin(), z.end());
    std::vector<double> weights;
    double sum = 0;
    for (const double x : z) sum += weights.emplace_back(std::exp(x - most));
    for (double& weight : weights) weight /= sum;
    return weights;
  }

 protected:
  float sink(int) const override { return -std::numeric_limits<float>::infinity(); }
};

Result<std::unique_ptr<Normalizer>> make(const Kinded&, const NormalizerContext& context,
                                         const std::string&) {
  if (context.mistake.keepsMaximum) return unshiftedSoftmax({});
  return std::unique_ptr<Normalizer>(std::make_unique<Softmax>());
}

std::string sentence(const Kinded&) {
  return "softmax turns the scores of each query into positive weights that sum to 1";
}

}  // namespace

NormalizerKind softmaxNormalizer() {
  return {{.kind = "softmax",
           .label = "softmax",
           .help = "Positive weights that sum to 1: e^z divided by the sum of all e^z of the row",
           .keys = {}},
          make,
          sentence};
}

}  // namespace headlight
