#include "core/experiment/cell_edits.h"

#include <algorithm>

#include "core/base/hash.h"

namespace headlight {
namespace {

std::vector<CellEdit> editsOf(const std::vector<CellEdit>& edits, std::string_view stage) {
  std::vector<CellEdit> chosen;
  std::copy_if(edits.begin(), edits.end(), std::back_inserter(chosen),
               [&](const CellEdit& edit) { return edit.stage == stage; });
  return chosen;
}

void addTo(KeyHash& hash, const std::vector<CellEdit>& edits) {
  for (const CellEdit& edit : edits) {
    hash.add(edit.stage).add(edit.value);
    for (const std::int64_t index : edit.at) hash.add(static_cast<std::uint64_t>(index));
  }
}

void apply(const std::vector<CellEdit>& edits, Matrix& matrix) {
  for (const CellEdit& edit : edits) matrix(edit.at[0], edit.at[1]) = static_cast<float>(edit.value);
}

}  // namespace

Recipe<Matrix> withEdits(Recipe<Matrix> recipe, const std::vector<CellEdit>& edits, std::string_view stage) {
  std::vector<CellEdit> chosen = editsOf(edits, stage);
  if (!recipe || chosen.empty()) return recipe;
  KeyHash hash;
  hash.add(recipe.key);
  addTo(hash, chosen);
  return {hash.key(), [inner = std::move(recipe), chosen = std::move(chosen)]() -> Result<Matrix> {
            Result<Matrix> matrix = inner.make();
            if (matrix) apply(chosen, *matrix);
            return matrix;
          }};
}

Recipe<Linear> withEdits(Recipe<Linear> recipe, const std::vector<CellEdit>& edits, std::string_view weight,
                         std::string_view bias) {
  std::vector<CellEdit> weights = editsOf(edits, weight);
  std::vector<CellEdit> biases = editsOf(edits, bias);
  if (!recipe || (weights.empty() && biases.empty())) return recipe;
  KeyHash hash;
  hash.add(recipe.key);
  addTo(hash, weights);
  addTo(hash, biases);
  return {hash.key(),
          [inner = std::move(recipe), weights = std::move(weights),
           biases = std::move(biases)]() -> Result<Linear> {
            Result<Linear> linear = inner.make();
            if (!linear) return linear;
            apply(weights, linear->weight);
            if (!biases.empty()) linear->bias.resize(static_cast<std::size_t>(linear->weight.cols()), 0.0f);
            for (const CellEdit& edit : biases) {
              linear->bias[static_cast<std::size_t>(edit.at[0])] = static_cast<float>(edit.value);
            }
            return linear;
          }};
}

std::vector<HeadEdit> headEdits(const std::vector<CellEdit>& edits) {
  std::vector<HeadEdit> list;
  for (const CellEdit& edit : edits) {
    const bool head = edit.stage == "q" || edit.stage == "k" || edit.stage == "v";
    if (!head) continue;
    const Stage stage = edit.stage == "q" ? Stage::q : edit.stage == "k" ? Stage::k : Stage::v;
    list.push_back(
        {stage, static_cast<int>(edit.at[0]), edit.at[1], edit.at[2], static_cast<float>(edit.value)});
  }
  return list;
}

}  // namespace headlight
