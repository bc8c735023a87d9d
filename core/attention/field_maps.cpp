#include <limits>

#include "core/attention/field_blocks.h"
#include "core/attention/gradient.h"
#include "core/attention/mask/runs.h"
#include "core/attention/normalize/empty_row.h"
#include "core/attention/over_queries.h"
#include "core/attention/score.h"

namespace headlight {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr auto kValue = static_cast<std::uint8_t>(CellClass::value);
constexpr auto kMasked = static_cast<std::uint8_t>(CellClass::masked);

void fill(float* values, std::uint8_t* classes, std::int64_t count, float value, std::uint8_t cellClass) {
  std::fill_n(values, count, value);
  if (classes != nullptr) std::fill_n(classes, count, cellClass);
}

/// The columns of the range that any of its rows keeps.
KeyRun keptColumns(const MaskPlan& mask, int head, const BlockRange& range) {
  KeyRun hull{range.c1, range.c0};
  for (std::int64_t i = range.r0; i < range.r1; ++i) {
    forEachInside(mask.runs(head, i), range.c0, range.c1, [&](std::int64_t begin, std::int64_t end) {
      hull.begin = std::min(hull.begin, begin);
      hull.end = std::max(hull.end, end);
    });
  }
  return hull;
}

/// At most kBlockRows × kBlockCols cells of one head.
class MapPiece {
 public:
  /// What pieces need on the way; the memory is used again by the next one.
  struct Scratch {
    AlignedFloats scores;
    std::vector<RowNumbers> numbers;
    std::int64_t firstNumbered = -1;  ///< the row of the first of them; −1: there are none of this block yet
  };

  MapPiece(const Run& run, Stage stage, int head, const BlockRange& range, const BlockTarget& target,
           Scratch& scratch)
      : run_(run),
        stage_(stage),
        head_(head),
        range_(range),
        target_(target),
        scratch_(scratch.scores),
        numbers_(scratch.numbers),
        firstNumbered_(scratch.firstNumbered) {}

  void fillIn() {
    const GivenMaps* maps = run_.inputs.maps ? run_.inputs.maps.value.get() : nullptr;
    const bool given = maps != nullptr && maps->enters == Stage::weights;
    if (!showsMask(stage_) || given) {
      // Weights that are given stay as they are: nothing behind `scaled` is applied.
      makeScores(given ? Stage::scaled : stage_, {range_.c0, range_.c1});
      for (std::int64_t i = range_.r0; i < range_.r1; ++i) copyRow(i);
      return;
    }
    const Mistake::MaskAs maskAs = run_.rules.mistake.maskAs;
    const bool all = maskAs != Mistake::MaskAs::minusInfinity;
    makeScores(Stage::biased, all ? KeyRun{range_.c0, range_.c1} : keptColumns(*run_.mask, head_, range_));
    if (maskAs == Mistake::MaskAs::zeroScore) dropped(0.0f);
    if (stage_ != Stage::masked) loadNumbers();
    for (std::int64_t i = range_.r0; i < range_.r1; ++i) {
      if (stage_ == Stage::masked) {
        maskedRow(i, all);
      } else {
        weightRow(i, all);
      }
    }
    if (maskAs == Mistake::MaskAs::zeroWeight && stage_ != Stage::masked) dropWeights();
  }

 private:
  std::int64_t cols() const { return range_.c1 - range_.c0; }
  float* scoresOf(std::int64_t i) { return scratch_.data() + (i - range_.r0) * width_ - firstKey_; }

  void makeScores(Stage upTo, const KeyRun& needed) {
    const PanelRange panels = panelsOf(needed.begin, needed.end);
    width_ = panels.width();
    firstKey_ = panels.firstKey();
    scratch_.resize(std::max(scratch_.size(), static_cast<std::size_t>((range_.r1 - range_.r0) * width_)));
    scoreBlock(scoreInput(run_), upTo, head_, range_.r0, range_.r1, panels, scratch_.data(), width_);
  }
  void copyRow(std::int64_t i) {
    const float* scores = scoresOf(i);
    std::copy(scores + range_.c0, scores + range_.c1, target_.row(i - range_.r0));
    if (std::uint8_t* classes = target_.classRow(i - range_.r0)) std::fill_n(classes, cols(), kValue);
  }
  /// Calls visit(begin, end) for the columns of the range that the mask drops from row i.
  template <class Visit>
  void forEachDropped(std::int64_t i, const Visit& visit) {
    std::int64_t at = range_.c0;
    forEachInside(run_.mask->runs(head_, i), range_.c0, range_.c1, [&](std::int64_t begin, std::int64_t end) {
      if (begin > at) visit(at, begin);
      at = end;
    });
    if (at < range_.c1) visit(at, range_.c1);
  }
  void dropped(float score) {
    for (std::int64_t i = range_.r0; i < range_.r1; ++i) {
      float* scores = scoresOf(i);
      forEachDropped(
          i, [&](std::int64_t begin, std::int64_t end) { std::fill(scores + begin, scores + end, score); });
    }
  }
  void loadNumbers() {
    // Pieces side by side share them: without statistics they cost a pass over whole rows.
    if (firstNumbered_ == range_.r0) return;
    firstNumbered_ = range_.r0;
    numbers_.resize(static_cast<std::size_t>(range_.r1 - range_.r0));
    rowNumbers(run_, head_, range_.r0, range_.r1, numbers_.data());
  }
  void maskedRow(std::int64_t i, bool all) {
    if (all) return copyRow(i);
    float* values = target_.row(i - range_.r0);
    std::uint8_t* classes = target_.classRow(i - range_.r0);
    const float* scores = scoresOf(i);
    fill(values, classes, cols(), -kInfinity, kMasked);
    forEachInside(run_.mask->runs(head_, i), range_.c0, range_.c1, [&](std::int64_t begin, std::int64_t end) {
      std::copy(scores + begin, scores + end, values + (begin - range_.c0));
      if (classes != nullptr) std::fill(classes + (begin - range_.c0), classes + (end - range_.c0), kValue);
    });
  }
  void weightRow(std::int64_t i, bool all) {
    float* values = target_.row(i - range_.r0);
    std::uint8_t* classes = target_.classRow(i - range_.r0);
    const float* scores = scoresOf(i);
    const KeyRun everything{0, run_.sizes.keys};
    const std::span<const KeyRun> runs =
        all ? std::span<const KeyRun>(&everything, 1) : run_.mask->runs(head_, i);
    if (runs.empty()) {
      const EmptyRow policy = run_.rules.emptyRow;
      fill(values, classes, cols(), emptyRowWeight(policy, run_.sizes.keys),
           policy == EmptyRow::zeros ? kMasked : kValue);
      return;
    }
    const auto drop = [&](std::int64_t begin, std::int64_t end) {
      fill(values + (begin - range_.c0), classes == nullptr ? nullptr : classes + (begin - range_.c0),
           end - begin, 0.0f, kMasked);
    };
    std::int64_t at = range_.c0;
    const RowSetting setting{run_.rules.temperature, head_};
    const bool overQueries = run_.rules.mistake.overQueries;
    forEachInside(runs, range_.c0, range_.c1, [&](std::int64_t begin, std::int64_t end) {
      drop(at, begin);
      at = end;
      float* into = values + (begin - range_.c0);
      if (classes != nullptr) std::fill(classes + (begin - range_.c0), classes + (end - range_.c0), kValue);
      if (overQueries) return columnWeights(run_, head_, begin, end, scores + begin, into);
      run_.rules.normalizer->weigh(scores + begin, end - begin, setting,
                                   numbers_[static_cast<std::size_t>(i - range_.r0)], into);
    });
    drop(at, range_.c1);
  }
  void dropWeights() {
    for (std::int64_t i = range_.r0; i < range_.r1; ++i) {
      float* values = target_.row(i - range_.r0) - range_.c0;
      std::uint8_t* classes = target_.classRow(i - range_.r0);
      forEachDropped(i, [&](std::int64_t begin, std::int64_t end) {
        std::fill(values + begin, values + end, 0.0f);
        if (classes != nullptr)
          std::fill(classes + (begin - range_.c0), classes + (end - range_.c0), kMasked);
      });
    }
  }

  const Run& run_;
  Stage stage_;
  int head_;
  const BlockRange& range_;
  const BlockTarget& target_;
  AlignedFloats& scratch_;
  std::int64_t width_ = 0;
  std::int64_t firstKey_ = 0;
  std::vector<RowNumbers>& numbers_;
  std::int64_t& firstNumbered_;
};

/// weights × the length of each value.
void lengthen(const Run& run, int head, const BlockRange& range, const BlockTarget& target) {
  const AlignedFloats& lengths = run.valueLengths->of(run)[static_cast<std::size_t>(head)];
  for (std::int64_t r = 0; r < range.r1 - range.r0; ++r) {
    float* values = target.row(r);
    const std::uint8_t* classes = target.classRow(r);
    for (std::int64_t c = 0; c < range.c1 - range.c0; ++c) {
      // 0 · ∞ of a masked pair stays 0.
      if (values[c] == 0 && (classes == nullptr || classes[c] == kMasked)) continue;
      values[c] *= lengths[static_cast<std::size_t>(range.c0 + c)];
    }
  }
}

}  // namespace

void mapBlock(const Run& run, Stage stage, int head, const BlockRange& range, const BlockTarget& target) {
  thread_local MapPiece::Scratch scratch;
  scratch.firstNumbered = -1;
  forEachPiece(range, [&](const BlockRange& piece) {
    const std::int64_t at = (piece.r0 - range.r0) * target.stride + (piece.c0 - range.c0);
    const BlockTarget into = target.from(at);
    if (stage == Stage::gradScores) {
      gradientBlock(run, head, piece, into);
      return;
    }
    MapPiece(run, stage, head, piece, into, scratch).fillIn();
    if (stage == Stage::valueWeighted) lengthen(run, head, piece, into);
  });
}

}  // namespace headlight
