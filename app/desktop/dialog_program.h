#pragma once
#include <optional>
#include <string>
#include <vector>

#include "app/desktop/dialogs.h"
#include "app/desktop/glib_handles.h"

namespace headlight {

/// The command line that asks the question with `program` (its path), by the manual of zenity or of kdialog.
std::vector<std::string> dialogArguments(const std::string& program, const DialogRequest& request);

/// Runs the program and waits. Nothing when it was closed, failed or was cancelled.
std::optional<std::string> askProgram(const std::string& program, const DialogRequest& request,
                                      GCancellable* cancel);

/// Asks through the portal and waits for the answer. `failed` is set when no dialog could be shown.
std::optional<std::string> askPortal(const DialogRequest& request, GCancellable* cancel, bool& failed);
/// True when the portal offers file dialogs.
bool portalHasDialogs(GCancellable* cancel);

}  // namespace headlight
