#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "app/panels/map_tools.h"

namespace headlight {

/// Opens the field in which the cell of a tensor is typed, beside `beside`. `stage` and `at` as in `edits`.
void openCell(Panel& p, std::string stage, std::vector<std::int64_t> at, const Box& beside);
/// The pinned cell of the shown stage; a warning in the notice of the tool where it is a result.
void openPinnedCell(Panel& p, const StageScene& scene, Cell cell);
/// A double click on a cell that can be set, whatever tool is in hand. True when the pointer is taken.
bool openCellByDoubleClick(Panel& p, const StageScene& scene, const MapPointer& pointer);
/// The field, above the window.
void drawCellField(Panel& p);
/// Marks of the cells of the shown stage that were set by hand.
void drawEditedCells(Panel& p, const StageScene& scene);
/// Takes all edits back, as one step.
void resetEdits(Panel& p);
/// "3 cells set by hand" and each of them with its reset, for the rail. Returns the y after it.
float drawEditList(Panel& p, float x, float y, float width);

}  // namespace headlight
