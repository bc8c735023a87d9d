#include "app/render/map_sheet.h"

#include <algorithm>

namespace headlight {
namespace {

/// Shelves are multiples of so many px tall, so that maps of a little other height find their place again.
constexpr int kStep = 16;

}  // namespace

std::optional<MapSheet::Place> MapSheet::take(int width, int height) {
  if (width < 1 || height < 1 || width > side_ || height > side_) return std::nullopt;
  for (Shelf& shelf : shelves_) {
    // A shelf much taller than what stands on it is kept for what is as tall.
    if (shelf.height < height || shelf.height > std::max(height + height / 2, kStep)) continue;
    for (auto gap = shelf.gaps.begin(); gap != shelf.gaps.end(); ++gap) {
      if (gap->to - gap->from < width) continue;
      const Place place{gap->from, shelf.y, width, height};
      gap->from += width;
      if (gap->from == gap->to) shelf.gaps.erase(gap);
      return place;
    }
  }
  const int top = shelves_.empty() ? 0 : shelves_.back().y + shelves_.back().height;
  const int tall = std::min((height + kStep - 1) / kStep * kStep, side_ - top);
  if (tall < height) return std::nullopt;
  Shelf shelf{top, tall, {}};
  if (width < side_) shelf.gaps.push_back({width, side_});
  shelves_.push_back(std::move(shelf));
  return Place{0, top, width, height};
}

void MapSheet::give(const Place& place) {
  const auto shelf =
      std::find_if(shelves_.begin(), shelves_.end(), [&](const Shelf& one) { return one.y == place.y; });
  if (shelf == shelves_.end()) return;
  std::vector<Gap>& gaps = shelf->gaps;
  const auto next =
      std::find_if(gaps.begin(), gaps.end(), [&](const Gap& gap) { return gap.from > place.x; });
  const auto gap = gaps.insert(next, {place.x, place.x + place.width});
  if (gap + 1 != gaps.end() && gap->to == (gap + 1)->from) {
    gap->to = (gap + 1)->to;
    gaps.erase(gap + 1);
  }
  if (gap != gaps.begin() && (gap - 1)->to == gap->from) {
    (gap - 1)->to = gap->to;
    gaps.erase(gap);
  }
  // Below the last thing that stands there is room for shelves of any height again.
  while (!shelves_.empty() && shelves_.back().gaps.size() == 1 && shelves_.back().gaps.front().from == 0 &&
         shelves_.back().gaps.front().to == side_) {
    shelves_.pop_back();
  }
}

}  // namespace headlight
