#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/head_profile.h"
#include "core/describe/words.h"

namespace headlight {

/// One query row in short: where its largest weights lie.
struct RowWords {
  std::int64_t query = 0;
  float largest = 0;
  std::string who;   ///< "it"
  std::string what;  ///< "animal (0.87)"
};
/// The rows of a map, all of them up to `most`, else those with the largest weights; in order of the queries.
/// Rows without keys are left out. Of maps beyond 2^22 cells evenly spaced rows are read.
std::vector<RowWords> rowWords(const Evaluation& evaluation, int head, const TokenNames& names,
                               std::size_t most);

/// What the map of one head says.
struct HeadWords {
  std::string name;                    ///< H2 "pronoun"
  std::optional<HeadProfile> profile;  ///< nothing where no query keeps a key
  std::vector<std::string> sentences;  ///< on the whole map
  std::string rowsTitle;               ///< "Largest weights"; empty where no row is told
  std::vector<std::string> rows;  ///< "it attends to animal (0.87)"; queries that do the same stand together
};
HeadWords headWords(const Evaluation& evaluation, int head, const TokenNames& names);

/// The same as a paragraph.
std::string paragraph(const HeadWords& words);

}  // namespace headlight
