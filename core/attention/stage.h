#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace headlight {

/// The steps of attention in the order they happen. One list for the window, `--stage`, tensor names and
/// figures.
enum class Stage : std::uint8_t {
  input,
  memory,
  q,
  k,
  v,
  dot,
  scaled,
  biased,
  masked,
  weights,
  valueWeighted,
  headOutput,
  concat,
  contribution,
  output,
  gradQ,
  gradK,
  gradV,
  gradScores
};
inline constexpr int kStageCount = 19;

/// What an axis of a stage counts.
enum class Axis : std::uint8_t { query, key, modelDim, keyDim, valueDim, concatDim };

struct StageInfo {
  Stage stage;
  std::string_view id;       ///< contract §3: "head_output"
  std::string_view label;    ///< as drawn under the strip, in math markup: "QK^T"
  std::string_view title;    ///< as a heading: "Attention weights"
  std::string_view formula;  ///< math markup
  bool perHead;              ///< has a head axis (k and v: of key-value heads)
  Axis rows;
  Axis cols;
  bool isSigned;             ///< drawn on a diverging colormap around 0
  std::string_view pytorch;  ///< the same thing's name elsewhere
  std::string_view huggingFace;
  std::string_view transformerLens;
};

/// All stages in order, indexed by Stage.
std::span<const StageInfo> stages();
inline const StageInfo& info(Stage stage) {
  return stages()[static_cast<std::size_t>(stage)];
}
std::optional<Stage> stageById(std::string_view id);
/// dot … value_weighted and grad_scores: queries × keys, never stored.
bool isMap(Stage stage);
/// masked, weights, value_weighted, grad_scores: the stages in which a dropped pair is a masked cell.
bool showsMask(Stage stage);
/// grad_q … grad_scores: computed only when they are asked for.
bool isGradient(Stage stage);

/// How the colours of a stage may span its values, by the words of `view.range`; beside them stands
/// [low, high].
std::span<const std::string_view> rangeModes();

/// Per-row numbers [H, Tq] that stand beside the stages (contract §3), by the names they have in files.
/// `threshold` is there for normalizers that have one; `jacobianNorm`, the Frobenius norm of
/// ∂weights/∂masked, comes with the gradients.
enum class RowQuantity : std::uint8_t {
  rowMax,
  lse,
  threshold,
  entropy,
  effectiveKeys,
  keptKeys,
  jacobianNorm
};
inline constexpr int kRowQuantityCount = 7;
struct RowQuantityInfo {
  RowQuantity quantity;
  std::string_view id;  ///< "row_max"
  std::string_view label;
};
std::span<const RowQuantityInfo> rowQuantities();

}  // namespace headlight
