#pragma once
#include <string>

#include "core/base/result.h"

namespace headlight {

class MainWindow;
class Offscreen;

/// Does one step of a script: the id of a command of the window or of an action, "parameter=value" as the
/// command line's --set writes it, or one of
///   stage=weights · head=2 (or mean) · pin=7,1 (or none) · hover=7,1 (or none) · example=NAME · file=PATH.
/// Work that it starts may be under way when it returns. `target` is what the script draws into. Errors:
/// usage, with the nearest word; what the document refuses.
Status runStep(MainWindow& window, Offscreen* target, const std::string& step);

}  // namespace headlight
