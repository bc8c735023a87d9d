#include "core/figure/hatch.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace headlight {

std::vector<Segment> hatchSegments(const Rect& area, std::int64_t rows, std::int64_t cols, double period,
                                   const std::function<bool(std::int64_t, std::int64_t)>& hatched) {
  std::vector<Segment> segments;
  if (rows < 1 || cols < 1 || !(period > 0)) return segments;
  const double cellW = area.width / static_cast<double>(cols);
  const double cellH = area.height / static_cast<double>(rows);
  // Heights at which the stripe passes from one cell to the next, and those that are another row's or
  // column's.
  std::vector<double> crossings;
  std::vector<double> ofRows;
  std::vector<double> ofCols;
  const auto stripes = static_cast<std::int64_t>(std::ceil((area.width + area.height) / period - 0.5));
  for (std::int64_t stripe = 0; stripe < stripes; ++stripe) {
    const double sum = (static_cast<double>(stripe) + 0.5) * period;
    // The stripe is x + y = sum, counted from the area's corner.
    const double from = std::max(0.0, sum - area.width);
    const double to = std::min(area.height, sum);
    ofRows.assign(1, from);
    for (auto r = static_cast<std::int64_t>(std::ceil(from / cellH)); static_cast<double>(r) * cellH < to;
         ++r) {
      ofRows.push_back(static_cast<double>(r) * cellH);
    }
    ofCols.clear();
    for (auto c = static_cast<std::int64_t>(std::ceil((sum - to) / cellW));
         static_cast<double>(c) * cellW < sum - from; ++c) {
      ofCols.push_back(sum - static_cast<double>(c) * cellW);
    }
    crossings.clear();
    std::merge(ofRows.begin(), ofRows.end(), ofCols.rbegin(), ofCols.rend(), std::back_inserter(crossings));
    crossings.push_back(to);
    double begin = -1;
    const auto close = [&](double end) {
      if (begin >= 0 && end > begin) {
        segments.push_back({{area.x + sum - begin, area.y + begin}, {area.x + sum - end, area.y + end}});
      }
      begin = -1;
    };
    for (std::size_t i = 0; i + 1 < crossings.size(); ++i) {
      if (crossings[i + 1] - crossings[i] < 1e-9) continue;
      const double y = (crossings[i] + crossings[i + 1]) / 2;
      const auto row = std::clamp<std::int64_t>(static_cast<std::int64_t>(y / cellH), 0, rows - 1);
      const auto col = std::clamp<std::int64_t>(static_cast<std::int64_t>((sum - y) / cellW), 0, cols - 1);
      if (!hatched(row, col)) {
        close(crossings[i]);
      } else if (begin < 0) {
        begin = crossings[i];
      }
    }
    close(to);
  }
  return segments;
}

std::vector<Segment> fallingSegments(const Rect& area, std::int64_t rows, std::int64_t cols, double period,
                                     const std::function<bool(std::int64_t, std::int64_t)>& hatched) {
  std::vector<Segment> segments =
      hatchSegments(area, rows, cols, period,
                    [&](std::int64_t row, std::int64_t col) { return hatched(row, cols - 1 - col); });
  for (Segment& segment : segments) {
    segment.from.x = area.x + area.right() - segment.from.x;
    segment.to.x = area.x + area.right() - segment.to.x;
  }
  return segments;
}

}  // namespace headlight
