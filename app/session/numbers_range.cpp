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

/// Of the weights the pass itself knows the largest: for a range up to it nothing has to be counted.
bool passTells(const Run& run, std::string_view mode) {
  const bool upToLargest = mode == "unit" || mode == "zero_max" || mode == "times_uniform" || mode == "log";
  const bool plain =
      run.rules.mistake == Mistake{} && run.rules.emptyRow != EmptyRow::uniform && !run.inputs.maps;
  return upToLargest && plain && run.statistics;
}

/// Empty where more is asked.
std::vector<std::shared_ptr<const FieldStatistics>> fromThePass(const Run& run, std::string_view mode,
                                                                int head, bool shared) {
  std::vector<std::shared_ptr<const FieldStatistics>> all;
  if (!passTells(run, mode) || (!shared && head < 0)) return all;
  auto one = std::make_shared<FieldStatistics>();
  const auto& heads = run.statistics->heads;
  for (std::size_t h = 0; h < heads.size(); ++h) {
    if (shared || static_cast<int>(h) == head) one->maximum = std::max(one->maximum, heads[h].largestWeight);
  }
  one->high = one->maximum;
  one->finite = 1;
  // Two of them where it is shared: that is all that a range tells from their number.
  all.assign(shared && heads.size() > 1 ? 2 : 1, one);
  return all;
}

}  // namespace

bool waitsForRest(const Run& run, const ViewSpec& view, const Wanted& wanted) {
  const Sizes& sizes = run.sizes;
  if (sizes.heads * sizes.queries < kManyForDrag / std::max<std::int64_t>(sizes.keys, 1)) return false;
  if (wanted.what == Wanted::What::readings) return true;
  if (wanted.what != Wanted::What::statistics || wanted.stage != Stage::weights) return false;
  if (!wanted.leaveOut.empty() || wanted.head == view.head) return false;
  const bool large = view.stage == Stage::weights && !view.range.empty();
  return passTells(run, large ? std::string_view(view.range) : defaultRangeMode(Stage::weights, sizes.keys));
}

std::vector<std::shared_ptr<const FieldStatistics>> Numbers::rangeStatistics(Stage stage, int head,
                                                                             const ViewSpec& view) {
  return fieldsStatistics(stage, head, view.sharedRange, {});
}

std::vector<std::shared_ptr<const FieldStatistics>> Numbers::fieldsStatistics(
    Stage stage, int head, bool shared, const std::vector<std::int64_t>& leaveOut, bool onlyExtremes) {
  std::vector<Statistics> all;
  if (!evaluation_) return all;
  const Sizes& sizes = evaluation_->run->sizes;
  const auto of = [&](int h) { return headStatistics(stage, h, leaveOut, onlyExtremes); };
  const Statistics own = of(fieldHead(sizes, stage, head));
  if (shared) {
    bool whole = true;
    for (int h = 0; h < sizes.heads; h += headStep(sizes, stage)) {
      Statistics one = of(h);
      whole = whole && one;
      all.push_back(std::move(one));
    }
    // Only whole: a range of some heads would change with every head that comes in.
    if (!whole) all.clear();
  }
  if (all.empty() && own) all.push_back(own);
  return all;
}

std::optional<Range> Numbers::range(Stage stage, int head, const ViewSpec& view) {
  if (!evaluation_ || !evaluation_->run->has(stage)) return std::nullopt;
  const Run& run = *evaluation_->run;
  const bool large = stage == view.stage;
  // The view's mode is for the stage that is shown large; the strip keeps each stage's own.
  const RangeChoice choice =
      rangeChoice(large ? view.range : "", view.customRange, stage, run.sizes.keys, run.has(Stage::dot));
  const Stage from = choice.counted;
  // What is left out of the range is drawn all the same, and may lie beyond it.
  const std::vector<std::int64_t> none;
  const bool leaves = large && !view.leaveOut.empty();
  // Of a matrix the least and the largest are found long before the rest; a map's cells cost more than both.
  const bool extremes = choice.mode != "robust" && !isMap(from) && !leaves;
  std::vector<Statistics> all;
  if (from == Stage::weights && !leaves) all = fromThePass(run, choice.mode, head, view.sharedRange);
  if (all.empty())
    all = fieldsStatistics(from, head, view.sharedRange, leaves ? view.leaveOut : none, extremes);
  // A range of some of the keys must not take the place of one that is already there only for a moment.
  if (all.empty() && leaves) all = fieldsStatistics(from, head, view.sharedRange, none);
  // These do not come from the numbers, so nothing has to be waited for.
  const bool given = choice.mode == "unit" || choice.mode == "custom";
  if (all.empty() && !given) return std::nullopt;
  Range range = resolveRange(choice.mode, from, run.sizes.keys, pointers(all), choice.custom);
  if (large && (leaves || from != stage))
    markBeyond(range, pointers(fieldsStatistics(stage, head, view.sharedRange, none)));
  return range;
}

}  // namespace headlight
