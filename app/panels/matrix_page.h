#pragma once
#include <string_view>

#include "app/panels/panel_state.h"

namespace headlight {

/// Opens the numbers of a weight matrix in the place of the map: w_q, w_k, w_v or w_o.
void openMatrix(Panel& p, std::string_view name);
/// The first of them that the source gives.
void openAnyMatrix(Panel& p);
/// Whether the source gives any of them.
bool hasMatrices(const Panel& p);
/// A page of the stage (pages.h): all numbers of one matrix, each of which can be typed.
bool matrixWanted(const Panel& p);
void drawMatrix(Panel& p);

}  // namespace headlight
