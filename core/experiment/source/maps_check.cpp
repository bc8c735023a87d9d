#include "core/experiment/source/maps_check.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/number.h"
#include "core/base/words.h"

namespace headlight {
namespace {

/// What was found of one kind, and where first.
struct Findings {
  std::int64_t count = 0;
  std::string first;

  void add(const std::string& place) {
    if (count++ == 0) first = place;
  }
};

class Check {
 public:
  Check(const GivenMaps& maps, const Sizes& sizes) : maps_(maps), sizes_(sizes) {
    const std::int64_t rows = sizes.heads * sizes.queries;
    step_ = std::max<std::int64_t>(1, (rows * sizes.keys + kMostCheckedCells - 1) / kMostCheckedCells);
  }

  Result<std::vector<std::string>> run() {
    // Rows of a head lie one behind the other: where all count they are read together.
    const std::int64_t rows = sizes_.queries;
    const std::int64_t together = step_ > 1 ? 1 : std::clamp<std::int64_t>(kPiece / sizes_.keys, 1, rows);
    std::vector<float> piece(static_cast<std::size_t>(together * sizes_.keys));
    for (std::int64_t head = 0; head < sizes_.heads; ++head) {
      // The n-th row of all heads counts when step_ divides n.
      const std::int64_t before = head * rows;
      const std::int64_t start = (step_ - before % step_) % step_;
      for (std::int64_t row = start; row<rows; row += step_> 1 ? step_ : together) {
        const std::int64_t count = std::min(together, rows - row);
        const std::int64_t at = maps_.first + head * maps_.headStride + row * sizes_.keys;
        if (!maps_.tensor->read(at, count * sizes_.keys, piece.data())) {
          return Error{ErrorCode::unreadable, "the maps can no longer be read", "source.file",
                       "Open the experiment again"};
        }
        for (std::int64_t i = 0; i < count; ++i) look(piece.data() + i * sizes_.keys, head, row + i);
      }
    }
    return warnings();
  }

 private:
  static constexpr std::int64_t kPiece = std::int64_t{1} << 18;

  void look(const float* row, std::int64_t head, std::int64_t query) {
    ++looked_;
    const bool scores = maps_.enters != Stage::weights;
    double sum = 0;
    bool finite = true;
    for (std::int64_t j = 0; j < sizes_.keys; ++j) {
      sum += static_cast<double>(row[j]);
      const bool masked = scores && row[j] == -std::numeric_limits<float>::infinity();
      if (std::isfinite(row[j]) || masked) continue;
      finite = false;
      nonFinite_.add(place(head, query) + ", " + std::to_string(j) + "]");
    }
    if (scores || !finite || std::abs(sum - 1) <= kRowSumTolerance) return;
    sums_.add(place(head, query) + "] with " + fixed(sum));
  }

  static std::string place(std::int64_t head, std::int64_t query) {
    return "[" + std::to_string(head) + ", " + std::to_string(query);
  }
  static std::string fixed(double sum) { return shortest(std::round(sum * 1e6) / 1e6); }

  std::vector<std::string> warnings() const {
    std::vector<std::string> list;
    const std::string sampled =
        step_ == 1 ? "" : ", of every " + std::to_string(step_) + "th row, which alone were looked at";
    if (nonFinite_.count > 0) {
      list.push_back("maps hold " +
                     countText(nonFinite_.count, "value that is NaN or infinite, at ",
                               "values that are NaN or infinite, the first at ") +
                     nonFinite_.first + sampled);
    }
    if (sums_.count > 0) {
      list.push_back("maps: " + std::to_string(sums_.count) + " of " +
                     countText(looked_, "row does", "rows do") + " not sum to 1 ± " +
                     shortest(kRowSumTolerance) + ", the first at " + sums_.first + sampled);
    }
    return list;
  }

  const GivenMaps& maps_;
  const Sizes& sizes_;
  std::int64_t step_ = 1;
  std::int64_t looked_ = 0;
  Findings nonFinite_;
  Findings sums_;
};

}  // namespace

Result<std::vector<std::string>> mapsWarnings(const GivenMaps& maps, const Sizes& sizes) {
  return Check(maps, sizes).run();
}

}  // namespace headlight
