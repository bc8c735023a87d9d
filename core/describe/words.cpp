#include "core/describe/words.h"

#include "core/attention/field.h"
#include "core/text/label.h"

namespace headlight {

std::string layerText(const Evaluation& evaluation) {
  const Prepared& prepared = *evaluation.prepared;
  return prepared.layers == 0 ? "" : "L" + std::to_string(prepared.layer) + " ";
}

std::string headName(const Evaluation& evaluation, int head) {
  std::string name = layerText(evaluation) + "H" + std::to_string(head);
  const auto at = static_cast<std::size_t>(head);
  const std::vector<std::string>& names = evaluation.prepared->headNames;
  return at < names.size() && !names[at].empty() ? name + " " + names[at] : name;
}

std::string headText(const Evaluation& evaluation, int head) {
  if (head == kMeanHead) return "the mean of the heads";
  std::string text = layerText(evaluation) + "H" + std::to_string(head);
  const auto at = static_cast<std::size_t>(head);
  const std::vector<std::string>& names = evaluation.prepared->headNames;
  if (at < names.size() && !names[at].empty()) text += " \"" + names[at] + "\"";
  return text;
}

bool isCross(const Evaluation& evaluation) {
  const Sizes& sizes = evaluation.run->sizes;
  return evaluation.experiment.memory.has_value() || evaluation.run->inputs.memory ||
         sizes.queries != sizes.tokenKeys();
}

TokenNames TokenNames::of(const Evaluation& evaluation) {
  const LabelStyle style{24, true};
  return {shownLabels(evaluation.prepared->queryTokens, style),
          shownLabels(evaluation.prepared->keyTokens, style), isCross(evaluation)};
}

std::string TokenNames::key(std::int64_t query, std::int64_t key) const {
  if (!cross && query == key) return "itself";
  return keys[static_cast<std::size_t>(key)];
}

}  // namespace headlight
