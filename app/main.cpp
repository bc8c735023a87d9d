#include "app/cli/cli.h"
#include "app/window/window.h"

int main(int argc, char** argv) {
  return headlight::runCommandLine(argc, argv, {headlight::runWindow, headlight::probeOpenGl});
}
