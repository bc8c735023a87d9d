#include "core/describe/cause_words.h"

#include <algorithm>

#include "core/base/number.h"
#include "core/describe/score_words.h"
#include "core/describe/words.h"
#include "core/experiment/position/position.h"

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
  text += sizes.heads == 1 ? "The head" : "Each of " + grouped(sizes.heads) + " heads";
  text +=
      run.inputs.maps ? " has its own map" : " has queries and keys of width " + grouped(sizes.dK) + " (d_k)";
  text += sizes.dV > 0 ? " and values of width " + grouped(sizes.dV) + " (d_v)." : "; there are no values.";
  if (sizes.kvHeads != sizes.heads) {
    text += " The heads share " + countText(sizes.kvHeads, "key-value head", "key-value heads") + ", " +
            countText(sizes.heads / sizes.kvHeads, "head", "heads") + " each.";
  }
  return text + "\n";
}

std::string positionSentence(const Experiment& experiment) {
  const Kinded& position = experiment.position;
  const PositionKind* kind = positionKind(position.kind);
  if (position.kind == "none" || kind == nullptr) return {};
  if (kind->rotary) {
    const Rotary turn = kind->rotary(position);
    std::string text = "Position: " + position.kind + ". Queries and keys are turned by their position: ";
    text += turn.fraction == 1
                ? "pair k of the R features of a head"
                : "pair k of the first R features of a head, R = " + shortest(turn.fraction) + " × d_k,";
    text += " turns by " + shortest(turn.base) + "^(−2k/R) radians a place; its features are " +
            (turn.interleaved ? "2k and 2k + 1" : "k and k + R/2");
    if (turn.offset != 0) text += "; the first position is " + std::to_string(turn.offset);
    return text + ".\n";
  }
  std::string text = "Position: " + position.kind + ", added to X";
  if (kind->spec.key("seed"))
    text += ", a row of generated numbers for each place (seed " +
            valueOf(position, kind->spec, "seed").json() + ")";
  return text + ".\n";
}

std::string batchSentence(const Evaluation& evaluation) {
  const Prepared& prepared = *evaluation.prepared;
  if (prepared.batches == 0) return {};
  std::string text = "Element " + std::to_string(evaluation.experiment.view.batch) + " of a batch of " +
                     std::to_string(prepared.batches);
  const auto& padded = prepared.plan.inputs.paddedKeys;
  const auto count = std::count(padded.begin(), padded.end(), true);
  if (count > 0) text += "; " + countText(count, "key is", "keys are") + " padding";
  return text + ".\n";
}

std::string layerSentence(const Evaluation& evaluation) {
  const Prepared& prepared = *evaluation.prepared;
  if (prepared.layers == 0) return {};
  return "Layer " + std::to_string(prepared.layer) + " of " + std::to_string(prepared.layers) + ".\n";
}

std::string extraKeySentence(const Evaluation& evaluation) {
  const std::int64_t extra = evaluation.run->sizes.extraKeys;
  if (extra == 0) return {};
  std::vector<std::string> labels;
  const std::vector<Token>& tokens = evaluation.prepared->keyTokens;
  for (std::size_t n = tokens.size() - static_cast<std::size_t>(extra); n < tokens.size(); ++n)
    labels.push_back(tokens[n].label);
  return countText(extra, "key that no token has stands", "keys that no token has stand") +
         " at the end of the key axis: " + listText(labels) + ". No mask or bias touches " +
         (extra == 1 ? "it" : "them") + ".\n";
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
  if (std::string text = mistakeText(evaluation.experiment); !text.empty()) {
    text.resize(text.find_last_of('.'));
    text.front() = 'd';
    notes.push_back(text);
  }
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
  const std::string wrong = mistakeText(evaluation.experiment);
  return (wrong.empty() ? wrong : wrong + "\n") + originSentence(evaluation) + tokenSentences(evaluation) +
         layerSentence(evaluation) + batchSentence(evaluation) + extraKeySentence(evaluation) +
         sizeSentence(evaluation) + positionSentence(evaluation.experiment) + scoreSentences(evaluation) +
         numberSentences(evaluation) + editSentence(evaluation.experiment) + ablationSentence(evaluation);
}

}  // namespace headlight
