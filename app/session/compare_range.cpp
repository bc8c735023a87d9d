#include <string_view>
#include <vector>

#include "app/session/compare.h"

namespace headlight {

std::optional<Range> Compare::range(const ViewSpec& view) {
  const ComparedMap& a = maps_[0];
  const ComparedMap& b = maps_[1];
  if (!a.numbers || !b.numbers || !a.numbers->evaluation() || !b.numbers->evaluation()) return std::nullopt;
  const bool twoHeads = a.numbers == b.numbers && a.stage == b.stage;
  if (twoHeads && view.sharedRange) return a.numbers->range(a.stage, a.head, view);
  const auto statisticsA = statistics(0);
  const auto statisticsB = statistics(1);
  const std::int64_t keys = a.numbers->evaluation()->run->sizes.keys;
  std::vector<const FieldStatistics*> fields;
  for (const auto& one : {statisticsA, statisticsB}) {
    if (one) fields.push_back(one.get());
  }
  const std::string_view mode = comparedRangeMode(view.range, a.stage, b.stage, keys);
  const bool given = mode == "unit" || mode == "custom";
  if (fields.size() < 2 && !given) return std::nullopt;
  return resolveRange(mode, comparedRangeStage(a.stage, b.stage), keys, fields, view.customRange);
}

std::optional<Range> Compare::differenceRange() {
  const auto made = differenceStatistics();
  if (!made) return std::nullopt;
  return headlight::differenceRange(*made);
}

}  // namespace headlight
