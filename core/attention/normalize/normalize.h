#pragma once
#include <cstdint>
#include <memory>
#include <span>

#include "core/base/kinds.h"
#include "core/base/result.h"

namespace headlight {

/// What the weights are in a row that keeps no key (attention.md B.1, policies of PyTorch and Hugging Face).
enum class EmptyRow : std::uint8_t { zeros, nan, uniform };

/// What one pass over a row's kept scores collects, after ÷ temperature where z is written.
struct RowNumbers {
  float maximum;        ///< largest kept masked score, not ÷ τ; −inf if none
  float minimum;        ///< smallest kept masked score
  float sum;            ///< l = Σ e^{z − max z}; weights are e^{z − max z} ÷ l, never e^{z − lse}
  float lse;            ///< ln Σ e^z of the kept; −inf if none. Only shown
  float entropy;        ///< nats, of the weights ÷ their sum
  float effectiveKeys;  ///< e^entropy; 0 if no key is kept
  float largestWeight;
  float weightSum;  ///< sum of the row's weights as they are
  std::int32_t keptKeys;
};

/// A map from a row of scores to weights. `scores` holds `count` kept scores side by side (masked ones are
/// left out before), divided by τ in place by nobody else.
class Normalizer {
 public:
  virtual ~Normalizer() = default;
  /// One pass: fills the numbers of a row that keeps at least one key.
  virtual RowNumbers measure(const float* scores, std::int64_t count, float temperature) const = 0;
  /// Writes the weight of each kept score; may be the same array.
  virtual void weigh(const float* scores, std::int64_t count, float temperature, const RowNumbers& row,
                     float* weights) const = 0;
  /// True when every row that keeps a key sums to 1.
  virtual bool sumsToOne() const = 0;
};

struct NormalizerKind {
  KindSpec spec;
  Result<std::unique_ptr<Normalizer>> (*make)(const Kinded& entry, const std::string& path);
};
std::span<const NormalizerKind> normalizerKinds();
const NormalizerKind* normalizerKind(std::string_view kind);

}  // namespace headlight
