#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/describe/head_words.h"
#include "core/experiment/evaluate.h"

namespace headlight {

/// The experiment and its maps in plain sentences, in parts: what a reader without the picture gets.
struct Description {
  std::string title;     ///< of the document, may be empty
  std::string headline;  ///< "Self-attention of 11 tokens, 8 heads, d_k 16, causal mask."
  std::vector<std::string>
      causes;  ///< a line each: what is deliberately wrong, origin, tokens, sizes, scores …
  std::vector<std::string> warnings;
  std::string notes;             ///< for the lecturer, may be empty
  std::vector<HeadWords> heads;  ///< the first ones, and the one that is looked at
  std::int64_t headsLeftOut = 0;
};
Description describeParts(const Evaluation& evaluation);

/// The parts as paragraphs, a fact a line.
std::string plainText(const Description& description);
/// The same in CommonMark with a table (of GitHub): headings, lists, one row a head. What a token or a title
/// says is never markup.
std::string markdown(const Description& description);
/// plainText of describeParts.
std::string describe(const Evaluation& evaluation);

/// One sentence or two on one map: what a figure stores as its alternative text.
std::string altText(const Evaluation& evaluation, Stage stage, int head);
/// "Self-attention of 11 tokens, 8 heads, d_k 16, causal mask."
std::string headline(const Evaluation& evaluation);

}  // namespace headlight
