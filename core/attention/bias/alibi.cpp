#include "core/attention/bias/alibi.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/attention/bias/kinds.h"
#include "core/attention/mask/align.h"
#include "core/base/number.h"

namespace headlight {
namespace {

/// −m_h · |i + shift − j|.
class Alibi : public Bias {
 public:
  Alibi(int heads, std::int64_t shift) : slopes_(alibiSlopes(heads)), shift_(shift) {}

  void add(int head, std::int64_t query, std::int64_t begin, std::int64_t end, float* scores) const override {
    const auto slope = static_cast<float>(slopes_[static_cast<std::size_t>(head)]);
    const std::int64_t place = std::clamp(query + shift_, begin, end);
    // Up to the query's own place the distance falls, from there it grows: whole numbers, exact in float.
    subtract(scores, place - begin, slope, static_cast<float>(query + shift_ - begin), -1.0f);
    subtract(scores + (place - begin), end - place, slope, static_cast<float>(place - query - shift_), 1.0f);
  }
  double at(int head, std::int64_t query, std::int64_t key) const override {
    return -slopes_[static_cast<std::size_t>(head)] * static_cast<double>(std::abs(query + shift_ - key));
  }
  std::string reason(int head, std::int64_t query, std::int64_t key) const override {
    return "minus slope " + shortest(static_cast<float>(slopes_[static_cast<std::size_t>(head)])) + " × |" +
           std::to_string(query) + signedTerm(shift_) + " − " + std::to_string(key) + "|";
  }

 private:
  /// scores[n] −= slope · (first + n · step), in pieces of a fixed length that compilers make vectors of.
  static void subtract(float* scores, std::int64_t count, float slope, float first, float step) {
    constexpr std::int64_t kPiece = 16;
    std::int64_t n = 0;
    for (; n + kPiece <= count; n += kPiece) {
      const float begin = first + step * static_cast<float>(n);
      for (int lane = 0; lane < kPiece; ++lane) {
        scores[n + lane] -= slope * (begin + step * static_cast<float>(lane));
      }
    }
    for (; n < count; ++n) scores[n] -= slope * (first + step * static_cast<float>(n));
  }

  std::vector<double> slopes_;
  std::int64_t shift_;
};

Result<std::unique_ptr<Bias>> make(const Kinded& entry, const MaskContext& context, const std::string&) {
  static const BiasKind kind = alibiBias();
  return std::unique_ptr<Bias>(
      std::make_unique<Alibi>(context.heads, alignment(valueOf(entry, kind.spec, "align"), context)));
}

std::string sentence(const Kinded& entry) {
  return withAlignment(
      entry, "a key loses its distance from the query times a slope, which falls from head to head");
}

}  // namespace

std::vector<double> alibiSlopes(int heads) {
  std::vector<double> slopes;
  slopes.reserve(static_cast<std::size_t>(std::max(heads, 1)));
  const auto power = static_cast<int>(std::bit_floor(static_cast<unsigned>(std::max(heads, 1))));
  for (int h = 0; h < std::min(heads, power); ++h) slopes.push_back(std::exp2(-8.0 * (h + 1) / power));
  for (int h = 0; h < heads - power; ++h) slopes.push_back(std::exp2(-4.0 * (2 * h + 1) / power));
  return slopes;
}

BiasKind alibiBias() {
  return {{.kind = "alibi",
           .label = "ALiBi",
           .help = "Each head takes a slope times the distance off the scores (Press et al. 2021, section 3)",
           .keys = {alignKey()}},
          make,
          sentence};
}

}  // namespace headlight
