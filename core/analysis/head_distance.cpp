#include "core/analysis/head_distance.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "core/analysis/head_profile.h"
#include "core/attention/field.h"
#include "core/attention/work.h"

namespace headlight {
namespace {

/// Rows that are read before neighbouring keys are joined.
constexpr std::int64_t kFewestRows = 4;
/// Numbers of a head's rows that are held together.
constexpr std::int64_t kHeldNumbers = std::int64_t{1} << 22;
constexpr double kComparisonFlop = 20;

/// What is read, so that no more than so many pairs of numbers are compared.
struct Reading {
  std::vector<std::int64_t> rows;
  std::int64_t keysTogether = 1;
  std::int64_t bins = 0;
  std::int64_t rowsTogether = 1;
};

Reading plan(const Sizes& sizes, double work) {
  Reading reading;
  const double pairs = std::max(1.0, static_cast<double>(sizes.heads) * (sizes.heads - 1) / 2.0);
  // Of one head alone there is nothing to compare, but its rows are no longer than they may be.
  const double numbers = std::max(1.0, work / pairs);
  const std::int64_t few = std::min(kFewestRows, sizes.queries);
  const double mostBins = std::max(1.0, std::floor(numbers / static_cast<double>(few)));
  if (static_cast<double>(sizes.keys) > mostBins) {
    reading.keysTogether = static_cast<std::int64_t>(std::ceil(static_cast<double>(sizes.keys) / mostBins));
  }
  reading.bins = (sizes.keys + reading.keysTogether - 1) / reading.keysTogether;
  const double cells = std::min(numbers, 0x1p62);
  reading.rows = rowsToRead(sizes.queries, reading.bins, {static_cast<std::int64_t>(cells)});
  reading.rowsTogether =
      std::clamp<std::int64_t>(kHeldNumbers / std::max<std::int64_t>(reading.bins * sizes.heads, 1), 1, 64);
  return reading;
}

/// log2 of a positive normal number, to about 1e-12 of itself, without a branch: x = 2^k m with m from √½ to
/// √2, and ln m = 2 (t + t³ ÷ 3 + t⁵ ÷ 5 + …), t = (m − 1) ÷ (m + 1). Of 0 some finite number.
inline double log2Of(double x) {
  constexpr std::uint64_t kMantissa = (std::uint64_t{1} << 52) - 1;
  constexpr std::uint64_t kOne = std::uint64_t{0x3ff} << 52;
  constexpr auto kRoot = std::bit_cast<std::uint64_t>(0.70710678118654752440);
  constexpr std::uint64_t kTwoTo52 = std::uint64_t{0x433} << 52;
  constexpr double kPerE = 2 / 0.69314718055994530942;
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(x) + (kOne - kRoot);
  const double k = std::bit_cast<double>((bits >> 52) | kTwoTo52) - (0x1p52 + 0x3ff);
  const double m = std::bit_cast<double>((bits & kMantissa) + kRoot);
  const double t = (m - 1) / (m + 1);
  const double s = t * t;
  const double low = 1 + s * (1.0 / 3 + s * (1.0 / 5 + s * (1.0 / 7)));
  const double high = 1.0 / 9 + s * (1.0 / 11 + s * (1.0 / 13 + s * (1.0 / 15)));
  const double s2 = s * s;
  return k + kPerE * t * (low + s2 * s2 * high);
}

double entropyTerm(double p) {
  return p * log2Of(p);
}

/// Σ ½ p log2 p + ½ q log2 q − m log2 m, m = (p + q) ÷ 2: of equal numbers every part is 0. Lanes side by
/// side, for the compiler to make vectors of.
double divergence(const double* __restrict p, const double* __restrict pTerms, const double* __restrict q,
                  const double* __restrict qTerms, std::size_t count) {
  constexpr std::size_t kLanes = 8;
  double sums[kLanes] = {};
  std::size_t k = 0;
  for (; k + kLanes <= count; k += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::size_t n = k + lane;
      sums[lane] += (pTerms[n] + qTerms[n]) / 2 - entropyTerm((p[n] + q[n]) / 2);
    }
  }
  double sum = 0;
  for (const double lane : sums) sum += lane;
  for (; k < count; ++k) sum += (pTerms[k] + qTerms[k]) / 2 - entropyTerm((p[k] + q[k]) / 2);
  return sum;
}

/// A few rows of all heads as shares that add to 1, with p log2 p of each.
class Rows {
 public:
  Rows(const std::vector<Field>& fields, const Reading& reading)
      : fields_(fields),
        reading_(reading),
        shares_(fields.size() * size(1) * static_cast<std::size_t>(reading.rowsTogether)),
        terms_(shares_.size()),
        counts_(fields.size() * static_cast<std::size_t>(reading.rowsTogether)) {}

  /// Reads row `row` of a head to place n.
  void read(std::size_t head, std::int64_t n, std::int64_t row) {
    thread_local std::vector<float> weights;
    weights.resize(static_cast<std::size_t>(fields_[head].cols()));
    fields_[head].row(row, weights.data());
    double* shares = shares_.data() + at(head, n);
    std::fill_n(shares, size(1), 0.0);
    double sum = 0;
    bool sound = true;
    for (std::size_t j = 0; j < weights.size(); ++j) {
      const auto weight = static_cast<double>(weights[j]);
      sound = sound && weight >= 0;
      sum += weight;
      shares[j / static_cast<std::size_t>(reading_.keysTogether)] += weight;
    }
    sound = sound && sum > 0 && std::isfinite(sum);
    counts_[place(head, n)] = sound ? 1 : 0;
    if (!sound) return;
    double* terms = terms_.data() + at(head, n);
    for (std::size_t b = 0; b < size(1); ++b) {
      shares[b] /= sum;
      terms[b] = entropyTerm(shares[b]);
    }
  }
  bool counts(std::size_t head, std::int64_t n) const { return counts_[place(head, n)] != 0; }
  double distance(std::size_t a, std::size_t b, std::int64_t n) const {
    const std::size_t p = at(a, n);
    const std::size_t q = at(b, n);
    const double sum =
        divergence(shares_.data() + p, terms_.data() + p, shares_.data() + q, terms_.data() + q, size(1));
    return std::sqrt(std::clamp(sum, 0.0, 1.0));
  }

 private:
  std::size_t size(std::int64_t rows) const { return static_cast<std::size_t>(rows * reading_.bins); }
  std::size_t place(std::size_t head, std::int64_t n) const {
    return head * static_cast<std::size_t>(reading_.rowsTogether) + static_cast<std::size_t>(n);
  }
  std::size_t at(std::size_t head, std::int64_t n) const { return place(head, n) * size(1); }

  const std::vector<Field>& fields_;
  const Reading& reading_;
  std::vector<double> shares_;  ///< [H, rowsTogether, bins]
  std::vector<double> terms_;   ///< [H, rowsTogether, bins]
  std::vector<char> counts_;    ///< [H, rowsTogether]
};

/// The head that is nearest (factor 1) or farthest (−1) of each; −1 where none is comparable.
std::vector<int> extremes(const HeadDistances& all, float factor) {
  std::vector<int> found(static_cast<std::size_t>(all.heads), -1);
  for (int a = 0; a < all.heads; ++a) {
    int& best = found[static_cast<std::size_t>(a)];
    for (int b = 0; b < all.heads; ++b) {
      if (b == a || std::isnan(all.at(a, b))) continue;
      if (best < 0 || factor * all.at(a, b) < factor * all.at(a, best)) best = b;
    }
  }
  return found;
}

}  // namespace

Result<HeadDistances> headDistances(const std::shared_ptr<const Run>& run, ThreadPool& pool,
                                    const DistanceOptions& options) {
  const auto heads = static_cast<std::size_t>(run->sizes.heads);
  std::vector<Field> fields;
  fields.reserve(heads);
  for (int head = 0; head < run->sizes.heads; ++head) {
    Result<Field> field = Field::make(run, Stage::weights, head);
    if (!field) return field.error();
    fields.push_back(std::move(*field));
  }
  const Reading reading = plan(run->sizes, options.work);
  const auto rows = static_cast<std::int64_t>(reading.rows.size());
  Rows held(fields, reading);
  std::vector<double> sums(heads * heads, 0.0);
  std::vector<std::int64_t> counts(heads * heads, 0);
  for (std::int64_t first = 0; first < rows; first += reading.rowsTogether) {
    const std::int64_t count = std::min(reading.rowsTogether, rows - first);
    const auto read = [&](std::int64_t index) {
      const std::int64_t n = index % count;
      held.read(static_cast<std::size_t>(index / count), n,
                reading.rows[static_cast<std::size_t>(first + n)]);
    };
    const double cells = static_cast<double>(run->sizes.keys) * static_cast<double>(count) *
                         static_cast<double>(run->sizes.heads);
    const double cellFlop = 2.0 * static_cast<double>(run->sizes.dK) + 30;
    const auto all = static_cast<std::int64_t>(heads);
    if (!forEachTask(pool, cells * cellFlop, all * count, read, options.cancel)) return cancelledError();
    const auto compare = [&](std::int64_t index) {
      const auto a = static_cast<std::size_t>(index);
      for (std::size_t b = a + 1; b < heads; ++b) {
        if (options.cancel.requested()) return;
        for (std::int64_t n = 0; n < count; ++n) {
          if (!held.counts(a, n) || !held.counts(b, n)) continue;
          sums[a * heads + b] += held.distance(a, b, n);
          ++counts[a * heads + b];
        }
      }
    };
    const double flop = static_cast<double>(heads) * static_cast<double>(heads) / 2 *
                        static_cast<double>(reading.bins * count);
    const bool compared = forEachTask(pool, flop * kComparisonFlop, all, compare, options.cancel);
    if (!compared || options.cancel.requested()) return cancelledError();
  }

  HeadDistances out;
  out.heads = run->sizes.heads;
  out.rowsRead = rows;
  out.sampled = rows < run->sizes.queries;
  out.keysTogether = reading.keysTogether;
  out.distances.assign(heads * heads, 0.0f);
  for (std::size_t a = 0; a < heads; ++a) {
    for (std::size_t b = a + 1; b < heads; ++b) {
      const std::int64_t count = counts[a * heads + b];
      const float mean = count == 0 ? std::numeric_limits<float>::quiet_NaN()
                                    : static_cast<float>(sums[a * heads + b] / static_cast<double>(count));
      out.distances[a * heads + b] = out.distances[b * heads + a] = mean;
    }
  }
  out.nearest = extremes(out, 1);
  out.farthest = extremes(out, -1);
  return out;
}

std::vector<int> likenessOrder(const HeadDistances& distances, int first) {
  std::vector<int> order;
  if (distances.heads <= 0) return order;
  std::vector<bool> taken(static_cast<std::size_t>(distances.heads), false);
  int last = std::clamp(first, 0, distances.heads - 1);
  for (int n = 0; n < distances.heads; ++n) {
    order.push_back(last);
    taken[static_cast<std::size_t>(last)] = true;
    // Heads that cannot be compared come last.
    int best = -1;
    float nearest = 2;
    for (int head = 0; head < distances.heads; ++head) {
      if (taken[static_cast<std::size_t>(head)]) continue;
      const float distance = distances.at(last, head);
      if (best >= 0 && !(distance < nearest)) continue;
      best = head;
      nearest = std::isnan(distance) ? 2 : distance;
    }
    last = best;
  }
  return order;
}

}  // namespace headlight
