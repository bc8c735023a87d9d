#include <algorithm>
#include <cmath>

#include "core/attention/normalize/kinds.h"
#include "core/attention/normalize/mistaken.h"
#include "core/attention/normalize/softmax_family.h"

namespace headlight {
namespace {

/// a_j = e^{z_j} ÷ (1 + Σ e^z) (Miller 2023): softmax with one more logit, which is 0 and gets no weight.
class Softmax1 : public SoftmaxFamily {
 public:
  bool sumsToOne() const override { return false; }

  /// With m = max(0, max z): e^{z − m} ÷ (e^{−m} + Σ e^{z − m}).
  std::vector<double> reference(std::span<const double> z, int) const override {
    const double m = std::max(0.0, *std::max_element(z.begin(), z.end()));
    double sum = std::exp(-m);
    for (const double x : z) sum += std::exp(x - m);
    std::vector<double> weights;
    for (const double x : z) weights.push_back(std::exp(x - m) / sum);
    return weights;
  }

 protected:
  float sink(int) const override { return 0; }
};

Result<std::unique_ptr<Normalizer>> make(const Kinded&, const NormalizerContext& context,
                                         const std::string&) {
  if (context.mistake.keepsMaximum) {
    return unshiftedSoftmax(std::vector<float>(static_cast<std::size_t>(std::max(context.heads, 1)), 0.0f));
  }
  return std::unique_ptr<Normalizer>(std::make_unique<Softmax1>());
}

std::string sentence(const Kinded&) {
  return "softmax1 turns the scores of each query into positive weights that sum to less than 1: 1 is added "
         "to the sum of the exponentials";
}

}  // namespace

NormalizerKind softmax1Normalizer() {
  return {{.kind = "softmax1",
           .label = "softmax1",
           .help = "e^z divided by 1 plus the sum of all e^z: a query may attend to nothing (Miller 2023)",
           .keys = {}},
          make,
          sentence};
}

}  // namespace headlight
