#include "core/experiment/import_plan.h"

#include <algorithm>

#include "core/base/number.h"
#include "core/base/words.h"
#include "core/experiment/schema.h"
#include "core/experiment/source/given_layout.h"

namespace headlight {
namespace {

using Shape = std::vector<std::int64_t>;

constexpr std::string_view kQkvLayouts[] = {"htd", "thd", "bhtd", "bthd", "lhtd", "lbhtd", "td", "btd"};
constexpr std::string_view kMapLayouts[] = {"qk", "hqk", "bhqk", "lhqk", "lbhqk"};
constexpr std::string_view kInputLayouts[] = {"td", "btd", "tbd"};

constexpr ImportRole kQkvRoles[] = {ImportRole::q,  ImportRole::k,  ImportRole::v,
                                    ImportRole::wO, ImportRole::bO, ImportRole::mask};
constexpr ImportRole kWeightRoles[] = {ImportRole::maps, ImportRole::v};
constexpr ImportRole kScoreRoles[] = {ImportRole::maps, ImportRole::v, ImportRole::mask};
constexpr ImportRole kLayerRoles[] = {ImportRole::x, ImportRole::memory, ImportRole::mask};

const Shape* shapeOf(const ImportFound& found, const ImportPlan& plan, ImportRole role) {
  const ImportTensor* tensor = tensorOf(found, plan, role);
  return tensor ? &tensor->info.shape : nullptr;
}

bool inBounds(const Shape& shape, std::string_view layout) {
  if (shape.size() != layout.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const std::int64_t most = layout[i] == 'h' ? kMostHeads : layout[i] == 'd' ? kWidest : kMostTokens;
    if (shape[i] < 1 || shape[i] > most) return false;
  }
  return true;
}

struct Axes {
  std::int64_t layers, batches, heads, tokens, width;
};
Axes axesOf(const Shape& shape, std::string_view layout) {
  const auto length = [&](char axis, std::int64_t otherwise) {
    return axisLength(layout, shape, axis, otherwise);
  };
  return {length('l', 0), length('b', 0), length('h', 0), length('t', 0), length('d', 0)};
}

std::optional<ImportSizes> qkvSizes(const ImportFound& found, const ImportPlan& plan) {
  const Shape* q = shapeOf(found, plan, ImportRole::q);
  const Shape* k = shapeOf(found, plan, ImportRole::k);
  const Shape* v = shapeOf(found, plan, ImportRole::v);
  if (!q || !k) return std::nullopt;
  for (const Shape* shape : {q, k, v}) {
    if (shape && !inBounds(*shape, plan.layout)) return std::nullopt;
  }
  Axes qs = axesOf(*q, plan.layout);
  Axes ks = axesOf(*k, plan.layout);
  Axes vs = v ? axesOf(*v, plan.layout) : Axes{};
  if (importAsksHeads(plan)) {
    if (plan.heads < 1 || plan.heads > kMostHeads || qs.width % plan.heads != 0) return std::nullopt;
    qs.heads = plan.heads;
    qs.width /= plan.heads;
    if (ks.width % qs.width != 0) return std::nullopt;
    ks.heads = ks.width / qs.width;
    ks.width = qs.width;
    if (v && vs.width % ks.heads != 0) return std::nullopt;
    vs.heads = ks.heads;
    if (v) vs.width /= ks.heads;
  }
  const bool leading = qs.layers == ks.layers && qs.batches == ks.batches &&
                       (!v || (qs.layers == vs.layers && qs.batches == vs.batches));
  const bool values = !v || (vs.tokens == ks.tokens && vs.heads == ks.heads);
  if (!leading || !values || qs.width != ks.width || qs.heads % ks.heads != 0) return std::nullopt;
  ImportSizes sizes{qs.layers, qs.batches, qs.heads, ks.heads, qs.tokens, ks.tokens, qs.width, vs.width, 0};
  if (const Shape* wO = shapeOf(found, plan, ImportRole::wO); wO && v && wO->size() == 2)
    sizes.dModel = (*wO)[1];
  return sizes;
}

std::optional<ImportSizes> mapSizes(const ImportFound& found, const ImportPlan& plan) {
  const Shape* maps = shapeOf(found, plan, ImportRole::maps);
  if (!maps || !inBounds(*maps, plan.layout)) return std::nullopt;
  ImportSizes sizes;
  sizes.layers = axisLength(plan.layout, *maps, 'l', 0);
  sizes.batches = axisLength(plan.layout, *maps, 'b', 0);
  sizes.heads = sizes.kvHeads = axisLength(plan.layout, *maps, 'h');
  sizes.queries = axisLength(plan.layout, *maps, 'q');
  sizes.keys = axisLength(plan.layout, *maps, 'k');
  if (const Shape* v = shapeOf(found, plan, ImportRole::v); v && !v->empty()) sizes.dV = v->back();
  return sizes;
}

std::optional<ImportSizes> layerSizes(const ImportFound& found, const ImportPlan& plan) {
  const Shape* x = shapeOf(found, plan, ImportRole::x);
  if (!x || !inBounds(*x, plan.layout)) return std::nullopt;
  const std::int64_t width = x->back();
  if (plan.heads < 1 || plan.heads > kMostHeads || width % plan.heads != 0) return std::nullopt;
  ImportSizes sizes;
  sizes.batches = axisLength(plan.layout, *x, 'b', 0);
  sizes.heads = sizes.kvHeads = plan.heads;
  sizes.queries = sizes.keys = axisLength(plan.layout, *x, 't');
  sizes.dK = sizes.dV = width / plan.heads;
  sizes.dModel = width;
  if (const Shape* memory = shapeOf(found, plan, ImportRole::memory);
      memory && inBounds(*memory, plan.layout))
    sizes.keys = axisLength(plan.layout, *memory, 't');
  return sizes;
}

}  // namespace

const ImportTensor* tensorOf(const ImportFound& found, const ImportPlan& plan, ImportRole role) {
  const int at = plan.of(role);
  if (at < 0 || at >= static_cast<int>(found.tensors.size())) return nullptr;
  return &found.tensors[static_cast<std::size_t>(at)];
}

std::span<const std::string_view> importLayoutWords(ImportAs as) {
  if (as == ImportAs::qkv) return kQkvLayouts;
  if (as == ImportAs::layer) return kInputLayouts;
  return kMapLayouts;
}

std::span<const ImportRole> importRolesOf(ImportAs as) {
  if (as == ImportAs::qkv) return kQkvRoles;
  if (as == ImportAs::layer) return kLayerRoles;
  if (as == ImportAs::weights) return kWeightRoles;
  return kScoreRoles;
}

bool importAsksHeads(const ImportPlan& plan) {
  if (plan.as == ImportAs::layer) return true;
  return plan.as == ImportAs::qkv && plan.layout.find('h') == std::string::npos;
}

std::optional<ImportSizes> importSizes(const ImportFound& found, const ImportPlan& plan) {
  switch (plan.as) {
    case ImportAs::qkv:
      return qkvSizes(found, plan);
    case ImportAs::layer:
      return layerSizes(found, plan);
    case ImportAs::weights:
    case ImportAs::scores:
      break;
  }
  return mapSizes(found, plan);
}

std::vector<std::int64_t> importHeads(const ImportFound& found, const ImportPlan& plan) {
  std::vector<std::int64_t> fitting;
  const Shape* shape = shapeOf(found, plan, plan.as == ImportAs::layer ? ImportRole::x : ImportRole::q);
  if (!importAsksHeads(plan) || !shape || shape->empty()) return fitting;
  ImportPlan tried = plan;
  for (tried.heads = 1; tried.heads <= std::min(shape->back(), kMostHeads); ++tried.heads) {
    if (shape->back() % tried.heads == 0 && importSizes(found, tried)) fitting.push_back(tried.heads);
  }
  return fitting;
}

std::string importSizesText(const ImportSizes& sizes) {
  std::vector<std::string> parts;
  const auto count = [&](std::int64_t n, std::string_view one, std::string_view many) {
    parts.push_back(grouped(n) + " " + std::string(n == 1 ? one : many));
  };
  if (sizes.layers > 0) count(sizes.layers, "layer", "layers");
  if (sizes.batches > 0) parts.push_back("batch of " + grouped(sizes.batches));
  count(sizes.heads, "head", "heads");
  if (sizes.kvHeads != sizes.heads) parts.back() += ", " + grouped(sizes.kvHeads) + " of k and v";
  if (sizes.queries == sizes.keys) {
    count(sizes.queries, "token", "tokens");
  } else {
    count(sizes.queries, "query", "queries");
    parts.back() += " × " + grouped(sizes.keys) + (sizes.keys == 1 ? " key" : " keys");
  }
  if (sizes.dK > 0) parts.push_back(grouped(sizes.dK) + " wide");
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : " · ") + part;
  return text;
}

double importBytes(const ImportFound& found, const ImportPlan& plan) {
  const auto sizes = importSizes(found, plan);
  double numbers = 0;
  for (const ImportRole role : importRolesOf(plan.as)) {
    const ImportTensor* tensor = tensorOf(found, plan, role);
    if (tensor) numbers += static_cast<double>(tensor->info.size());
  }
  if (!sizes) return 4 * numbers;
  const auto elements = static_cast<double>(std::max<std::int64_t>(1, sizes->layers) *
                                            std::max<std::int64_t>(1, sizes->batches));
  return 4 * numbers / elements;
}

}  // namespace headlight
