#include <algorithm>

#include "app/session/compare.h"
#include "core/experiment/decode.h"
#include "core/experiment/edit.h"
#include "core/experiment/json_path.h"
#include "core/experiment/parameters.h"

namespace headlight {
namespace {

constexpr std::string_view kSizes[] = {"shape.d_model", "shape.heads", "shape.kv_heads", "shape.d_k",
                                       "shape.d_v"};

/// The size that a parameter comes to, whether it was given or follows from others; 0 for what is no size.
std::int64_t sizeOf(const Sizes& sizes, std::string_view id) {
  if (id == kSizes[0]) return sizes.dModel;
  if (id == kSizes[1]) return sizes.heads;
  if (id == kSizes[2]) return sizes.kvHeads;
  if (id == kSizes[3]) return sizes.dK;
  return id == kSizes[4] ? sizes.dV : 0;
}

bool isLook(std::string_view id) {
  return id == "title" || (id.starts_with("view.") && id != "view.batch" && id != "view.layer");
}

}  // namespace

DifferenceName differenceName(const Evaluation& a, const Evaluation& b) {
  DifferenceName name;
  int differences = 0;
  const Value treeA = encodeTree(a.experiment, true);
  const Value treeB = encodeTree(b.experiment, true);
  for (const ParameterInfo& row : parameters()) {
    const auto steps = parsePath(row.id);
    if (!steps || isLook(row.id)) continue;
    const Value* valueA = valueAt(treeA, *steps);
    const Value* valueB = valueAt(treeB, *steps);
    const bool same = valueA && valueB ? *valueA == *valueB : valueA == valueB;
    if (same) continue;
    if (differences++ > 0) continue;
    name.markup = row.label;
    name.a = valueName(a.experiment, row.id);
    name.b = valueName(b.experiment, row.id);
    if (const auto size = sizeOf(a.run->sizes, row.id); size > 0) name.a = std::to_string(size);
    if (const auto size = sizeOf(b.run->sizes, row.id); size > 0) name.b = std::to_string(size);
    if (name.a == name.b || name.a.empty() || name.b.empty()) name.a = name.b = "";
  }
  name.more = std::max(0, differences - 1);
  return name;
}

}  // namespace headlight
