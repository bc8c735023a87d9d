#pragma once
#include <string>

#include "core/describe/words.h"

namespace headlight {

/// One query row in short: where its largest weights lie.
struct RowWords {
  std::int64_t query = 0;
  float largest = 0;
  std::string text;  ///< "it attends to animal (0.87)"
};
/// The rows of a map, all of them up to `most`, else those with the largest weights; in order of the queries.
/// Rows without keys are left out. Of maps beyond 2^22 cells evenly spaced rows are read.
std::vector<RowWords> rowWords(const Evaluation& evaluation, int head, const TokenNames& names,
                               std::size_t most);

/// What the map of one head says, as a paragraph.
std::string headParagraph(const Evaluation& evaluation, int head, const TokenNames& names);

}  // namespace headlight
