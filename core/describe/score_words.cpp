#include "core/describe/score_words.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/attention/bias/bias.h"
#include "core/attention/normalize/normalize.h"
#include "core/base/number.h"
#include "core/describe/mask_words.h"
#include "core/describe/words.h"

namespace headlight {
namespace {

/// From here on a score is large negative: its weight is 0 beside any ordinary one.
constexpr float kLargeNegative = -1e4F;
/// Rows of rounded numbers sum to 1 within this.
constexpr double kRowSumTolerance = 2e-3;

std::string number(double value) {
  return withTrueMinus(shortest(value));
}

std::string softcapText(const Experiment& experiment) {
  if (!experiment.softcap) return {};
  const std::string cap = number(*experiment.softcap);
  return "Scores are capped between −" + cap + " and " + cap + ": a score s becomes " + cap + " × tanh(s ÷ " +
         cap + ").\n";
}

std::string biasText(const Experiment& experiment) {
  if (experiment.biases.empty()) return {};
  std::string text = "Bias: ";
  for (std::size_t n = 0; n < experiment.biases.size(); ++n) {
    const Kinded& entry = experiment.biases[n];
    const BiasKind* kind = biasKind(entry.kind);
    text += (n > 0 ? "; and " : "") + (kind ? kind->sentence(entry) : entry.kind);
  }
  return text + ".\n";
}

std::string scaleText(const Evaluation& evaluation) {
  const Value& scale = evaluation.experiment.scale;
  std::string text = "A score is the dot product of query and key";
  if (scale.isNumber()) {
    text += " × " + shortest(scale.number());
  } else if (scale.isString() && scale.string() == "none") {
    text += ", not scaled";
  } else {
    text += " ÷ √" + std::to_string(evaluation.run->sizes.dK);
  }
  return text + ".\n";
}

std::string maskSentences(const Evaluation& evaluation) {
  const std::vector<Kinded>& entries = evaluation.experiment.mask;
  if (entries.empty()) return "No mask: every query may attend to every key.\n";
  std::string text = "Mask: ";
  for (std::size_t n = 0; n < entries.size(); ++n) text += (n > 0 ? "; and " : "") + maskSentence(entries[n]);
  text += ".";
  const Run& run = *evaluation.run;
  if (run.mask) {
    text += " " + grouped(run.mask->keptCells(0)) + " of " + grouped(run.sizes.queries * run.sizes.keys) +
            " pairs are kept" + (run.mask->perHead() ? " by H0." : ".");
  }
  return text + "\n";
}

std::string emptyRowSentence(const Evaluation& evaluation) {
  const std::int64_t empty = evaluation.run->mask ? evaluation.run->mask->emptyRows(0) : 0;
  if (empty == 0) return {};
  std::string text =
      countText(empty, "query keeps no key; its weights are ", "queries keep no key; their weights are ");
  switch (evaluation.run->rules.emptyRow) {
    case EmptyRow::zeros:
      return text + "0.\n";
    case EmptyRow::nan:
      return text + "not numbers (NaN).\n";
    case EmptyRow::uniform:
      break;
  }
  return text + "equal on all keys.\n";
}

/// How scores become weights, as it is done: a mistake takes the place of what is meant.
std::string normalizerClause(const Experiment& experiment) {
  if (experiment.mistake.overQueries)
    return "softmax turns the scores of each key, over all queries, into positive weights that sum to 1 down "
           "the "
           "column";
  if (experiment.mistake.plainSum) return "each score is divided by the sum of its row's scores";
  const NormalizerKind* kind = normalizerKind(experiment.normalizer.kind);
  std::string clause =
      kind && kind->sentence ? kind->sentence(experiment.normalizer) : experiment.normalizer.kind;
  if (experiment.mistake.maskAs == Mistake::MaskAs::zeroWeight && !experiment.mask.empty())
    clause += "; only then are the masked weights set to 0";
  return clause;
}

std::string normalizerText(const Experiment& experiment) {
  std::string text = "Weights: " + normalizerClause(experiment);
  if (experiment.temperature != 1)
    text += "; the scores are divided by the temperature " + shortest(experiment.temperature) + " first";
  return text + ".\n";
}

struct RowSums {
  double least = std::numeric_limits<double>::infinity();
  double most = -std::numeric_limits<double>::infinity();
};

RowSums rowSums(const Statistics& statistics) {
  RowSums sums;
  for (const HeadStatistics& head : statistics.heads) {
    for (const RowNumbers& row : head.rows) {
      const auto sum = static_cast<double>(row.weightSum);
      if (row.keptKeys == 0 || !std::isfinite(sum)) continue;
      sums.least = std::min(sums.least, sum);
      sums.most = std::max(sums.most, sum);
    }
  }
  return sums;
}

}  // namespace

std::string scoreSentences(const Evaluation& evaluation) {
  const Experiment& experiment = evaluation.experiment;
  const Inputs& inputs = evaluation.run->inputs;
  if (inputs.maps && inputs.maps->enters == Stage::weights)
    return "The weights are given: no scale, bias, mask or normalizer is applied to them.\n";
  const std::string scores =
      inputs.maps ? "The scores are given as they are after scaling.\n" : scaleText(evaluation);
  return scores + softcapText(experiment) + biasText(experiment) + maskSentences(evaluation) +
         normalizerText(experiment) + emptyRowSentence(evaluation);
}

std::vector<std::string> mistakeClauses(const Experiment& experiment) {
  const Mistake& mistake = experiment.mistake;
  std::vector<std::string> clauses;
  const auto add = [&](bool wrong, const char* words) {
    if (wrong) clauses.emplace_back(words);
  };
  add(mistake.overQueries,
      "softmax runs over the queries of each key, so that columns sum to 1 and rows do not");
  add(mistake.maskAs == Mistake::MaskAs::zeroScore,
      "masked scores are 0 instead of −∞, so that masked keys still get weight");
  add(mistake.maskAs == Mistake::MaskAs::zeroWeight,
      "masked weights are set to 0 after the normalizer ran over all keys, so that rows lose what they had "
      "there");
  add(mistake.plainSum,
      "a weight is its score divided by the sum of the row's scores, without an exponential");
  add(mistake.keepsMaximum,
      "the exponentials are taken without subtracting the row's maximum, so that large scores overflow");
  add(mistake.meanMerge,
      "the outputs of the heads are averaged and multiplied by the first d_v rows of W_O instead of being "
      "put "
      "side by side");
  add(experiment.tiesKeys, "keys are projected by W_Q instead of W_K");
  return clauses;
}

std::string mistakeText(const Experiment& experiment) {
  const std::vector<std::string> clauses = mistakeClauses(experiment);
  if (clauses.empty()) return {};
  std::string text = "Deliberately wrong: ";
  for (std::size_t n = 0; n < clauses.size(); ++n) text += (n > 0 ? "; and " : "") + clauses[n];
  return text + ".";
}

std::string numberSentences(const Evaluation& evaluation) {
  const Run& run = *evaluation.run;
  if (!run.statistics) return {};
  std::string text;
  const RowSums sums = rowSums(*run.statistics);
  if (sums.most >= sums.least && (sums.most > 1 + kRowSumTolerance || sums.least < 1 - kRowSumTolerance)) {
    text += "The weights of a query do not sum to 1: ";
    const std::string least = fixed(sums.least, 3);
    const std::string most = fixed(sums.most, 3);
    text += least == most ? "the sum is " + least + ".\n"
                          : "the sums lie between " + least + " and " + most + ".\n";
  }
  float lowest = 0;
  for (const HeadStatistics& head : run.statistics->heads) lowest = std::min(lowest, head.smallestScore);
  if (lowest <= kLargeNegative) {
    text += "Some kept scores are large negative, down to " + fixed(static_cast<double>(lowest), 0) +
            ": their weights are practically 0, as if they were masked.\n";
  }
  return text;
}

}  // namespace headlight
