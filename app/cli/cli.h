#pragma once
#include <functional>
#include <string>

#include "app/desktop/window_request.h"

namespace headlight {

/// What the program can do beyond core, handed in by main so that the command line links neither OpenGL nor
/// X11.
struct WindowDoor {
  std::function<int(const WindowRequest&)> open;  ///< runs the window; its exit code
  std::function<std::string()>
      openGl;  ///< for `doctor`: "4.5 (Core Profile) Mesa 22.3.6, llvmpipe" or why not
};

/// Reads the command line, runs the subcommand or opens the window through `window`; returns the exit code of
/// contract §4.
int runCommandLine(int argc, char** argv, const WindowDoor& window);

}  // namespace headlight
