#pragma once
#include <string>

#include "app/desktop/window_request.h"

namespace headlight {

/// Opens the window and returns when it is closed: 0, or 1 with one sentence on stderr when there is no
/// display or no OpenGL 3.3.
int runWindow(const WindowRequest& request);

/// Version and renderer of the OpenGL that a window would get, or why it would get none.
std::string probeOpenGl();

}  // namespace headlight
