#include "core/experiment/position/learned.h"

#include "core/experiment/generator.h"
#include "core/experiment/source/source.h"

namespace headlight {
namespace {

void addRows(const Kinded& position, Matrix& x) {
  addGeneratedPositions(seedOf(position), x);
}

}  // namespace

const PositionKind& learnedPosition() {
  static const PositionKind kind{
      {"learned",
       "learned",
       "Adds a row of N(0, 1) to each place, as a learned table has before training (Gehring et al. 2017, "
       "section 3.1).",
       {seedKey()}},
      addRows};
  return kind;
}

}  // namespace headlight
