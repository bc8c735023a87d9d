#include "core/describe/describe.h"

#include "core/attention/field.h"
#include "core/base/number.h"
#include "core/describe/cause_words.h"
#include "core/describe/head_words.h"
#include "core/describe/mask_words.h"

namespace headlight {
namespace {

constexpr int kMostHeads = 16;

std::string warningLines(const std::vector<std::string>& warnings) {
  std::string text;
  for (const std::string& warning : warnings) {
    text += "Warning: " + warning + (warning.ends_with('.') ? "\n" : ".\n");
  }
  return text;
}

}  // namespace

std::string headline(const Evaluation& evaluation) {
  const Sizes& sizes = evaluation.run->sizes;
  std::string text = isCross(evaluation) ? "Cross-attention from " : "Self-attention of ";
  text += countText(sizes.queries, "token", "tokens");
  if (isCross(evaluation)) text += " to " + countText(sizes.tokenKeys(), "token", "tokens");
  text += ", " + countText(sizes.heads, "head", "heads");
  if (sizes.kvHeads != sizes.heads)
    text += " on " + countText(sizes.kvHeads, "key-value head", "key-value heads");
  if (sizes.dK > 0) text += ", d_k " + grouped(sizes.dK);
  return text + ", " + maskNames(evaluation.experiment.mask) + ".";
}

std::string describe(const Evaluation& evaluation) {
  std::string text;
  if (!evaluation.experiment.title.empty()) text += evaluation.experiment.title + "\n";
  text += headline(evaluation) + "\n\n" + causeSentences(evaluation);
  text += warningLines(evaluation.prepared->warnings);
  if (evaluation.experiment.notes) text += "Notes: " + *evaluation.experiment.notes + "\n";
  const TokenNames names = TokenNames::of(evaluation);
  const int heads = evaluation.run->sizes.heads;
  // Of many heads the first ones, and the one that is looked at.
  const int viewed = evaluation.experiment.view.head;
  int told = 0;
  for (int head = 0; head < heads; ++head) {
    if (head >= kMostHeads && head != viewed) continue;
    text += "\n" + headParagraph(evaluation, head, names) + "\n";
    ++told;
  }
  if (told < heads)
    text += "\n" + countText(heads - told, "more head is", "more heads are") + " not told here.\n";
  return text;
}

}  // namespace headlight
