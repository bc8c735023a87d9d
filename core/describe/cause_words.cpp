#include "core/describe/cause_words.h"

#include "core/base/number.h"
#include "core/describe/mask_words.h"
#include "core/describe/words.h"

namespace headlight {
namespace {

std::string tokenList(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 32;
  if (names.size() <= kMost) return listText(names);
  std::string text;
  for (std::size_t n = 0; n < kMost; ++n) text += names[n] + ", ";
  return text + "and " + grouped(static_cast<std::int64_t>(names.size() - kMost)) + " more";
}

std::string originSentence(const Evaluation& evaluation) {
  return "Numbers: " + evaluation.prepared->origin.chip + ".\n";
}

std::string tokenSentences(const Evaluation& evaluation) {
  const TokenNames names = TokenNames::of(evaluation);
  if (!names.cross) return "Tokens: " + tokenList(names.queries) + ".\n";
  return "Queries come from " + tokenList(names.queries) + ".\nKeys come from " + tokenList(names.keys) +
         ".\n";
}

std::string sizeSentence(const Evaluation& evaluation) {
  const Run& run = *evaluation.run;
  const Sizes& sizes = run.sizes;
  std::string text;
  if (run.has(Stage::input))
    text += "Each token is a vector of " + grouped(sizes.dModel) + " numbers (d_model). ";
  text += "Each of " + countText(sizes.heads, "head", "heads") + " has queries and keys of width " +
          grouped(sizes.dK) + " (d_k)";
  text += sizes.dV > 0 ? " and values of width " + grouped(sizes.dV) + " (d_v)." : "; there are no values.";
  if (sizes.kvHeads != sizes.heads) {
    text += " The heads share " + countText(sizes.kvHeads, "key-value head", "key-value heads") + ", " +
            countText(sizes.heads / sizes.kvHeads, "head", "heads") + " each.";
  }
  return text + "\n";
}

std::string positionSentence(const Experiment& experiment) {
  if (experiment.position.kind == "none" || experiment.position.kind.empty()) return {};
  return "Position: " + experiment.position.kind + ".\n";
}

std::string scoreSentence(const Evaluation& evaluation) {
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
    text += " " + grouped(run.mask->keptCells()) + " of " + grouped(run.sizes.queries * run.sizes.keys) +
            " pairs are kept.";
  }
  return text + "\n";
}

std::string emptyRowSentence(const Evaluation& evaluation) {
  const std::int64_t empty = evaluation.run->mask ? evaluation.run->mask->emptyRows() : 0;
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

std::string normalizerSentence(const Evaluation& evaluation) {
  const Experiment& experiment = evaluation.experiment;
  std::string text = "Weights are the " + experiment.normalizer.kind + " of a query's scores over its keys";
  if (experiment.temperature != 1) text += ", after ÷ temperature " + shortest(experiment.temperature);
  return text + ".\n";
}

std::string editSentence(const Experiment& experiment) {
  if (experiment.edits.empty()) return {};
  constexpr std::size_t kMost = 8;
  std::vector<std::string> cells;
  for (const CellEdit& edit : experiment.edits) {
    if (cells.size() == kMost) break;
    std::string at;
    for (const std::int64_t index : edit.at) at += (at.empty() ? "" : ", ") + std::to_string(index);
    cells.push_back(edit.stage + "[" + at + "] = " + shortest(edit.value));
  }
  const auto count = static_cast<std::int64_t>(experiment.edits.size());
  const std::string more = experiment.edits.size() > kMost ? ", …" : "";
  return countText(count, "number was", "numbers were") + " set by hand: " + listText(cells) + more + ".\n";
}

std::string ablationSentence(const Evaluation& evaluation) {
  std::vector<std::string> heads;
  for (const int head : evaluation.experiment.ablatedHeads) heads.push_back(headText(evaluation, head));
  if (heads.empty()) return {};
  return std::string(heads.size() == 1 ? "Ablated head: " : "Ablated heads: ") + listText(heads) +
         (heads.size() == 1 ? ". Its output is 0; its weights stay.\n"
                            : ". Their outputs are 0; their weights stay.\n");
}

}  // namespace

std::vector<std::string> handNotes(const Evaluation& evaluation) {
  std::vector<std::string> notes;
  if (std::string text = editSentence(evaluation.experiment); !text.empty()) {
    text.resize(text.find_last_of('.'));
    notes.push_back(text);
  }
  std::vector<std::string> heads;
  for (const int head : evaluation.experiment.ablatedHeads) heads.push_back("H" + std::to_string(head));
  if (!heads.empty()) {
    notes.push_back((heads.size() == 1 ? "ablated head " : "ablated heads ") + listText(heads) +
                    (heads.size() == 1 ? ": its output is 0, its weights stay"
                                       : ": their outputs are 0, their weights stay"));
  }
  return notes;
}

std::string causeSentences(const Evaluation& evaluation) {
  return originSentence(evaluation) + tokenSentences(evaluation) + sizeSentence(evaluation) +
         positionSentence(evaluation.experiment) + scoreSentence(evaluation) + maskSentences(evaluation) +
         normalizerSentence(evaluation) + emptyRowSentence(evaluation) + editSentence(evaluation.experiment) +
         ablationSentence(evaluation);
}

}  // namespace headlight
