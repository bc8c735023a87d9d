#include "core/attention/explain_steps.h"
#include "core/attention/explain_words.h"

namespace headlight {
namespace {

/// "query 7 “it”"
std::string place(std::string_view name, std::int64_t index, const std::vector<std::string>* labels) {
  std::string text = std::string(name) + " " + std::to_string(index);
  if (labels != nullptr && index < static_cast<std::int64_t>(labels->size())) {
    text += " “" + (*labels)[static_cast<std::size_t>(index)] + "”";
  }
  return text;
}

std::string axisPlace(Axis axis, std::int64_t index, const std::vector<std::string>& queryLabels,
                      const std::vector<std::string>& keyLabels) {
  if (axis == Axis::query) return place("query", index, &queryLabels);
  if (axis == Axis::key) return place("key", index, &keyLabels);
  return place("column", index, nullptr);
}

std::string headText(const Explanation& explanation) {
  if (!info(explanation.stage).perHead && explanation.stage != Stage::concat) return "";
  return explanation.head < 0 ? ", mean over heads" : ", head " + std::to_string(explanation.head);
}

std::string line(const ExplainStep& step) {
  std::string text = step.title;
  if (!step.expression.empty()) text += ": " + step.expression;
  if (step.hasResult) text += (step.expression.empty() ? ": " : " = ") + numberText(step.result);
  if (!step.detail.empty()) text += "  (" + step.detail + ")";
  return text;
}

}  // namespace

std::string cellWords(const Explanation& explanation, const std::vector<std::string>& queryLabels,
                      const std::vector<std::string>& keyLabels) {
  const StageInfo& stage = info(explanation.stage);
  std::string text = std::string(stage.title) + headText(explanation) + ": " +
                     axisPlace(stage.rows, explanation.row, queryLabels, keyLabels) + ", " +
                     axisPlace(stage.cols, explanation.col, queryLabels, keyLabels) + ": " +
                     numberText(explanation.value);
  if (!explanation.headline.empty()) text += " (" + explanation.headline + ")";
  return text;
}

std::string droppedWords(const ExplainMask& mask) {
  return "dropped by mask " + std::to_string(mask.entry) + ", " + mask.kind + " (" + mask.rule +
         "): " + mask.reason;
}

std::string toText(const Explanation& explanation, const std::vector<std::string>& queryLabels,
                   const std::vector<std::string>& keyLabels) {
  std::string text = cellWords(explanation, queryLabels, keyLabels) + "\n";
  for (std::size_t n = 0; n < explanation.steps.size(); ++n) {
    text += std::to_string(n + 1) + ". " + line(explanation.steps[n]) + "\n";
  }
  if (explanation.droppedBy) text += droppedWords(*explanation.droppedBy) + "\n";
  for (const ExplainFact& fact : explanation.facts) {
    text += fact.name + ": " + fact.text + "\n";
    for (const ExplainStep& step : fact.steps) text += "   " + line(step) + "\n";
  }
  return text;
}

}  // namespace headlight
