#include "core/lesson/quantity.h"

#include <algorithm>

#include "core/experiment/schema.h"

namespace headlight {

std::span<const QuantityInfo> quantities() {
  static const std::vector<QuantityInfo> all = [] {
    std::vector<QuantityInfo> rows;
    for (auto* group : {weightQuantities, scoreQuantities, placeQuantities, outputQuantities,
                        changeQuantities, patternQuantities, costQuantities, studyQuantities}) {
      for (QuantityInfo& row : group()) rows.push_back(std::move(row));
    }
    return rows;
  }();
  return all;
}

const QuantityInfo* quantity(std::string_view name) {
  const auto all = quantities();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const QuantityInfo& row) { return row.spec.kind == name; });
  return found == all.end() ? nullptr : &*found;
}

const KindFamily& quantityFamily() {
  static const KindFamily family = [] {
    KindFamily made;
    made.what = "quantity";
    for (const QuantityInfo& row : quantities()) made.kinds.push_back(&row.spec);
    return made;
  }();
  return family;
}

const Value& QuantityInput::key(std::string_view name) const {
  return valueOf(call, quantity(call.kind)->spec, name);
}

}  // namespace headlight
