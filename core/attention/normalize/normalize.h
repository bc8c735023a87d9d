#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/attention/mistake.h"
#include "core/base/kinds.h"
#include "core/base/result.h"

namespace headlight {

struct ExplainStep;

/// What the weights are in a row that keeps no key (attention.md B.1, policies of PyTorch and Hugging Face).
enum class EmptyRow : std::uint8_t { zeros, nan, uniform };

/// What one pass over a row's kept scores collects, after ÷ temperature where z is written.
struct RowNumbers {
  float maximum;  ///< largest kept masked score, not ÷ τ; −inf if none
  float minimum;  ///< smallest kept masked score
  float sum;  ///< l = Σ e^{z − max z}; weights are e^{z − max z} ÷ l. With a sink, its share is in the sum,
              ///< and where its logit is larger than max z it is taken for it (softmaxReference)
  float lse;            ///< ln Σ e^z of the kept, no sink among them; −inf if none. Only shown
  float entropy;        ///< nats, of the weights ÷ their sum
  float effectiveKeys;  ///< e^entropy; 0 if no key is kept
  float largestWeight;
  float weightSum;  ///< sum of the row's weights as they are
  float threshold;  ///< t of normalizers that have one, else 0
  std::int32_t keptKeys;
  /// How far t lies below the largest z (entmax15: z ÷ 2), as a sum of two floats: weights are made of the
  /// differences to the largest, so that large scores lose no digits.
  float reach = 0;
  float reachRest = 0;
};

/// What a normalizer may know of a row beside its scores.
struct RowSetting {
  float temperature = 1;
  int head = 0;
};

/// One weight and what it was made of.
struct WeightCause {
  float score;  ///< masked stage
  bool kept;
  RowSetting setting;
  const RowNumbers& row;
  float weight;
};

/// J = ∂weights/∂z of a row as diag(c) − κ c cᵀ, the form that all normalizers here have (attention.md B.8).
struct Jacobian {
  std::vector<double> c;  ///< [kept keys]
  double kappa = 0;
};

/// A map from a row of scores to weights. `scores` holds `count` kept scores side by side (masked ones are
/// left out before), divided by τ in place by nobody else.
class Normalizer {
 public:
  virtual ~Normalizer() = default;
  /// One pass: fills the numbers of a row that keeps at least one key.
  virtual RowNumbers measure(const float* scores, std::int64_t count, const RowSetting& setting) const = 0;
  /// Writes the weight of each kept score; may be the same array.
  virtual void weigh(const float* scores, std::int64_t count, const RowSetting& setting,
                     const RowNumbers& row, float* weights) const = 0;
  /// True when every row that keeps a key sums to 1.
  virtual bool sumsToOne() const = 0;
  /// True when `threshold` is one of its row numbers.
  virtual bool hasThreshold() const { return false; }
  /// The logit beside the scores of a head whose exponential joins the sum without a weight of its own, where
  /// the weights are e^{z − max} ÷ (e^{sink − max} + Σ e^{z − max}); −∞ for softmax itself. Nothing for
  /// normalizers of another form.
  virtual std::optional<float> sinkLogit(int) const { return std::nullopt; }
  /// The weights of the kept scores ÷ τ in double, as directly as possible: what the fast path is held
  /// against.
  virtual std::vector<double> reference(std::span<const double> z, int head) const = 0;
  /// Of a row with these weights, with respect to z = kept scores ÷ τ.
  virtual Jacobian jacobian(std::span<const double> weights) const = 0;
  /// How a weight was made of its score, for the inspector (explain.h).
  virtual std::vector<ExplainStep> explain(const WeightCause& cause) const = 0;
};

/// What a normalizer is made for.
struct NormalizerContext {
  std::int64_t keys = 0;  ///< Tk, extra keys among them
  int heads = 0;          ///< 0: not known, as when a document is read whose file decides
  Mistake mistake = {};
};

/// A row of the table of normalizers: a new one is one file with all of this, and one line in
/// normalizer_table.cpp.
struct NormalizerKind {
  KindSpec spec;
  Result<std::unique_ptr<Normalizer>> (*make)(const Kinded& entry, const NormalizerContext& context,
                                              const std::string& path);
  /// How a row of scores becomes weights, as a sentence without its full stop.
  std::string (*sentence)(const Kinded& entry) = nullptr;
  /// Gives the keys that have no default a first value, for a window that chooses the kind; null where every
  /// key has one. Also makes lists as long as there are heads.
  void (*start)(Kinded& entry, int heads) = nullptr;
};
std::span<const NormalizerKind> normalizerKinds();
const NormalizerKind* normalizerKind(std::string_view kind);
/// The normalizer of an entry, mistaken where the context says so. Errors (invalid): an unknown kind, at
/// path.kind, what its maker refuses, and at mistake.… a mistake that the kind leaves nothing to.
Result<std::unique_ptr<Normalizer>> makeNormalizer(const Kinded& entry, const NormalizerContext& context,
                                                   const std::string& path);

}  // namespace headlight
