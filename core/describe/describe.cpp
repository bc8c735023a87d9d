#include "core/describe/describe.h"

#include <algorithm>

#include "core/base/number.h"
#include "core/describe/cause_words.h"
#include "core/describe/head_words.h"
#include "core/describe/mask_words.h"

namespace headlight {
namespace {

constexpr int kMostHeads = 16;

std::vector<std::string> linesOf(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::string leftOutText(std::int64_t heads) {
  return countText(heads, "more head is", "more heads are") + " not told here.";
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

Description describeParts(const Evaluation& evaluation) {
  Description parts;
  parts.title = evaluation.experiment.title;
  parts.headline = headline(evaluation);
  parts.causes = linesOf(causeSentences(evaluation));
  for (const std::string& warning : evaluation.prepared->warnings)
    parts.warnings.push_back(warning + (warning.ends_with('.') ? "" : "."));
  parts.notes = evaluation.experiment.notes.value_or("");
  const TokenNames names = TokenNames::of(evaluation);
  const int heads = evaluation.run->sizes.heads;
  const int viewed = evaluation.experiment.view.head;
  for (int head = 0; head < heads; ++head) {
    if (head >= kMostHeads && head != viewed) continue;
    parts.heads.push_back(headWords(evaluation, head, names));
  }
  parts.headsLeftOut = heads - static_cast<std::int64_t>(parts.heads.size());
  return parts;
}

std::string plainText(const Description& parts) {
  std::string text;
  if (!parts.title.empty()) text += parts.title + "\n";
  text += parts.headline + "\n\n";
  for (const std::string& cause : parts.causes) text += cause + "\n";
  for (const std::string& warning : parts.warnings) text += "Warning: " + warning + "\n";
  if (!parts.notes.empty()) text += "Notes: " + parts.notes + "\n";
  for (const HeadWords& head : parts.heads) text += "\n" + paragraph(head) + "\n";
  if (parts.headsLeftOut > 0) text += "\n" + leftOutText(parts.headsLeftOut) + "\n";
  return text;
}

std::string describe(const Evaluation& evaluation) {
  return plainText(describeParts(evaluation));
}

}  // namespace headlight
