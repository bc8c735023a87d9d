#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/kinds.h"
#include "core/base/result.h"

namespace headlight {

struct ExplainStep;

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

/// One weight and what it was made of.
struct WeightCause {
  float score;  ///< masked stage
  bool kept;
  float temperature;
  const RowNumbers& row;
  float weight;
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
  /// The weights of the kept scores ÷ τ in double, as directly as possible: what the fast path is held
  /// against.
  virtual std::vector<double> reference(std::span<const double> z) const = 0;
  /// How a weight was made of its score, for the inspector (explain.h).
  virtual std::vector<ExplainStep> explain(const WeightCause& cause) const = 0;
};

/// A row of the table of normalizers: a new one is one file with all of this, and one line in
/// normalizer_table.cpp.
struct NormalizerKind {
  KindSpec spec;
  Result<std::unique_ptr<Normalizer>> (*make)(const Kinded& entry, const std::string& path);
};
std::span<const NormalizerKind> normalizerKinds();
const NormalizerKind* normalizerKind(std::string_view kind);
/// The normalizer of an entry. Errors (invalid): an unknown kind, at path.kind, and what its maker refuses.
Result<std::unique_ptr<Normalizer>> makeNormalizer(const Kinded& entry, const std::string& path);

}  // namespace headlight
