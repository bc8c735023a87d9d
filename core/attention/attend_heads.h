#pragma once
#include "core/attention/run.h"

namespace headlight {

/// What one pass over the scores of all heads shall fill.
struct HeadsWanted {
  bool statistics = false;  ///< run.statistics; else those that the run has are used
  bool mixed = false;       ///< run.mixed
  WeightsTarget weights;
  bool overviews = false;    ///< run.overviews where they can be made on the way; else it stays null
  OverviewSight sight = {};  ///< of them (AttendOptions)
};

/// One pass over the scores of all heads. Blocks of rows are tasks, the longest of a head first; each is done
/// whole by one thread in a fixed order. False when cancelled.
bool attendHeads(Run& run, const HeadsWanted& wanted, ThreadPool& pool, const Cancel& cancel,
                 const std::function<void(double)>& progress);

}  // namespace headlight
