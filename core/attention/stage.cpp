#include "core/attention/stage.h"

#include <array>

namespace headlight {
namespace {

constexpr std::array<StageInfo, kStageCount> kStages{{
    {Stage::input, "input", "X", "Input", "X + position", false, Axis::query, Axis::modelDim, true, "query",
     "hidden_states", "hook_resid_pre"},
    {Stage::memory, "memory", "X_m", "Memory", "X_m + position", false, Axis::key, Axis::modelDim, true,
     "key, value", "encoder_hidden_states", ""},
    {Stage::q, "q", "Q", "Queries", "Q = X W_Q + b_Q", true, Axis::query, Axis::keyDim, true, "q",
     "query_states", "attn.hook_q"},
    {Stage::k, "k", "K", "Keys", "K = X W_K + b_K", true, Axis::key, Axis::keyDim, true, "k", "key_states",
     "attn.hook_k"},
    {Stage::v, "v", "V", "Values", "V = X W_V + b_V", true, Axis::key, Axis::valueDim, true, "v",
     "value_states", "attn.hook_v"},
    {Stage::dot, "dot", "QK^T", "Dot products", "QK^T", true, Axis::query, Axis::key, true, "q @ k.mT",
     "query_states @ key_states.mT", ""},
    {Stage::scaled, "scaled", "scaled", "Scaled scores", "QK^T ÷ √d_k", true, Axis::query, Axis::key, true,
     "q @ k.mT * scale", "attn_weights, before the mask", ""},
    {Stage::biased, "biased", "biased", "Biased scores", "QK^T ÷ √d_k + B", true, Axis::query, Axis::key,
     true, "", "", ""},
    {Stage::masked, "masked", "masked", "Masked scores", "S = QK^T ÷ √d_k + M", true, Axis::query, Axis::key,
     true, "attn_weight, before softmax", "attn_weights, before softmax", "attn.hook_attn_scores"},
    {Stage::weights, "weights", "weights A", "Attention weights", "A = softmax(QK^T ÷ √d_k + M)", true,
     Axis::query, Axis::key, false, "attn_output_weights", "attentions", "attn.hook_pattern"},
    {Stage::valueWeighted, "value_weighted", "A × ‖v‖", "Weights × length of the value", "a_{ij} ‖v_j W_O‖",
     true, Axis::query, Axis::key, false, "", "", ""},
    {Stage::headOutput, "head_output", "head out", "Head outputs", "Z = A V", true, Axis::query,
     Axis::valueDim, true, "attn_weight @ v", "attn_output, before o_proj", "attn.hook_z"},
    {Stage::concat, "concat", "concat", "Heads side by side", "Z = [Z_0 … Z_{H−1}]", false, Axis::query,
     Axis::concatDim, true, "attn_output, before out_proj", "attn_output, before o_proj", "attn.hook_z"},
    {Stage::contribution, "contribution", "head → Y", "What a head adds to the output", "Z_h W_O^h", true,
     Axis::query, Axis::modelDim, true, "", "", "attn.hook_result"},
    {Stage::output, "output", "output Y", "Output", "Y = Z W_O + b_O", false, Axis::query, Axis::modelDim,
     true, "attn_output", "attn_output", "hook_attn_out"},
    {Stage::gradQ, "grad_q", "∂L/∂Q", "Gradient of the queries", "∂L/∂Q", true, Axis::query, Axis::keyDim,
     true, "q.grad", "", ""},
    {Stage::gradK, "grad_k", "∂L/∂K", "Gradient of the keys", "∂L/∂K", true, Axis::key, Axis::keyDim, true,
     "k.grad", "", ""},
    {Stage::gradV, "grad_v", "∂L/∂V", "Gradient of the values", "∂L/∂V", true, Axis::key, Axis::valueDim,
     true, "v.grad", "", ""},
    {Stage::gradScores, "grad_scores", "∂L/∂S", "Gradient of the masked scores", "∂L/∂S", true, Axis::query,
     Axis::key, true, "attn_weight.grad, before softmax", "", ""},
}};

constexpr bool inOrder() {
  for (std::size_t i = 0; i < kStages.size(); ++i) {
    if (static_cast<std::size_t>(kStages[i].stage) != i) return false;
  }
  return true;
}
static_assert(inOrder());

constexpr std::array<RowQuantityInfo, kRowQuantityCount> kRowQuantities{{
    {RowQuantity::rowMax, "row_max", "largest score"},
    {RowQuantity::lse, "lse", "log Σ e^z"},
    {RowQuantity::threshold, "threshold", "threshold t"},
    {RowQuantity::entropy, "entropy", "entropy"},
    {RowQuantity::effectiveKeys, "effective_keys", "effective keys"},
    {RowQuantity::keptKeys, "kept_keys", "kept keys"},
    {RowQuantity::jacobianNorm, "jacobian_norm", "‖∂A/∂S‖"},
}};

}  // namespace

std::span<const StageInfo> stages() {
  return kStages;
}

std::optional<Stage> stageById(std::string_view id) {
  for (const StageInfo& stage : kStages) {
    if (stage.id == id) return stage.stage;
  }
  return std::nullopt;
}

bool isMap(Stage stage) {
  return (stage >= Stage::dot && stage <= Stage::valueWeighted) || stage == Stage::gradScores;
}

bool showsMask(Stage stage) {
  return stage == Stage::masked || stage == Stage::weights || stage == Stage::valueWeighted ||
         stage == Stage::gradScores;
}

bool isGradient(Stage stage) {
  return stage >= Stage::gradQ && stage <= Stage::gradScores;
}

std::span<const std::string_view> rangeModes() {
  static constexpr std::string_view kModes[] = {"unit", "zero_max", "times_uniform",
                                                "log",  "robust",   "symmetric"};
  return kModes;
}

std::span<const RowQuantityInfo> rowQuantities() {
  return kRowQuantities;
}

}  // namespace headlight
