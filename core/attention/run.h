#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/attention/inputs.h"
#include "core/attention/mask/mask.h"
#include "core/attention/normalize/normalize.h"
#include "core/attention/stage.h"
#include "core/base/cancel.h"
#include "core/base/matrix.h"
#include "core/base/result.h"
#include "core/base/thread_pool.h"

namespace headlight {

/// K of one head laid out for the score kernel: panels of `width` keys, [panels][d_k][width], zero-padded.
struct PackedKeys {
  int width = 0;
  std::int64_t keys = 0;
  std::int64_t depth = 0;
  AlignedFloats panels;
};

/// Q, K, V after projection (and what is set by hand in them), per head.
struct Projected {
  Heads q;                         ///< [H][Tq, d_k]
  Heads k;                         ///< [Hkv][Tk, d_k]
  Heads v;                         ///< [Hkv][Tk, d_v]; empty when there are no values
  std::vector<PackedKeys> packed;  ///< of k
};

/// Per-row numbers and what a whole head needs for its ranges.
struct HeadStatistics {
  std::vector<RowNumbers> rows;  ///< [Tq]
  float largestWeight = 0;
  float smallestScore = 0;  ///< over kept, finite masked scores; 0 when there is none
  float largestScore = 0;
};
struct Statistics {
  std::vector<HeadStatistics> heads;  ///< [H]
  std::int64_t emptyRows = 0;         ///< rows without keys, of one head
  double rowSumError = 0;  ///< largest |Σ weights − 1| over rows that keep a key, when rows sum to 1
};

struct Outputs {
  Heads headOutput;  ///< [H][Tq, d_v], 0 for ablated heads
  Matrix output;     ///< [Tq, d_model]; empty without W_O
};

/// How scores are made of dot products, and weights of scores.
struct Rules {
  float scale = 1;
  std::string normalizerKind;
  std::shared_ptr<const Normalizer> normalizer;
  float temperature = 1;
  EmptyRow emptyRow = EmptyRow::zeros;
};

/// The evaluated experiment: everything a Field needs, nothing of size T × T. Immutable once published.
struct Run {
  Sizes sizes;
  Inputs inputs;
  Caused<Projected> projected;
  Rules rules;
  Caused<MaskPlan> mask;
  Caused<Statistics> statistics;
  Caused<Heads> mixed;        ///< [H][Tq, d_v], weights × values before any head is switched off
  Caused<Outputs> outputs;    ///< null until asked for, and without values
  std::vector<bool> ablated;  ///< [H]
  /// A name for the numbers of each stage: equal keys, equal numbers. 0 where the stage is absent.
  std::array<std::uint64_t, kStageCount> stageKeys{};
  double seconds = 0;  ///< evaluation alone

  bool has(Stage stage) const { return stageKeys[static_cast<std::size_t>(stage)] != 0; }
  std::uint64_t key(Stage stage) const { return stageKeys[static_cast<std::size_t>(stage)]; }
};

/// What is to be evaluated, with every word of the experiment resolved.
struct AttentionPlan {
  Inputs inputs;
  double scale = 1;
  std::vector<Kinded> masks;
  Kinded normalizer;
  double temperature = 1;
  EmptyRow emptyRow = EmptyRow::zeros;
  std::vector<int> ablatedHeads;
};

struct AttendOptions {
  bool outputs = true;  ///< head outputs, concat, contribution, output
  Cancel cancel;
};

/// Evaluates the plan, sharing with `previous` (may be null) what did not change. Errors: an invalid mask
/// entry or normalizer (JSON path), cancelled.
Result<std::shared_ptr<const Run>> attend(const AttentionPlan& plan, const Run* previous, ThreadPool& pool,
                                          const AttendOptions& options = {});

/// Why the stage is absent in this run, or nothing: "the source gives q and k, there is no input".
std::string absence(const Run& run, Stage stage);

}  // namespace headlight
