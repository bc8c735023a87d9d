#pragma once
#include "app/panels/panel_state.h"

namespace headlight {

/// Something is compared.
bool compareWanted(const Panel& p);
/// In place of the large map: A, B and A − B with one zoom, one pin and the largest differences.
void drawCompare(Panel& p);
/// Every step of the pinned cell in A, in B, and what differs.
void drawCompareInspector(Panel& p);
/// "A saved · Show · Compare" between two places of the top bar, as far as it fits; nothing without a
/// snapshot.
void drawSnapshotBar(Panel& p, float left, float right);

}  // namespace headlight
