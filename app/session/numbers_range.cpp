#include <algorithm>
#include <span>
#include <string_view>

#include "app/session/numbers.h"

namespace headlight {
namespace {

/// The scores on their way, drawn on one scale so that ÷ √d_k and the mask are seen.
bool isScore(Stage stage) {
  return stage == Stage::dot || stage == Stage::scaled || stage == Stage::biased || stage == Stage::masked;
}

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

/// Of q·k and of what the scale makes of it; the mask only takes away.
std::vector<std::shared_ptr<const FieldStatistics>> Numbers::scoreStatistics(int head) {
  std::vector<Statistics> both;
  const Statistics dot = headStatistics(Stage::dot, head);
  if (!dot) return both;
  const Field* source = field(Stage::dot, head);
  Statistics& scaled = scaledStatistics_[source->key()];
  if (!scaled) {
    scaled = std::make_shared<const FieldStatistics>(scaledBy(*dot, evaluation_->run->rules.scale));
  }
  both = {dot, scaled};
  return both;
}

std::optional<Range> Numbers::scoreRange(int head, bool shared) {
  const std::vector<Statistics> own = scoreStatistics(head);
  std::vector<Statistics> all;
  bool whole = shared;
  const int heads = shared ? evaluation_->run->sizes.heads : 0;
  for (int h = 0; h < heads; ++h) {
    const std::vector<Statistics> one = scoreStatistics(h);
    whole = whole && !one.empty();
    all.insert(all.end(), one.begin(), one.end());
  }
  if (own.empty()) return std::nullopt;
  const std::int64_t keys = evaluation_->run->sizes.keys;
  return resolveRange("symmetric", Stage::dot, keys, pointers(whole ? all : own));
}

std::optional<Range> Numbers::range(Stage stage, int head, const ViewSpec& view) {
  if (!evaluation_ || !evaluation_->run->has(stage)) return std::nullopt;
  const Sizes& sizes = evaluation_->run->sizes;
  // The view's mode is for the stage that is shown large; the strip keeps each stage's own.
  std::string_view mode = stage == view.stage ? std::string_view(view.range) : std::string_view();
  if (mode.empty()) {
    if (isScore(stage)) return scoreRange(fieldHead(sizes, stage, head), view.sharedRange);
    mode = defaultRangeMode(stage, sizes.keys);
  }
  const std::vector<Statistics> all = rangeStatistics(stage, head, view);
  // These do not come from the numbers, so nothing has to be waited for.
  const bool given = mode == "unit" || mode == "custom";
  if (all.empty() && !given) return std::nullopt;
  return resolveRange(mode, stage, sizes.keys, pointers(all), view.customRange);
}

}  // namespace headlight
