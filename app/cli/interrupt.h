#pragma once
#include "core/base/cancel.h"

namespace headlight {

/// From here on Ctrl-C asks the returned Cancel to stop (a second Ctrl-C ends the program at once), and a
/// closed pipe is a failed write instead of the end of the program.
Cancel listenForInterrupt();

}  // namespace headlight
