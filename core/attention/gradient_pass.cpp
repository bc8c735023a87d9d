#include <algorithm>
#include <cmath>

#include "core/attention/gradient.h"
#include "core/attention/kernels/multiply.h"
#include "core/attention/mask/runs.h"
#include "core/attention/merge.h"
#include "core/attention/project.h"
#include "core/attention/score.h"
#include "core/attention/work.h"
#include "core/base/eigen.h"

namespace headlight {
namespace {

/// Keys of one task of the second pass, and rows that are done together.
constexpr std::int64_t kKeyBlock = 128;
constexpr std::int64_t kMostRows = 48;

/// Rows of the first pass together: their maps over all keys stay small.
std::int64_t rowsOfPass(const Sizes& sizes) {
  return std::clamp<std::int64_t>((std::int64_t{1} << 17) / sizes.keys, 12, kMostRows);
}

/// A memory of floats that is used again.
float* room(AlignedFloats& memory, std::int64_t count) {
  memory.resize(std::max(memory.size(), static_cast<std::size_t>(count)));
  return memory.data();
}

class GradientPass {
 public:
  GradientPass(const Run& run, const Caused<Matrix>& upstream, ThreadPool& pool, const Cancel& cancel)
      : run_(run),
        s_(run.sizes),
        upstream_(upstream),
        pool_(pool),
        cancel_(cancel),
        scored_(run.has(Stage::gradScores)),
        projected_(run.has(Stage::gradQ)) {}

  std::shared_ptr<const Gradients> make() {
    prepare();
    if (!makeUpstream() || (scored_ && !passRows()) || !passKeys()) return nullptr;
    return std::make_shared<const Gradients>(std::move(out_));
  }

 private:
  void prepare() {
    const auto heads = static_cast<std::size_t>(s_.heads);
    const auto kvHeads = static_cast<std::size_t>(s_.kvHeads);
    out_.upstream.assign(heads, Matrix(s_.queries, s_.dV));
    out_.v.assign(kvHeads, Matrix(s_.keys, s_.dV));
    if (!scored_) return;
    out_.centre.assign(heads, std::vector<double>(static_cast<std::size_t>(s_.queries), 0.0));
    out_.jacobianNorm.assign(heads, AlignedFloats(static_cast<std::size_t>(s_.queries), 0.0f));
    for (const Matrix& values : run_.projected->v) out_.packedValues.push_back(packKeys(values));
    if (!projected_) return;
    out_.q.assign(heads, Matrix(s_.queries, s_.dK));
    out_.k.assign(kvHeads, Matrix(s_.keys, s_.dK));
    for (const Matrix& keys : run_.projected->k) keys_.push_back(mixValues(keys));
    for (const Matrix& queries : run_.projected->q) queries_.push_back(mixValues(queries));
  }

  /// ∂L/∂(weights × v): upstream × the head's rows of W_O, transposed.
  bool makeUpstream() {
    const std::int64_t blocks = (s_.queries + kMostRows - 1) / kMostRows;
    const auto task = [&](std::int64_t index) {
      const std::int64_t r0 = index % blocks * kMostRows;
      upstreamRows(static_cast<int>(index / blocks), r0, std::min(kMostRows, s_.queries - r0));
    };
    const double width = run_.inputs.wO && upstream_ ? static_cast<double>(run_.inputs.wO->weight.cols()) : 2;
    const double flop = 2.0 * width * static_cast<double>(s_.heads * s_.queries * s_.dV);
    if (!forEachTask(pool_, flop, s_.heads * blocks, task, cancel_)) return false;
    for (const Matrix& upstream : out_.upstream) mixing_.push_back(mixValues(upstream));
    return true;
  }

  void upstreamRows(int head, std::int64_t first, std::int64_t count) {
    const auto h = static_cast<std::size_t>(head);
    if (run_.ablated[h]) return;
    auto into = asEigen(out_.upstream[h]).middleRows(first, count);
    if (!run_.inputs.wO) {
      if (upstream_) {
        into = asEigen(*upstream_).block(first, head * s_.dV, count, s_.dV);
      } else {
        into.setOnes();
      }
      return;
    }
    const MergeRows part = mergeRows(run_.rules.mistake, head, s_.heads, s_.dV);
    const auto W = asEigen(run_.inputs.wO->weight).middleRows(part.first, s_.dV);
    if (upstream_) {
      into.noalias() = part.factor * asEigen(*upstream_).middleRows(first, count) * W.transpose();
    } else {
      const EigenRow sums =
          (W.cast<double>().rowwise().sum() * static_cast<double>(part.factor)).cast<float>().transpose();
      into.rowwise() = sums;
    }
  }

  /// centre, norm and grad_q of every row.
  bool passRows() {
    const std::int64_t together = rowsOfPass(s_);
    const std::int64_t blocks = (s_.queries + together - 1) / together;
    const auto task = [&](std::int64_t index) {
      const std::int64_t block = blocks - 1 - index % blocks;
      const std::int64_t r0 = block * together;
      doRows(static_cast<int>(index / blocks), r0, std::min(r0 + together, s_.queries));
    };
    return forEachTask(pool_, work(), s_.heads * blocks, task, cancel_);
  }

  double work() const {
    return static_cast<double>(run_.mask->keptCells()) * (6.0 * static_cast<double>(s_.dK + s_.dV) + 40);
  }

  void doRows(int head, std::int64_t r0, std::int64_t r1) {
    KeyRun reach{s_.keys, 0};
    for (std::int64_t i = r0; i < r1; ++i) {
      const std::span<const KeyRun> runs = run_.mask->runs(head, i);
      if (runs.empty()) continue;
      reach.begin = std::min(reach.begin, runs.front().begin);
      reach.end = std::max(reach.end, runs.back().end);
    }
    if (reach.begin >= reach.end) return;
    const BlockRange range{r0, r1, reach.begin, reach.end};
    const std::int64_t width = reach.end - reach.begin;
    thread_local AlignedFloats memory;
    float* weights = room(memory, (r1 - r0) * width);
    mapBlock(run_, Stage::weights, head, range, {weights, nullptr, width});
    measureRows(head, range, weights);
    if (!projected_ || run_.ablated[static_cast<std::size_t>(head)]) return;
    gradientOfScores(run_, out_, head, range, weights, weights, width);
    throughScores(head, range, weights, width);
    mixKeys(head, range, weights);
  }

  /// centre_i = κ Σ_j c_ij ∂L/∂a_ij, and ‖diag(c) − κ c cᵀ‖ ÷ τ.
  void measureRows(int head, const BlockRange& range, const float* weights) {
    const auto h = static_cast<std::size_t>(head);
    const std::int64_t width = range.c1 - range.c0;
    const PanelRange panels = panelsOf(range.c0, range.c1);
    thread_local AlignedFloats memory;
    float* slopes = room(memory, (range.r1 - range.r0) * panels.width());
    const PackedKeys& values = out_.packedValues[static_cast<std::size_t>(s_.kvHeadOf(head))];
    score(out_.upstream[h], range.r0, range.r1, values, panels, 1, slopes, panels.width());
    std::vector<double> kept;
    for (std::int64_t i = range.r0; i < range.r1; ++i) {
      const std::span<const KeyRun> runs = run_.mask->runs(head, i);
      if (runs.empty()) continue;
      const float* row = weights + (i - range.r0) * width - range.c0;
      kept.clear();
      for (const KeyRun& run : runs) kept.insert(kept.end(), row + run.begin, row + run.end);
      const Jacobian jacobian = run_.rules.normalizer->jacobian(kept);
      out_.jacobianNorm[h][static_cast<std::size_t>(i)] =
          static_cast<float>(norm(jacobian) / static_cast<double>(run_.rules.temperature));
      if (run_.ablated[h]) continue;
      const float* slope = slopes + (i - range.r0) * panels.width() - panels.firstKey();
      const double* c = jacobian.c.data();
      double sum = 0;
      for (const KeyRun& run : runs) {
        for (std::int64_t j = run.begin; j < run.end; ++j) sum += *c++ * static_cast<double>(slope[j]);
      }
      // Without κ nothing is common to the row, whatever its slopes are.
      out_.centre[h][static_cast<std::size_t>(i)] = jacobian.kappa == 0 ? 0.0 : jacobian.kappa * sum;
    }
  }

  static double norm(const Jacobian& jacobian) {
    double squares = 0;
    double cubes = 0;
    for (const double c : jacobian.c) {
      squares += c * c;
      cubes += c * c * c;
    }
    const double k = jacobian.kappa;
    const double square = squares - 2 * k * cubes + k * k * squares * squares;
    // Of a row with one weight it is 0 up to rounding.
    return square < 0 ? 0.0 : std::sqrt(square);
  }

  /// ∂L/∂masked becomes ∂L/∂dot, by the slope of the softcap and the scale.
  void throughScores(int head, const BlockRange& range, float* slopes, std::int64_t stride) const {
    const std::int64_t rows = range.r1 - range.r0;
    const std::int64_t cols = range.c1 - range.c0;
    const auto cap = static_cast<double>(run_.rules.softcap);
    const PanelRange panels = panelsOf(range.c0, range.c1);
    thread_local AlignedFloats memory;
    float* scaled = nullptr;
    if (cap > 0) {
      scaled = room(memory, rows * panels.width());
      scoreBlock(scoreInput(run_), Stage::scaled, head, range.r0, range.r1, panels, scaled, panels.width());
    }
    for (std::int64_t r = 0; r < rows; ++r) {
      float* row = slopes + r * stride;
      for (std::int64_t c = 0; c < cols; ++c) row[c] *= run_.rules.scale;
      if (cap == 0) continue;
      const float* score = scaled + r * panels.width() + (range.c0 - panels.firstKey());
      forEachInside(run_.mask->runs(head, range.r0 + r), range.c0, range.c1,
                    [&](std::int64_t begin, std::int64_t end) {
                      for (std::int64_t c = begin - range.c0; c < end - range.c0; ++c) {
                        const double t = std::tanh(static_cast<double>(score[c]) / cap);
                        row[c] *= static_cast<float>(1 - t * t);
                      }
                    });
    }
  }

  /// grad_q_i = Σ_j slope_ij k_j over the kept keys.
  void mixKeys(int head, const BlockRange& range, const float* slopes) {
    const auto h = static_cast<std::size_t>(head);
    const auto kv = static_cast<std::size_t>(s_.kvHeadOf(head));
    const Matrix& keys = run_.projected->k[kv];
    const MixValues& mixing = keys_[kv];
    const std::int64_t rows = range.r1 - range.r0;
    const std::int64_t width = range.c1 - range.c0;
    thread_local AlignedFloats memory;
    float* sums = room(memory, rows * mixing.width);
    multiply(slopes, width, rows, {mixing.of(keys) + range.c0 * mixing.width, kPanelWidth, mixing.width},
             mixing.width / kPanelWidth, width, 1, Into::empty, sums, mixing.width);
    for (std::int64_t i = range.r0; i < range.r1; ++i) {
      float* into = out_.q[h].row(i);
      std::copy_n(sums + (i - range.r0) * mixing.width, s_.dK, into);
      for (const std::int64_t j : mixing.oddKeys) {
        if (!run_.mask->keeps(head, i, j)) continue;
        addOdd(slopes[(i - range.r0) * width + (j - range.c0)], keys, j, into);
      }
    }
  }

  /// What the sums leave out of a row of numbers that are not finite.
  static void addOdd(float factor, const Matrix& rows, std::int64_t row, float* into) {
    for (std::int64_t e = 0; e < rows.cols(); ++e) {
      if (!std::isfinite(rows(row, e))) into[e] += factor * rows(row, e);
    }
  }

  /// grad_k and grad_v.
  bool passKeys() {
    const std::int64_t blocks = (s_.keys + kKeyBlock - 1) / kKeyBlock;
    const auto task = [&](std::int64_t index) {
      const std::int64_t c0 = index % blocks * kKeyBlock;
      doKeys(static_cast<int>(index / blocks), c0, std::min(c0 + kKeyBlock, s_.keys));
    };
    return forEachTask(pool_, work(), s_.kvHeads * blocks, task, cancel_) && !cancel_.requested();
  }

  void doKeys(int kvHead, std::int64_t c0, std::int64_t c1) {
    const int group = s_.heads / s_.kvHeads;
    const auto kv = static_cast<std::size_t>(kvHead);
    const std::int64_t keys = c1 - c0;
    const std::int64_t widthV = mixing_.front().width;
    const std::int64_t widthK = projected_ ? queries_.front().width : 0;
    thread_local AlignedFloats memory;
    float* weights = room(memory, 2 * kMostRows * keys + keys * (kMostRows + widthV + widthK));
    float* slopes = weights + kMostRows * keys;
    float* turned = slopes + kMostRows * keys;
    float* sumsV = turned + kMostRows * keys;
    float* sumsK = sumsV + keys * widthV;
    std::fill_n(sumsV, keys * (widthV + widthK), 0.0f);
    for (int head = kvHead * group; head < (kvHead + 1) * group; ++head) {
      const auto h = static_cast<std::size_t>(head);
      if (run_.ablated[h]) continue;
      for (std::int64_t r0 = 0; r0 < s_.queries && !cancel_.requested(); r0 += kMostRows) {
        const BlockRange range{r0, std::min(r0 + kMostRows, s_.queries), c0, c1};
        if (!touches(head, range)) continue;
        mapBlock(run_, Stage::weights, head, range, {weights, nullptr, keys});
        if (projected_) {
          gradientOfScores(run_, out_, head, range, weights, slopes, keys);
          throughScores(head, range, slopes, keys);
        }
        addRows(range, weights, out_.upstream[h], mixing_[h], turned, sumsV);
        if (projected_) addRows(range, slopes, run_.projected->q[h], queries_[h], turned, sumsK);
        addOddRows(head, range, weights, slopes, sumsV, sumsK);
      }
    }
    for (std::int64_t j = c0; j < c1; ++j) {
      std::copy_n(sumsV + (j - c0) * widthV, s_.dV, out_.v[kv].row(j));
      if (projected_) std::copy_n(sumsK + (j - c0) * widthK, s_.dK, out_.k[kv].row(j));
    }
  }

  bool mixesEmptyRows() const { return scored_ && run_.rules.emptyRow != EmptyRow::zeros; }

  /// Whether any pair of the block takes part.
  bool touches(int head, const BlockRange& range) const {
    if (!scored_) return true;
    for (std::int64_t i = range.r0; i < range.r1; ++i) {
      const std::span<const KeyRun> runs = run_.mask->runs(head, i);
      if (runs.empty() && mixesEmptyRows()) return true;
      const KeyRun* run = runBehind(runs, range.c0);
      if (run != runs.data() + runs.size() && run->begin < range.c1) return true;
    }
    return false;
  }

  /// sums [keys, width] += factorsᵀ × rows of the block.
  void addRows(const BlockRange& range, const float* factors, const Matrix& rows, const MixValues& mixing,
               float* turned, float* sums) const {
    const std::int64_t keys = range.c1 - range.c0;
    const std::int64_t count = range.r1 - range.r0;
    for (std::int64_t r = 0; r < count; ++r) {
      for (std::int64_t c = 0; c < keys; ++c) turned[c * count + r] = factors[r * keys + c];
    }
    multiply(turned, count, keys, {mixing.of(rows) + range.r0 * mixing.width, kPanelWidth, mixing.width},
             mixing.width / kPanelWidth, count, 1, Into::sum, sums, mixing.width);
  }

  void addOddRows(int head, const BlockRange& range, const float* weights, const float* slopes, float* sumsV,
                  float* sumsK) const {
    const auto h = static_cast<std::size_t>(head);
    const std::int64_t keys = range.c1 - range.c0;
    const auto add = [&](const MixValues& mixing, const Matrix& rows, const float* factors, bool all,
                         float* sums) {
      for (const std::int64_t i : mixing.oddKeys) {
        if (i < range.r0 || i >= range.r1) continue;
        const bool whole = all && (!scored_ || (mixesEmptyRows() && run_.mask->runs(head, i).empty()));
        for (std::int64_t j = range.c0; j < range.c1; ++j) {
          if (!whole && !run_.mask->keeps(head, i, j)) continue;
          addOdd(factors[(i - range.r0) * keys + (j - range.c0)], rows, i,
                 sums + (j - range.c0) * mixing.width);
        }
      }
    };
    add(mixing_[h], out_.upstream[h], weights, true, sumsV);
    if (projected_) add(queries_[h], run_.projected->q[h], slopes, false, sumsK);
  }

  const Run& run_;
  const Sizes& s_;
  const Caused<Matrix>& upstream_;
  ThreadPool& pool_;
  const Cancel& cancel_;
  bool scored_;     ///< there are scores, and their gradient
  bool projected_;  ///< there are q and k, and their gradients
  Gradients out_;
  std::vector<MixValues> keys_;     ///< of k
  std::vector<MixValues> queries_;  ///< of q
  std::vector<MixValues> mixing_;   ///< of the upstream of each head
};

}  // namespace

Status checkUpstream(const AttentionPlan& plan) {
  if (!plan.upstream) return {};
  const Sizes& s = plan.inputs.sizes;
  const bool merged = static_cast<bool>(plan.inputs.wO);
  const std::int64_t width = merged ? plan.inputs.wO->weight.cols() : s.heads * s.dV;
  const Matrix& upstream = *plan.upstream;
  if (upstream.rows() == s.queries && upstream.cols() == width) return {};
  return Error{ErrorCode::invalid,
               "the upstream gradient is " + std::to_string(upstream.rows()) + " × " +
                   std::to_string(upstream.cols()) + ", accepted is " + std::to_string(s.queries) + " × " +
                   std::to_string(width) + ", the shape of " + (merged ? "output" : "concat"),
               "", ""};
}

std::shared_ptr<const Gradients> gradientsOf(const Run& run, const Caused<Matrix>& upstream, ThreadPool& pool,
                                             const Cancel& cancel) {
  return GradientPass(run, upstream, pool, cancel).make();
}

}  // namespace headlight
