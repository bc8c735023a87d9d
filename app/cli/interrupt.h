#pragma once
#include "core/base/cancel.h"

namespace headlight {

/// From here on Ctrl-C, SIGTERM and a terminal that goes away ask the returned Cancel to stop (the second of
/// a kind ends the program at once), and a closed pipe is a failed write instead of the end of the program.
Cancel listenForInterrupt();

}  // namespace headlight
