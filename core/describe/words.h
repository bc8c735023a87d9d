#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/words.h"
#include "core/experiment/evaluate.h"

namespace headlight {

/// "L5 ", before a head's number; nothing where the numbers are not of one of several layers of a file.
std::string layerText(const Evaluation& evaluation);
/// "H2", "L5 H2", or "H2 pronoun" where the head has a name; not of the mean.
std::string headName(const Evaluation& evaluation, int head);
/// "H2", "L5 H2", or H2 "pronoun" where the head has a name; "the mean of the heads".
std::string headText(const Evaluation& evaluation, int head);
/// True when the keys come from another sequence than the queries.
bool isCross(const Evaluation& evaluation);

/// The names of the tokens in sentences: shortened, repeats numbered.
struct TokenNames {
  std::vector<std::string> queries;
  std::vector<std::string> keys;
  bool cross = false;

  static TokenNames of(const Evaluation& evaluation);
  /// "itself" for a token's own place.
  std::string key(std::int64_t query, std::int64_t key) const;
};

}  // namespace headlight
