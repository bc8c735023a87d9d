#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/panels/panel_state.h"
#include "app/session/session_import.h"

namespace headlight {

/// Tensors wait to be told what they are.
bool importWanted(const Panel& p);
/// In place of the stage: what was found, what it is taken as, and a picture of what that makes.
void drawImportPage(Panel& p);

/// A row of a list that opens below a field.
struct ImportOption {
  std::string id;
  std::string words;
  std::string right;  ///< smaller, at the right end
};
/// A drop-down of any length; returns the row chosen, else −1.
int importList(Panel& p, std::string_view id, const Box& field, std::string_view shown,
               const std::vector<ImportOption>& options, int chosen);
/// The word that marks what the files do not say; returns the x after it.
float guessTag(Ui& ui, float x, float centreY);

/// Sections of the page, each from y down; they return the y below.
float drawImportTensors(Panel& p, ImportDesk& desk, float x, float y, float width);
float drawImportFields(Panel& p, ImportDesk& desk, float x, float y, float width);
/// Head 0 of the weights, at most `side` px each way.
float drawImportPicture(Panel& p, ImportDesk& desk, float x, float y, float side);

/// Where an error of the plan belongs.
enum class ImportPlace : std::uint8_t { roles, layout, heads, layer, batch, mask, tokens };
ImportPlace importPlace(const Error& error);
/// The error's sentence in a place, when it is the one that has it.
float importError(Panel& p, const ImportDesk& desk, ImportPlace place, float x, float y, float width);

}  // namespace headlight
