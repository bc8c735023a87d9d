#pragma once
#include "app/panels/heads_parts.h"

namespace headlight {

/// The stage of the Heads tab: a column for each head, from its map down to its share of the output.
void drawHeadsTab(Panel& p);
/// Its inspector: where the head's weight goes, and which heads are alike.
void drawHeadsInspector(Panel& p);

/// Where the columns of the Heads tab stand; made once a frame.
struct HeadsScene {
  std::shared_ptr<const Evaluation> evaluation;
  std::vector<int> order;    ///< of all heads
  int first = 0;             ///< the first column in sight, an index of `order`
  int columns = 0;           ///< in sight
  int selected = 0;          ///< kMeanHead: none
  std::int64_t row = 0;      ///< the query that is written out
  bool pinned = false;       ///< it is that of the pinned cell
  std::int64_t queries = 0;  ///< rows of the maps
  float left = 0;            ///< of the names of the rows
  float right = 0;
  float columnsLeft = 0;
  float columnWidth = 0;
  float gap = 0;

  int head(int column) const {
    return order.at(static_cast<std::size_t>(first) + static_cast<std::size_t>(column));
  }
  float x(int column) const { return columnsLeft + static_cast<float>(column) * (columnWidth + gap); }
  float columnsRight() const { return x(columns) - gap; }
};

/// "How much each head writes": a table of lengths. Returns the y after it.
float drawHeadLengths(Panel& p, const HeadsScene& scene, float y);
/// "Glue, project, add": the output of one query as a sum over the heads. Returns the y after it.
float drawHeadSum(Panel& p, const HeadsScene& scene, float y);
/// Pins the row, in whatever stage is shown.
void pickHeadsRow(Panel& p, std::int64_t row);
/// To the head `by` places further in the tab's order; at an end it stays.
void stepHeads(Panel& p, int by);

}  // namespace headlight
