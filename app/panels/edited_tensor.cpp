#include "app/panels/edited_tensor.h"

#include <array>

#include "app/panels/map_image.h"

namespace headlight {
namespace {

/// One row for each stage name of `edits` that is a weight or a bias.
struct Weight {
  std::string_view name;
  std::string_view label;
  Caused<Linear> Inputs::*linear;
  bool bias;
};
constexpr std::array kWeights{
    Weight{"w_q", "W_Q", &Inputs::wQ, false}, Weight{"w_k", "W_K", &Inputs::wK, false},
    Weight{"w_v", "W_V", &Inputs::wV, false}, Weight{"w_o", "W_O", &Inputs::wO, false},
    Weight{"b_q", "b_Q", &Inputs::wQ, true},  Weight{"b_k", "b_K", &Inputs::wK, true},
    Weight{"b_v", "b_V", &Inputs::wV, true},  Weight{"b_o", "b_O", &Inputs::wO, true},
};

const Weight* weightOf(std::string_view name) {
  for (const Weight& weight : kWeights) {
    if (weight.name == name) return &weight;
  }
  return nullptr;
}

const Linear* linearOf(const Panel& p, const Weight& weight) {
  const auto evaluation = p.session.evaluation();
  return evaluation ? (evaluation->run->inputs.*weight.linear).value.get() : nullptr;
}

std::optional<float> cellOf(const Matrix& matrix, std::int64_t i, std::int64_t j) {
  if (i < 0 || j < 0 || i >= matrix.rows() || j >= matrix.cols()) return std::nullopt;
  return matrix(i, j);
}

std::string place(const std::string& label, std::int64_t index) {
  const std::string number = std::to_string(index);
  return label.empty() || label == number ? number : number + " “" + label + "”";
}

}  // namespace

std::string_view editedStage(Stage stage) {
  switch (stage) {
    case Stage::input:
    case Stage::memory:
    case Stage::q:
    case Stage::k:
    case Stage::v:
      return info(stage).id;
    default:
      return "";
  }
}

std::string whyNotEdited(const Panel& p, Stage stage) {
  if (editedStage(stage).empty()) {
    return "A result: set X, Q, K, V or a weight matrix · and " + std::string(info(stage).title) + " follows";
  }
  const bool perHead = stage == Stage::q || stage == Stage::k || stage == Stage::v;
  if (perHead && p.session.view().head < 0) return "The mean is no tensor of its own: choose a head";
  return "";
}

std::optional<std::pair<std::int64_t, std::int64_t>> weightShape(const Panel& p, std::string_view name) {
  const Weight* weight = weightOf(name);
  const Linear* linear = weight == nullptr ? nullptr : linearOf(p, *weight);
  if (linear == nullptr) return std::nullopt;
  return std::pair(weight->bias ? 1 : linear->weight.rows(), linear->weight.cols());
}

std::optional<float> tensorValue(const Panel& p, std::string_view stage,
                                 const std::vector<std::int64_t>& at) {
  const auto evaluation = p.session.evaluation();
  if (!evaluation) return std::nullopt;
  const Run& run = *evaluation->run;
  if (const Weight* weight = weightOf(stage)) {
    const Linear* linear = linearOf(p, *weight);
    if (linear == nullptr || at.size() != (weight->bias ? 1u : 2u)) return std::nullopt;
    if (!weight->bias) return cellOf(linear->weight, at[0], at[1]);
    if (at[0] < 0 || at[0] >= linear->weight.cols()) return std::nullopt;
    return linear->bias.empty() ? 0.0f : linear->bias[static_cast<std::size_t>(at[0])];
  }
  if (at.size() == 2) {
    const auto& matrix = stage == "memory" ? run.inputs.memory : run.inputs.x;
    return matrix ? cellOf(*matrix, at[0], at[1]) : std::nullopt;
  }
  const Projected* projected = run.projected.value.get();
  if (at.size() != 3 || projected == nullptr || at[0] < 0) return std::nullopt;
  const SharedHeads& heads = stage == "q" ? projected->q : stage == "k" ? projected->k : projected->v;
  const auto head = static_cast<std::size_t>(at[0]);
  return head < heads.size() ? cellOf(heads[head], at[1], at[2]) : std::nullopt;
}

std::string cellName(const Panel& p, std::string_view stage, const std::vector<std::int64_t>& at) {
  if (const Weight* weight = weightOf(stage)) {
    std::string name(weight->label);
    for (std::size_t i = 0; i < at.size(); ++i) name += (i == 0 ? "  " : ", ") + std::to_string(at[i]);
    return name;
  }
  const bool ofKeys = stage == "k" || stage == "v" || stage == "memory";
  const auto token = [&](std::int64_t i) {
    return place(ofKeys ? keyLabel(p, i, 12) : queryLabel(p, i, 12), i);
  };
  if (at.size() == 2)
    return (stage == "memory" ? "memory  " : "X  ") + token(at[0]) + ", " + std::to_string(at[1]);
  if (at.size() != 3) return std::string(stage);
  return std::string(info(stage == "q"   ? Stage::q
                          : stage == "k" ? Stage::k
                                         : Stage::v)
                         .label) +
         "  " + headName(static_cast<int>(at[0])) + "  " + token(at[1]) + ", " + std::to_string(at[2]);
}

}  // namespace headlight
