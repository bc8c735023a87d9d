#include <algorithm>
#include <span>
#include <string_view>

#include "app/session/numbers.h"

namespace headlight {
namespace {

std::vector<const FieldStatistics*> pointers(const std::vector<std::shared_ptr<const FieldStatistics>>& all) {
  std::vector<const FieldStatistics*> list;
  list.reserve(all.size());
  for (const auto& one : all) list.push_back(one.get());
  return list;
}

/// Statistics of dot × scale: multiplying keeps the order of values, or turns it round.
FieldStatistics scaledBy(const FieldStatistics& dot, float scale) {
  FieldStatistics made;
  made.finite = dot.finite;
  made.minimum = std::min(dot.minimum * scale, dot.maximum * scale);
  made.maximum = std::max(dot.minimum * scale, dot.maximum * scale);
  made.low = std::min(dot.low * scale, dot.high * scale);
  made.high = std::max(dot.low * scale, dot.high * scale);
  return made;
}

}  // namespace

std::vector<std::shared_ptr<const FieldStatistics>> Numbers::rangeStatistics(Stage stage, int head,
                                                                             const ViewSpec& view) {
  std::vector<Statistics> all;
  if (!evaluation_) return all;
  const Statistics own = statistics(stage, head);
  if (view.sharedRange) {
    const Sizes& sizes = evaluation_->run->sizes;
    bool whole = true;
    for (int h = 0; h < sizes.heads; h += headStep(sizes, stage)) {
      Statistics one = headStatistics(stage, h);
      whole = whole && one;
      all.push_back(std::move(one));
    }
    // Only whole: a range of some heads would change with every head that comes in.
    if (!whole) all.clear();
  }
  if (all.empty() && own) all.push_back(own);
  return all;
}

/// Of the scaled scores, from the statistics of q·k; null while they are being counted. The mask
/// only takes away.
std::shared_ptr<const FieldStatistics> Numbers::scoreStatistics(int head) {
  const Statistics dot = headStatistics(Stage::dot, head);
  if (!dot) return nullptr;
  const Field* source = field(Stage::dot, head);
  Statistics& scaled = scaledStatistics_[source->key()];
  if (!scaled) {
    scaled = std::make_shared<const FieldStatistics>(scaledBy(*dot, evaluation_->run->rules.scale));
  }
  return scaled;
}

std::optional<Range> Numbers::scoreRange(int head, bool shared) {
  const Statistics own = scoreStatistics(head);
  std::vector<Statistics> all;
  bool whole = shared;
  const int heads = shared ? evaluation_->run->sizes.heads : 0;
  for (int h = 0; h < heads; ++h) {
    Statistics one = scoreStatistics(h);
    whole = whole && one;
    all.push_back(std::move(one));
  }
  if (!own) return std::nullopt;
  if (!whole) all = {own};
  const std::int64_t keys = evaluation_->run->sizes.keys;
  return resolveRange("symmetric", Stage::scaled, keys, pointers(all));
}

std::optional<Range> Numbers::range(Stage stage, int head, const ViewSpec& view) {
  if (!evaluation_ || !evaluation_->run->has(stage)) return std::nullopt;
  const Sizes& sizes = evaluation_->run->sizes;
  // The view's mode is for the stage that is shown large; the strip keeps each stage's own.
  std::string_view mode = stage == view.stage ? std::string_view(view.range) : std::string_view();
  if (mode.empty()) {
    if (rangeStage(stage) == Stage::scaled)
      return scoreRange(fieldHead(sizes, stage, head), view.sharedRange);
    mode = defaultRangeMode(stage, sizes.keys);
  }
  const std::vector<Statistics> all = rangeStatistics(stage, head, view);
  // These do not come from the numbers, so nothing has to be waited for.
  const bool given = mode == "unit" || mode == "custom";
  if (all.empty() && !given) return std::nullopt;
  return resolveRange(mode, stage, sizes.keys, pointers(all), view.customRange);
}

}  // namespace headlight
