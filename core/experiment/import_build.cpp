#include <algorithm>

#include "core/experiment/import_guess.h"
#include "core/experiment/json.h"

namespace headlight {
namespace {

struct RoleKey {
  ImportRole role;
  std::string_view key;
};

Error missing(std::string what, std::string where) {
  return {ErrorCode::invalid, std::move(what), std::move(where), ""};
}

Result<Value> sourceOf(const ImportFound& found, const ImportPlan& plan) {
  Value source{Object{}};
  const auto give = [&](ImportRole role, std::string_view key) {
    if (const ImportTensor* tensor = tensorOf(found, plan, role)) source.set(key, tensor->address);
  };
  switch (plan.as) {
    case ImportAs::qkv:
      if (plan.of(ImportRole::q) < 0) return missing("found no tensor for q, accepted is one", "source.q");
      if (plan.of(ImportRole::k) < 0) return missing("found no tensor for k, accepted is one", "source.k");
      source.set("kind", "qkv");
      for (const auto& [role, key] :
           {RoleKey{ImportRole::q, "q"}, RoleKey{ImportRole::k, "k"}, RoleKey{ImportRole::v, "v"},
            RoleKey{ImportRole::wO, "w_o"}, RoleKey{ImportRole::bO, "b_o"}}) {
        give(role, key);
      }
      source.set("layout", plan.layout);
      if (plan.layer > 0) source.set("layer", plan.layer);
      return source;
    case ImportAs::layer:
      if (plan.of(ImportRole::x) < 0) {
        return Error{ErrorCode::invalid, "found no input for the layer, accepted is [tokens, width]",
                     "source.x",
                     "The state dict holds only weights: add a file with what goes into the layer"};
      }
      source.set("kind", "mha");
      source.set("file", plan.layerFile);
      if (!plan.prefix.empty()) source.set("prefix", plan.prefix);
      give(ImportRole::x, "x");
      give(ImportRole::memory, "memory");
      if (plan.layout == "tbd") source.set("batch_first", false);
      return source;
    case ImportAs::weights:
    case ImportAs::scores:
      break;
  }
  if (plan.of(ImportRole::maps) < 0)
    return missing("found no tensor of maps, accepted is one", "source.file");
  source.set("kind", "maps");
  give(ImportRole::maps, "file");
  if (plan.as == ImportAs::scores) source.set("is", "scores");
  source.set("layout", plan.layout);
  if (plan.layer > 0) source.set("layer", plan.layer);
  give(ImportRole::v, "v");
  return source;
}

}  // namespace

Result<Experiment> importedExperiment(const ImportFound& found, const ImportPlan& plan) {
  Result<Value> source = sourceOf(found, plan);
  if (!source) return source.error();
  Value root{Object{}};
  root.set("type", "headlight/experiment");
  root.set("version", 1);
  root.set("title", found.title);
  if (!plan.tokens.empty()) {
    Value tokens{Object{}};
    tokens.set("file", plan.tokens);
    root.set("tokens", std::move(tokens));
  }
  root.set("source", std::move(*source));
  if (importAsksHeads(plan)) {
    Value shape{Object{}};
    shape.set("heads", plan.heads);
    const auto sizes = importSizes(found, plan);
    if (sizes && sizes->kvHeads != sizes->heads) shape.set("kv_heads", sizes->kvHeads);
    root.set("shape", std::move(shape));
  }
  const auto roles = importRolesOf(plan.as);
  const ImportTensor* mask = tensorOf(found, plan, ImportRole::mask);
  if (mask && std::find(roles.begin(), roles.end(), ImportRole::mask) != roles.end()) {
    Value entry{Object{}};
    entry.set("kind", "tensor");
    entry.set("tensor", mask->address);
    entry.set("meaning", plan.maskMeaning);
    if (!plan.maskAxes.empty()) entry.set("axes", plan.maskAxes);
    root.set("mask", List{std::move(entry)});
  }
  if (plan.batch > 0) {
    Value view{Object{}};
    view.set("batch", plan.batch);
    root.set("view", std::move(view));
  }
  Result<Decoded> decoded = decode(root);
  if (!decoded) return decoded.error();
  return std::move(decoded->experiment);
}

}  // namespace headlight
