#include <iterator>

#include "app/session/state.h"
#include "core/attention/stage.h"

namespace headlight {

std::shared_ptr<const Evaluation> Session::evaluation() const {
  return state_->numbers.evaluation();
}

const Error* Session::evaluationError() const {
  const auto& error = state_->numbers.error();
  return error ? &*error : nullptr;
}

bool Session::changed(Stage stage) const {
  return state_->numbers.changed(stage);
}

std::vector<Stage> Session::stagesShown() const {
  // The strip reads as the formula: V stands where it is used, behind the weights.
  static constexpr Stage kOrder[] = {
      Stage::input,  Stage::memory,     Stage::q,      Stage::k,         Stage::dot,
      Stage::scaled, Stage::biased,     Stage::masked, Stage::weights,   Stage::valueWeighted,
      Stage::v,      Stage::headOutput, Stage::concat, Stage::output,    Stage::contribution,
      Stage::gradQ,  Stage::gradK,      Stage::gradV,  Stage::gradScores};
  static_assert(std::size(kOrder) == kStageCount, "a stage that is not named here would never be shown");
  std::vector<Stage> shown;
  const auto now = evaluation();
  if (!now) return shown;
  const Stage selected = view().stage;
  for (const Stage stage : kOrder) {
    if (!now->run->has(stage)) continue;
    // Gradients are made for the inspector and for files.
    if (isGradient(stage)) continue;
    // The other way to look at the weights, beside them when it is chosen.
    if (stage == Stage::valueWeighted && selected != stage) continue;
    // Without softcap and biases it repeats `scaled`.
    if (stage == Stage::biased && selected != stage && !now->run->rules.modifies()) continue;
    // It opens below the output.
    if (stage == Stage::contribution && selected != stage && selected != Stage::output) continue;
    shown.push_back(stage);
  }
  return shown;
}

std::shared_ptr<const Tile> Session::tile(Stage stage, int head, int level, std::int64_t r, std::int64_t c) {
  return state_->numbers.tile(stage, head, level, r, c, stage == view().stage);
}

std::shared_ptr<const Tile> Session::overview(Stage stage, int head, int level, std::int64_t r,
                                              std::int64_t c) {
  return state_->numbers.tile(stage, head, level, r, c, false);
}

std::shared_ptr<const FieldStatistics> Session::statistics(Stage stage, int head) {
  return state_->numbers.statistics(stage, head);
}

std::shared_ptr<const Received> Session::received(int head) {
  return state_->numbers.received(head);
}

std::shared_ptr<const Explanation> Session::explanation(Stage stage, int head, Cell cell) {
  return state_->numbers.explanation(stage, head, cell.row, cell.col);
}

std::shared_ptr<const RowValues> Session::row(Stage stage, int head, std::int64_t row) {
  return state_->numbers.row(stage, head, row);
}

std::shared_ptr<const StrongestKeys> Session::strongest(Stage stage, int head, std::int64_t block) {
  return state_->numbers.strongest(stage, head, block);
}

std::shared_ptr<const std::string> Session::description(Stage stage, int head, std::optional<Cell> cell) {
  const std::int64_t place[] = {cell ? cell->row : 0, cell ? cell->col : 0};
  return state_->numbers.description(stage, head, cell ? place : nullptr);
}

Stage Session::explainedStage() const {
  const Stage stage = view().stage;
  const auto now = evaluation();
  const bool leadsToWeights = isMap(stage) && stage <= Stage::weights;
  return leadsToWeights && now && now->run->has(Stage::weights) ? Stage::weights : stage;
}

std::optional<Range> Session::range(Stage stage, int head) {
  return state_->numbers.range(stage, head, view());
}

std::vector<std::shared_ptr<const FieldStatistics>> Session::rangeStatistics(Stage stage, int head) {
  return state_->numbers.rangeStatistics(stage, head, view());
}

}  // namespace headlight
