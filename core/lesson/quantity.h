#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/cancel.h"
#include "core/base/kinds.h"
#include "core/base/result.h"
#include "core/base/thread_pool.h"
#include "core/experiment/evaluate.h"

namespace headlight {

struct KindFamily;

/// What a quantity is read from: the state, and for quantities of two states the one it is compared with.
struct QuantityInput {
  std::shared_ptr<const Evaluation> state;
  std::shared_ptr<const Evaluation> other;
  const Kinded& call;  ///< the quantity's name and keys
  ThreadPool& pool;
  const Cancel& cancel;

  const Run& run() const { return *state->run; }
  /// The value of a key, or its fallback.
  const Value& key(std::string_view name) const;
  std::int64_t integer(std::string_view name) const { return key(name).integer(); }
  int head() const { return static_cast<int>(integer("head")); }
};

/// A row of the table of named quantities: what a lesson may measure. A new quantity is one function and one
/// row.
struct QuantityInfo {
  KindSpec spec;           ///< name, label ("largest weight, mean over rows"), help with its formula, keys
  int states = 1;          ///< how many experiments it is read from: 0, 1 or 2
  bool gradients = false;  ///< needs the gradients of its state
  Result<double> (*measure)(const QuantityInput& input) = nullptr;
  /// Reads sizes and masks alone, no cell of a map: maps of any size are measured.
  bool anySize = false;
};

/// All of them. Weights and scores: by row, over rows. What a number needs a row to have is said by its help:
/// means over rows leave out those that keep fewer than two keys.
std::span<const QuantityInfo> quantities();
const QuantityInfo* quantity(std::string_view name);
/// For the reader of lesson files.
const KindFamily& quantityFamily();

// The rows of the table, by what they are read from.
std::vector<QuantityInfo> weightQuantities();
std::vector<QuantityInfo> scoreQuantities();
std::vector<QuantityInfo> outputQuantities();
std::vector<QuantityInfo> changeQuantities();
std::vector<QuantityInfo> studyQuantities();
std::vector<QuantityInfo> placeQuantities();
std::vector<QuantityInfo> patternQuantities();
std::vector<QuantityInfo> costQuantities();

}  // namespace headlight
