#pragma once
#include <string>
#include <vector>

#include "core/experiment/evaluate.h"

namespace headlight {

/// How scores and weights are made, a line each: dot product, scale, softcap, biases, masks, normalizer, rows
/// without keys. Of given maps what is not applied to them.
std::string scoreSentences(const Evaluation& evaluation);

/// What is deliberately wrong, a clause each without full stop; nothing where attention is as it is meant.
std::vector<std::string> mistakeClauses(const Experiment& experiment);
/// "Deliberately wrong: …; and …." on all of them; empty where there is none.
std::string mistakeText(const Experiment& experiment);

/// What the numbers show that a reader should know: rows that do not sum to 1, large negative scores.
std::string numberSentences(const Evaluation& evaluation);

}  // namespace headlight
