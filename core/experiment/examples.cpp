#include "core/experiment/examples.h"

#include <algorithm>

#include "examples_assets.h"

namespace headlight {
namespace {

constexpr std::string_view kEnding = ".headlight.json";
constexpr std::string_view kOpening = "who-is-meant";

}  // namespace

std::span<const Asset> exampleFiles() {
  return embedded::examples();
}

std::vector<std::string> exampleNames() {
  std::vector<std::string> names;
  for (const Asset& asset : exampleFiles()) {
    if (asset.name.ends_with(kEnding))
      names.emplace_back(asset.name.substr(0, asset.name.size() - kEnding.size()));
  }
  std::stable_partition(names.begin(), names.end(), [](const std::string& name) { return name == kOpening; });
  return names;
}

std::optional<std::string_view> exampleText(std::string_view name) {
  for (const Asset& asset : exampleFiles()) {
    if (asset.name == std::string(name) + std::string(kEnding)) return asset.bytes;
  }
  return std::nullopt;
}

}  // namespace headlight
