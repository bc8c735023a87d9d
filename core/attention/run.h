#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/attention/bias/bias.h"
#include "core/attention/inputs.h"
#include "core/attention/mask/mask.h"
#include "core/attention/mistake.h"
#include "core/attention/normalize/normalize.h"
#include "core/attention/overview.h"
#include "core/attention/stage.h"
#include "core/base/cancel.h"
#include "core/base/matrix.h"
#include "core/base/result.h"
#include "core/base/thread_pool.h"

namespace headlight {

struct Run;

/// K of one head laid out for the score kernel: panels of `width` keys, [panels][d_k][width], zero-padded.
struct PackedKeys {
  int width = 0;
  std::int64_t keys = 0;
  std::int64_t depth = 0;
  AlignedFloats panels;
};

/// V of one head laid out for the mixing kernel: whole panels of finite numbers.
struct MixValues {
  std::int64_t width = 0;  ///< floats a row, a multiple of 16
  AlignedFloats rows;      ///< [Tk, width], zeros where there is no finite number; empty: V itself is so
  std::vector<std::int64_t> oddKeys;  ///< keys with a number that is not finite

  const float* of(const Matrix& v) const { return rows.empty() ? v.data() : rows.data(); }
};

/// Q, K, V after projection (and what is set by hand in them), per head.
struct Projected {
  SharedHeads q;                   ///< [H][Tq, d_k]
  SharedHeads k;                   ///< [Hkv][Tk, d_k]
  SharedHeads v;                   ///< [Hkv][Tk, d_v]; empty when there are no values
  std::vector<PackedKeys> packed;  ///< of k
  std::vector<MixValues> mixing;   ///< of v
};

/// Per-row numbers and what a whole head needs for its ranges.
struct HeadStatistics {
  std::vector<RowNumbers> rows;  ///< [Tq]
  float largestWeight = 0;
  float smallestScore = 0;  ///< over kept, finite masked scores; 0 when there is none
  float largestScore = 0;
  /// Of `mistake.overQueries`: what a key's scores are normalized with, [Tk]. Else empty.
  struct Column {
    float maximum = 0;
    float sum = 0;
  };
  std::vector<Column> columns;
};
struct Statistics {
  std::vector<HeadStatistics> heads;  ///< [H]
  double rowSumError = 0;  ///< largest |Σ weights − 1| over rows that keep a key, when rows sum to 1
};

/// Lengths of the values as they enter the output, ‖v_j W_O^h‖, or ‖v_j‖ without W_O: [H][Tk]
/// (Kobayashi et al. 2020, section 3). Computed when they are first asked for.
class ValueLengths {
 public:
  const std::vector<AlignedFloats>& of(const Run& run) const;

 private:
  mutable std::once_flag once_;
  mutable std::vector<AlignedFloats> lengths_;
};

/// ∂L/∂… for L = Σ upstream ∘ output (attention.md B.8).
struct Gradients {
  Heads q;         ///< [H][Tq, d_k], after rotation
  Heads k;         ///< [Hkv][Tk, d_k], after rotation, summed over the query heads that share it
  Heads v;         ///< [Hkv][Tk, d_v]
  Heads upstream;  ///< ∂L/∂head_output [H][Tq, d_v]
  /// κ Σ_j c_ij ∂L/∂a_ij of each row [H][Tq]: ∂L/∂s_ij = c_ij (∂L/∂a_ij − centre_i) ÷ τ.
  std::vector<std::vector<double>> centre;
  std::vector<AlignedFloats> jacobianNorm;  ///< ‖∂weights/∂masked‖, Frobenius [H][Tq]
  std::vector<PackedKeys> packedValues;  ///< V as the score kernel reads keys: ∂L/∂weights = upstream · v_j
};

/// [H][Tq, d_v]: what was mixed, 0 for ablated heads.
struct HeadOutputs {
  std::shared_ptr<const Heads> mixed;
  std::vector<bool> ablated;
  Matrix zeros;  ///< [Tq, d_v] where a head is ablated

  const Matrix& operator[](std::size_t head) const { return ablated[head] ? zeros : (*mixed)[head]; }
};

struct Outputs {
  HeadOutputs headOutput;
  Matrix output;  ///< [Tq, d_model]; empty without W_O
};

/// How scores are made of dot products, and weights of scores.
struct Rules {
  float scale = 1;
  std::string normalizerKind;
  std::shared_ptr<const Normalizer> normalizer;
  float temperature = 1;
  EmptyRow emptyRow = EmptyRow::zeros;
  float softcap = 0;  ///< s becomes c tanh(s ÷ c); 0: scores are not capped
  std::shared_ptr<const BiasPlan> biases;
  Mistake mistake;

  /// Whether `biased` differs from `scaled`.
  bool modifies() const { return softcap > 0 || !biases->empty(); }
};

/// The evaluated experiment: everything a Field needs, nothing of size T × T. Immutable once published.
struct Run {
  Sizes sizes;
  Inputs inputs;
  Caused<Projected> projected;
  Rules rules;
  Caused<MaskPlan> mask;
  Caused<Statistics> statistics;
  Caused<Overviews> overviews;  ///< of the weights; null without statistics, and for small fields
  /// What of the overviews can be read while they are made, before there are statistics; null: all of it.
  std::shared_ptr<const OverviewRows> overviewRows;
  Caused<Heads> mixed;      ///< [H][Tq, d_v], weights × values before any head is switched off
  Caused<Outputs> outputs;  ///< null until asked for, and without values
  std::shared_ptr<const ValueLengths> valueLengths;
  Caused<Gradients> gradients;  ///< null until asked for
  std::vector<bool> ablated;    ///< [H]
  /// A name for the numbers of each stage: equal keys, equal numbers. 0 where the stage is absent.
  std::array<std::uint64_t, kStageCount> stageKeys{};
  double seconds = 0;  ///< evaluation alone

  bool has(Stage stage) const { return stageKeys[static_cast<std::size_t>(stage)] != 0; }
  /// Whether the rows have this number.
  bool has(RowQuantity quantity) const;
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
  std::optional<double> softcap;
  std::vector<Kinded> biases;
  Mistake mistake;
  /// Opens the tensors that masks and biases name; null where none does.
  std::shared_ptr<const TensorSource> tensors;
  int batch = 0;  ///< which element of `batches` (0: there is no batch axis)
  int batches = 0;
  /// ∂L/∂output [Tq, d_model], or ∂L/∂concat [Tq, H·d_v] where there is no output; all ones where it is null.
  Caused<Matrix> upstream;
};

/// Memory of the caller for the weights of every head: row i of head h begins at data + h · headStride + i ·
/// rowStride. Rows on cache-line borders are written fastest.
struct WeightsTarget {
  float* data = nullptr;
  std::int64_t headStride = 0;
  std::int64_t rowStride = 0;
  bool droppedAreZero = false;  ///< pairs that the mask drops hold 0 already, as from the last time

  explicit operator bool() const { return data != nullptr; }
};

struct AttendOptions {
  bool statistics = true;  ///< without them a Field computes its rows' numbers when they are needed
  bool outputs = true;     ///< head outputs, concat, contribution, output
  bool gradients = false;
  /// Of all heads together. Where there are more, the run goes without the statistics and outputs that it
  /// cannot share with the one before.
  std::int64_t mostCells = std::numeric_limits<std::int64_t>::max();
  /// Whether the statistics pass makes overviews; by itself it does above kOverviewCells cells a head.
  std::optional<bool> overview = {};
  WeightsTarget weights = {};  ///< written on the way where it has memory
  Cancel cancel = {};
  std::function<void(double)> progress = {};  ///< called now and then, from any thread, with the share done
  OverviewSight sight = {};                   ///< where overviews are made on the way
};

/// What the masks and biases of a plan are made for.
MaskContext maskContext(const AttentionPlan& plan);

/// Evaluates the plan, sharing with `previous` (may be null) what did not change. Errors: an invalid mask
/// entry or normalizer (JSON path), cancelled.
Result<std::shared_ptr<const Run>> attend(const AttentionPlan& plan, const Run* previous, ThreadPool& pool,
                                          const AttendOptions& options = {});

/// Why the stage is absent in this run, or nothing: "the source gives q and k, there is no input".
std::string absence(const Run& run, Stage stage);
std::string absence(const Run& run, RowQuantity quantity);

/// The numbers of rows [r0, r1) of a head, from the statistics where the run has them, else computed.
void rowNumbers(const Run& run, int head, std::int64_t r0, std::int64_t r1, RowNumbers* out);

}  // namespace headlight
