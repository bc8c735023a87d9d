#include <array>
#include <span>

#include "core/attention/explain.h"
#include "core/base/csv_text.h"
#include "core/base/number.h"

namespace headlight {
namespace {

enum Column { kPart, kNumber, kStage, kTitle, kIndex, kLabel, kLeft, kRight, kResult, kColumns };
using Line = std::array<std::string, kColumns>;

void add(const Line& line, std::string& text) {
  text += csvRow(std::span<const std::string>(line));
}

void addStep(const ExplainStep& step, std::size_t number, std::string& text) {
  Line line;
  line[kPart] = "step";
  line[kNumber] = std::to_string(number);
  line[kStage] = std::string(info(step.stage).id);
  line[kTitle] = step.title;
  line[kLabel] = step.detail;
  if (step.hasResult) line[kResult] = shortest(step.result);
  add(line, text);
  line[kPart] = "term";
  line[kLabel].clear();
  for (const ExplainTerm& term : step.terms) {
    line[kIndex] = std::to_string(term.index);
    line[kLeft] = shortest(term.left);
    line[kRight] = shortest(term.right);
    line[kResult] = shortest(term.product);
    add(line, text);
  }
  line[kPart] = "strip";
  line[kLeft].clear();
  line[kRight].clear();
  for (const ExplainStep::Strip& strip : step.strips) {
    line[kLabel] = strip.label;
    for (std::size_t e = 0; e < strip.values.size(); ++e) {
      line[kIndex] = std::to_string(e);
      line[kResult] = shortest(strip.values[e]);
      add(line, text);
    }
  }
}

std::string labelAt(const std::vector<std::string>& labels, std::int64_t index) {
  const auto at = static_cast<std::size_t>(index);
  return at < labels.size() ? labels[at] : std::string();
}

/// The cell itself: its stage, its place and its value.
void addCell(const Explanation& explanation, const std::vector<std::string>& queryLabels,
             const std::vector<std::string>& keyLabels, std::string& text) {
  const StageInfo& stage = info(explanation.stage);
  const auto axis = [&](const char* part, Axis axisOf, std::int64_t index) {
    Line line;
    line[kPart] = part;
    line[kStage] = std::string(stage.id);
    line[kIndex] = std::to_string(index);
    if (axisOf == Axis::query) line[kLabel] = labelAt(queryLabels, index);
    if (axisOf == Axis::key) line[kLabel] = labelAt(keyLabels, index);
    add(line, text);
  };
  Line line;
  line[kPart] = "cell";
  line[kStage] = std::string(stage.id);
  line[kTitle] = std::string(stage.title);
  line[kLabel] = explanation.headline;
  line[kResult] = shortest(explanation.value);
  add(line, text);
  if (stage.perHead && explanation.head >= 0) {
    Line head;
    head[kPart] = "head";
    head[kStage] = std::string(stage.id);
    head[kIndex] = std::to_string(explanation.head);
    add(head, text);
  }
  axis("row", stage.rows, explanation.row);
  axis("column", stage.cols, explanation.col);
}

}  // namespace

std::string toCsv(const Explanation& explanation, const std::vector<ExplainKey>& keys,
                  const std::vector<std::string>& queryLabels, const std::vector<std::string>& keyLabels) {
  std::string text = "part,number,stage,title,index,label,left,right,result";
  text += kCsvLineEnd;
  addCell(explanation, queryLabels, keyLabels, text);
  std::size_t number = 0;
  for (const ExplainStep& step : explanation.steps) addStep(step, ++number, text);
  if (explanation.droppedBy) {
    Line line;
    line[kPart] = "mask";
    line[kStage] = std::string(info(Stage::masked).id);
    line[kTitle] = explanation.droppedBy->kind;
    line[kIndex] = std::to_string(explanation.droppedBy->entry);
    line[kLabel] = explanation.droppedBy->reason;
    add(line, text);
  }
  for (const ExplainFact& fact : explanation.facts) {
    Line line;
    line[kPart] = "fact";
    line[kStage] = std::string(info(explanation.stage).id);
    line[kTitle] = fact.name;
    line[kLabel] = fact.text;
    line[kResult] = shortest(fact.value);
    add(line, text);
    for (const ExplainStep& step : fact.steps) addStep(step, ++number, text);
  }
  for (const ExplainKey& key : keys) {
    Line line;
    line[kPart] = "key";
    line[kStage] = std::string(info(Stage::weights).id);
    line[kTitle] = key.kept ? "kept" : "masked";
    line[kIndex] = std::to_string(key.key);
    line[kLabel] = labelAt(keyLabels, key.key);
    line[kLeft] = shortest(key.score);
    line[kRight] = shortest(key.exponential);
    line[kResult] = shortest(key.weight);
    add(line, text);
  }
  return text;
}

}  // namespace headlight
