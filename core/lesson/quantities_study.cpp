#include <algorithm>
#include <cmath>

#include "core/base/random.h"
#include "core/lesson/quantity_parts.h"

namespace headlight {
namespace {

// How much of value a, of a wanted half, comes through when key a has a length that varies: orthonormal
// directions μ, k_a = (1 + √variance z) μ_a, the other keys μ_j. One head asks β (μ_a + μ_b), two heads ask
// β μ_a and β μ_b and their outputs are averaged (the argument of Stanford CS224N, assignment 4, part 1).
double shareOfA(const QuantityInput& input, std::int64_t sample, bool one) {
  const double beta = input.key("beta").number();
  const double others = static_cast<double>(input.integer("keys") - 2);
  const double z =
      normalFromBits(randomBits(static_cast<std::uint64_t>(input.integer("seed")),
                                {textAddress("noisy key"), static_cast<std::uint64_t>(sample), 0, 0}));
  const double a = beta * (1 + std::sqrt(input.key("variance").number()) * z);
  const auto part = [&](double mine, double other) {
    const double top = std::max({mine, other, 0.0});
    return std::exp(mine - top) / (std::exp(mine - top) + std::exp(other - top) + others * std::exp(-top));
  };
  if (one) return part(a, beta);
  return 0.5 * part(a, 0) + 0.5 * std::exp(-beta) / (1 + (others + 1) * std::exp(-beta));
}

struct Shares {
  double within = 0;
  double mean = 0;
  double spread = 0;
};

Result<Shares> shares(const QuantityInput& input) {
  const std::int64_t samples = input.integer("samples");
  const bool one = input.integer("heads") == 1;
  double within = 0;
  double sum = 0;
  double squares = 0;
  for (std::int64_t n = 0; n < samples; ++n) {
    const double share = shareOfA(input, n, one);
    within += share >= input.key("low").number() && share <= input.key("high").number() ? 1 : 0;
    sum += share;
    squares += share * share;
    if (n % 1024 == 0 && input.cancel.requested()) return Error{ErrorCode::cancelled, "interrupted", "", ""};
  }
  const auto count = static_cast<double>(samples);
  const double mean = sum / count;
  return Shares{within / count, mean, std::sqrt(std::max(0.0, squares / count - mean * mean))};
}

Result<double> shareWithin(const QuantityInput& input) {
  const auto all = shares(input);
  if (!all) return all.error();
  return all->within;
}

Result<double> shareSpread(const QuantityInput& input) {
  const auto all = shares(input);
  if (!all) return all.error();
  return all->spread;
}

Result<double> shareMean(const QuantityInput& input) {
  const auto all = shares(input);
  if (!all) return all.error();
  return all->mean;
}

}  // namespace

std::vector<QuantityInfo> studyQuantities() {
  const std::vector<KeySpec> keys{
      {"heads", KeyType::integer, 1, false, 1, 2, {}, "one head or two"},
      {"beta", KeyType::number, 10.0, false, 0, 100, {}, "length of the query"},
      {"variance", KeyType::number, 0.5, false, 0, 10, {}, "of the length of key a"},
      {"keys", KeyType::integer, 8, false, 2, 1024, {}, "how many keys there are"},
      {"samples", KeyType::integer, 5000, false, 1, 1000000, {}, "how often the key is drawn"},
      {"low", KeyType::number, 0.4, false, 0, 1, {}, "least share of value a that counts"},
      {"high", KeyType::number, 0.6, false, 0, 1, {}, "largest share that counts"},
      {"seed", KeyType::integer, 1, false, 0, 9007199254740991.0, {}, "of the generator"}};
  return {
      {{"mix_within", "how often the mix is near one half",
        "share of draws with value a's part within [low, high]", keys},
       0,
       false,
       shareWithin},
      {{"mix_spread", "spread of the mix", "standard deviation of value a's part", keys},
       0,
       false,
       shareSpread},
      {{"mix_mean", "mean of the mix", "mean of value a's part", keys}, 0, false, shareMean},
  };
}

}  // namespace headlight
