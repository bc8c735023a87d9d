#include "core/attention/difference_pool.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/attention/field_kept.h"
#include "core/attention/field_pool.h"
#include "core/attention/mask/runs.h"
#include "core/attention/tile_parts.h"

namespace headlight {
namespace {

constexpr std::uint8_t kValue = static_cast<std::uint8_t>(CellClass::value);
constexpr std::uint8_t kMasked = static_cast<std::uint8_t>(CellClass::masked);
constexpr std::uint8_t kPartly = static_cast<std::uint8_t>(CellClass::partlyMasked);

/// Whether a masked cell of the stage is a 0 that counts; else it is −∞, and nothing can be taken from it.
bool maskedIsZero(Stage stage) {
  return stage != Stage::masked;
}

/// The class of a difference, given those of its two cells.
class Classes {
 public:
  Classes(Stage first, Stage second) : zeroFirst_(maskedIsZero(first)), zeroSecond_(maskedIsZero(second)) {}

  std::uint8_t of(std::uint8_t a, std::uint8_t b) const {
    const bool maskedA = a == kMasked;
    const bool maskedB = b == kMasked;
    if ((maskedA && (!zeroFirst_ || maskedB)) || (maskedB && !zeroSecond_)) return kMasked;
    return a == kValue && b == kValue ? kValue : kPartly;
  }

 private:
  bool zeroFirst_;
  bool zeroSecond_;
};

/// How many cells a difference keeps, by the two masks alone.
class KeptDifferences {
 public:
  explicit KeptDifferences(const FieldDifference& difference)
      : first_(difference.first().run(), difference.first().stage(), difference.first().head(),
               difference.cols()),
        second_(difference.second().run(), difference.second().stage(), difference.second().head(),
                difference.cols()),
        zeroFirst_(maskedIsZero(difference.first().stage())),
        zeroSecond_(maskedIsZero(difference.second().stage())) {}

  bool all() const { return first_.all() && second_.all(); }
  /// Calls add(runs, sign) so that the signed sums of the runs are the kept cells of row i.
  template <class Add>
  void kept(std::int64_t i, const Add& add) {
    const std::span<const KeyRun> a = first_.of(i, runs_);
    const std::span<const KeyRun> b = second_.of(i, otherRuns_);
    if (zeroFirst_ && !zeroSecond_) return add(b, 1);
    if (!zeroFirst_ && zeroSecond_) return add(a, 1);
    const std::vector<KeyRun> both = intersection(a, b);
    if (!zeroFirst_) return add(both, 1);
    add(a, 1);
    add(b, 1);
    add(both, -1);
  }
  /// The cells that every mask keeps.
  std::vector<KeyRun> certain(std::int64_t i) {
    return intersection(first_.ofAllHeads(i, runs_), second_.ofAllHeads(i, otherRuns_));
  }

 private:
  KeptCells first_;
  KeptCells second_;
  bool zeroFirst_;
  bool zeroSecond_;
  std::vector<KeyRun> runs_;
  std::vector<KeyRun> otherRuns_;
};

/// What one row of pixels covers.
struct Pixels {
  std::vector<float> extreme;
  std::vector<double> sums;  ///< of the finite differences
  std::vector<std::int64_t> finite;
  std::vector<std::uint8_t> any;  ///< 1 where a kept cell was read, 2 where one is NaN

  void clear(std::size_t pixels) {
    extreme.assign(pixels, 0.0f);
    sums.assign(pixels, 0.0);
    finite.assign(pixels, 0);
    any.assign(pixels, 0);
  }
  void add(std::size_t p, float value) {
    if (std::isnan(value)) {
      any[p] = 2;
      return;
    }
    any[p] |= 1;
    const float size = std::abs(value);
    const float before = std::abs(extreme[p]);
    if (size > before || (size == before && value > extreme[p])) extreme[p] = value;
    if (!std::isfinite(value)) return;
    sums[p] += static_cast<double>(value);
    ++finite[p];
  }
  void write(std::size_t p, std::size_t at, Tile& tile) const {
    if ((any[p] & 2) != 0) {
      tile.extreme[at] = tile.mean[at] = std::numeric_limits<float>::quiet_NaN();
      return;
    }
    tile.extreme[at] = extreme[p];
    tile.mean[at] =
        finite[p] == 0 ? extreme[p] : static_cast<float>(sums[p] / static_cast<double>(finite[p]));
  }
};

/// The rows of pixels of a tile above level 0.
class TilePooling {
 public:
  TilePooling(const FieldDifference& difference, const DifferenceTilePlan& plan, Tile& tile)
      : difference_(difference),
        plan_(plan),
        side_(std::int64_t{1} << plan.level),
        firstRow_(plan.r * kTileSize),
        firstCol_(plan.c * kTileSize),
        c0_(firstCol_ << plan.level),
        c1_(std::min(difference.cols(), (firstCol_ + tile.cols) << plan.level)),
        tile_(tile) {}

  void row(std::int64_t index, const Cancel& cancel) const {
    thread_local Pixels pixels;
    pixels.clear(static_cast<std::size_t>(tile_.cols));
    const std::int64_t r0 = (firstRow_ + index) * side_;
    const std::int64_t r1 = std::min(difference_.rows(), r0 + side_);
    const std::int64_t count = std::min(plan_.rowsOfPixel, r1 - r0);
    if (count == r1 - r0) {
      if (!read({r0, r1, c0_, c1_}, cancel, pixels)) return;
    } else {
      for (std::int64_t n = 0; n < count; ++n) {
        const std::int64_t i = r0 + (2 * n + 1) * (r1 - r0) / (2 * count);
        if (!read({i, i + 1, c0_, c1_}, cancel, pixels)) return;
      }
    }
    const std::size_t at = static_cast<std::size_t>(index) * static_cast<std::size_t>(tile_.cols);
    for (std::size_t p = 0; p < pixels.any.size(); ++p) pixels.write(p, at + p, tile_);
    writeClasses(r0, r1, at);
  }

 private:
  bool read(const BlockRange& range, const Cancel& cancel, Pixels& pixels) const {
    thread_local DifferencePiece piece;
    bool stopped = false;
    forEachStrip(range, [&](const BlockRange& part) {
      stopped = stopped || cancel.requested();
      if (stopped) return;
      piece.read(difference_.first(), difference_.second(), part);
      const float* values = piece.values();
      const std::uint8_t* classes = piece.classes();
      for (std::int64_t r = part.r0; r < part.r1; ++r) {
        for (std::int64_t c = part.c0; c < part.c1; ++c, ++values, ++classes) {
          if (*classes == kMasked) continue;
          pixels.add(static_cast<std::size_t>((c >> plan_.level) - firstCol_), *values);
        }
      }
    });
    return !stopped;
  }
  void writeClasses(std::int64_t r0, std::int64_t r1, std::size_t at) const {
    KeptDifferences masks(difference_);
    const auto size = static_cast<std::size_t>(tile_.cols);
    std::uint8_t* classes = tile_.classes.data() + at;
    if (masks.all()) {
      std::fill_n(classes, size, kValue);
      return;
    }
    std::vector<std::int64_t> kept(size, 0);
    std::vector<std::int64_t> twice(size, 0);
    std::vector<std::int64_t> certain(size, 0);
    std::vector<std::int64_t> keptSteps(size + 1, 0);
    std::vector<std::int64_t> twiceSteps(size + 1, 0);
    std::vector<std::int64_t> certainSteps(size + 1, 0);
    for (std::int64_t i = r0; i < r1; ++i) {
      masks.kept(i, [&](std::span<const KeyRun> runs, int sign) {
        countInPixels(runs, plan_.level, firstCol_, sign > 0 ? kept : twice,
                      sign > 0 ? keptSteps : twiceSteps);
      });
      countInPixels(masks.certain(i), plan_.level, firstCol_, certain, certainSteps);
    }
    sumSteps(kept, keptSteps);
    sumSteps(twice, twiceSteps);
    sumSteps(certain, certainSteps);
    for (std::size_t p = 0; p < size; ++p) {
      const std::int64_t begin = (firstCol_ + static_cast<std::int64_t>(p)) * side_;
      const std::int64_t cells = (r1 - r0) * (std::min(difference_.cols(), begin + side_) - begin);
      classes[p] = kept[p] == twice[p] ? kMasked : certain[p] == cells ? kValue : kPartly;
    }
  }

  const FieldDifference& difference_;
  const DifferenceTilePlan& plan_;
  std::int64_t side_;
  std::int64_t firstRow_;
  std::int64_t firstCol_;
  std::int64_t c0_;
  std::int64_t c1_;
  Tile& tile_;
};

}  // namespace

void DifferencePiece::read(const Field& first, const Field& second, const BlockRange& range) {
  const std::int64_t cols = range.c1 - range.c0;
  const auto size = static_cast<std::size_t>((range.r1 - range.r0) * cols);
  values_.resize(size);
  classes_.resize(size);
  others_.resize(size);
  otherClasses_.resize(size);
  first.block(range.r0, range.r1, range.c0, range.c1, values_.data(), classes_.data(), cols);
  second.block(range.r0, range.r1, range.c0, range.c1, others_.data(), otherClasses_.data(), cols);
  const Classes classes(first.stage(), second.stage());
  for (std::size_t n = 0; n < size; ++n) {
    const std::uint8_t a = classes_[n];
    const std::uint8_t b = otherClasses_[n];
    classes_[n] = classes.of(a, b);
    // A masked cell may hold anything its stage shows there; here it is 0.
    const float left = a == kMasked ? 0.0f : values_[n];
    const float right = b == kMasked ? 0.0f : others_[n];
    values_[n] = classes_[n] == kMasked ? 0.0f : left - right;
  }
}

Tile differenceTile(const FieldDifference& difference, const DifferenceTilePlan& plan, const Cancel& cancel,
                    ThreadPool* pool) {
  Tile tile = emptyTile(difference.rows(), difference.cols(), plan.level, plan.r, plan.c);
  if (tile.rows == 0 || tile.cols == 0) return tile;
  if (plan.level == 0) {
    fillWithCells(difference, plan.r, plan.c, tile, pool, cancel);
    return tile;
  }
  const TilePooling pooling(difference, plan, tile);
  forEachRow(
      pool, tile.rows, [&](std::int64_t index) { pooling.row(index, cancel); }, cancel);
  return tile;
}

std::int64_t keptCells(const FieldDifference& difference) {
  KeptDifferences masks(difference);
  if (masks.all()) return difference.rows() * difference.cols();
  std::int64_t kept = 0;
  for (std::int64_t i = 0; i < difference.rows(); ++i) {
    masks.kept(i, [&](std::span<const KeyRun> runs, int sign) {
      for (const KeyRun& run : runs) kept += sign * (run.end - run.begin);
    });
  }
  return kept;
}

}  // namespace headlight
