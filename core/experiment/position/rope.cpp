#include "core/experiment/position/rope.h"

namespace headlight {
namespace {

Rotary rotary(const Kinded& position) {
  const KindSpec& spec = ropePosition().spec;
  Rotary turn;
  turn.base = valueOf(position, spec, "base").number();
  turn.interleaved = valueOf(position, spec, "style").string() == "interleaved";
  turn.fraction = valueOf(position, spec, "fraction").number();
  turn.offset = valueOf(position, spec, "offset").integer();
  return turn;
}

}  // namespace

const PositionKind& ropePosition() {
  static const PositionKind kind{
      {"rope",
       "rotary",
       "Turns pairs of features of q and k by position × base^{−2k/R} (Su et al. 2021, equation 34).",
       {{"base",
         KeyType::number,
         10000.0,
         false,
         1,
         1e12,
         {},
         "b: pair k of the R turned features turns by b^{−2k/R} for each place."},
        {"style",
         KeyType::word,
         "half",
         false,
         0,
         0,
         {"half", "interleaved"},
         "Which features are a pair: k and k + R/2 (Llama), or 2k and 2k + 1 (GPT-J)."},
        {"fraction",
         KeyType::number,
         1.0,
         false,
         1e-6,
         1,
         {},
         "R ÷ d_k: how many of the features are turned, the first ones."},
        {"offset",
         KeyType::integer,
         0,
         false,
         0,
         1099511627776.0,
         {},
         "The position of the first query and of the first key."}}},
      nullptr,
      rotary};
  return kind;
}

}  // namespace headlight
