#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/attention/mask/mask.h"
#include "core/base/kinds.h"
#include "core/base/result.h"

namespace headlight {

/// One entry of the list of biases: numbers added to the scores after the softcap, never scaled.
class Bias {
 public:
  virtual ~Bias() = default;
  /// Adds its numbers for keys [begin, end) of row `query` to scores[0 … end − begin).
  virtual void add(int head, std::int64_t query, std::int64_t begin, std::int64_t end,
                   float* scores) const = 0;
  /// One of its numbers, in double.
  virtual double at(int head, std::int64_t query, std::int64_t key) const = 0;
  /// The number in words with where it comes from, for the inspector: "slope 0.5 × |7 − 4|".
  virtual std::string reason(int head, std::int64_t query, std::int64_t key) const = 0;
};

/// A row of the table of biases: a new one is one file with all of this, and one line in bias_table.cpp.
struct BiasKind {
  KindSpec spec;
  /// `path` is the entry's JSON path, for errors.
  Result<std::unique_ptr<Bias>> (*make)(const Kinded& entry, const MaskContext& context,
                                        const std::string& path);
  /// What the entry adds, as a sentence without its full stop: "keys lose 2^{−h} for each place of distance".
  std::string (*sentence)(const Kinded& entry);
};
std::span<const BiasKind> biasKinds();
const BiasKind* biasKind(std::string_view kind);
/// Whether an entry can only be added by naming a file: it has a key without default.
bool needsFile(const BiasKind& kind);

/// All biases together, in their order. The extra keys at the end of the key axis are left alone.
class BiasPlan {
 public:
  /// `masks` is the mask list: the finite numbers of an additive tensor are biases.
  /// Errors: an invalid entry (JSON path).
  static Result<std::shared_ptr<const BiasPlan>> compile(std::span<const Kinded> biases,
                                                         std::span<const Kinded> masks,
                                                         const MaskContext& context);
  bool empty() const { return entries_.empty(); }
  /// Adds all of them to scores[0 … end − begin) of row `query`.
  void add(int head, std::int64_t query, std::int64_t begin, std::int64_t end, float* scores) const;
  /// What they add to one score, in double.
  double at(int head, std::int64_t query, std::int64_t key) const;

  struct Term {
    std::string label;   ///< "alibi"
    std::string reason;  ///< Bias::reason
    double value = 0;
  };
  /// The number of each entry at one cell; none for extra keys.
  std::vector<Term> terms(int head, std::int64_t query, std::int64_t key) const;

 private:
  struct Entry {
    std::string label;
    std::shared_ptr<const Bias> bias;
  };
  std::int64_t keys_ = 0;  ///< without the extra ones
  std::vector<Entry> entries_;
};

}  // namespace headlight
