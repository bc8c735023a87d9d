#include "app/window/window.h"

#include <cstdio>
#include <string>

#include <epoxy/gl.h>

#include "app/window/gl_window.h"
#include "app/window/main_window.h"
#include "app/window/measure_events.h"
#include "app/window/measure_window.h"
#include "app/window/png_image.h"
#include "app/window/script.h"

namespace headlight {
namespace {

constexpr double kPatience = 60;  // seconds that a script may take to come to rest

int fail(const Error& error) {
  std::fprintf(stderr, "headlight: %s\n", error.text().c_str());
  return error.code == ErrorCode::usage ? 2 : 1;
}

/// The script of the request, each step on the numbers of the one before.
Status runScript(MainWindow& window, const WindowRequest& request, Offscreen* target) {
  for (const std::string& step : request.actions) {
    if (!window.drawUntilSettled(target, kPatience)) {
      return Error{
          ErrorCode::failed, "the window did not come to rest before the step \"" + step + "\"", {}, {}};
    }
    if (request.measure && step == "measure.dk") {
      measureTicks(window, target);
    } else if (request.measure && step.rfind("measure.", 0) == 0) {
      if (Status done = measureEvents(window, step.substr(8)); !done) return done;
    } else if (Status done = runStep(window, target, step); !done) {
      return done;
    }
  }
  return {};
}

Status takeScreenshot(MainWindow& window, const WindowRequest& request) {
  Offscreen target(request.width > 0 ? request.width : 1280, request.height > 0 ? request.height : 720);
  if (Status done = runScript(window, request, &target); !done) return done;
  if (!window.drawUntilSettled(&target, kPatience)) {
    return Error{ErrorCode::failed, "the window did not come to rest for its picture", {}, {}};
  }
  return writePng(request.screenshot, target.read());
}

}  // namespace

int runWindow(const WindowRequest& request) {
  Result<std::unique_ptr<MainWindow>> opened = MainWindow::open(request);
  if (!opened) {
    std::fprintf(
        stderr,
        "headlight: %s; the subcommands compute, export, describe, check, info, new and doctor work all the "
        "same\n",
        opened.error().what.c_str());
    return 1;
  }
  MainWindow& window = **opened;
  if (request.present) window.frame().run("view.present");
  if (request.measure) measureFirstFrame(window);
  if (!request.screenshot.empty()) {
    const Status taken = takeScreenshot(window, request);
    return taken ? 0 : fail(taken.error());
  }
  if (!request.actions.empty()) {
    if (const Status done = runScript(window, request, nullptr); !done) return fail(done.error());
  }
  if (request.measure) {
    measureIdle(window, request.idleSeconds);
    return 0;
  }
  window.run();
  return 0;
}

std::string probeOpenGl() {
  const Result<std::unique_ptr<Display>> display = Display::open();
  if (!display) return "none: no display (" + display.error().what + ")";
  GlWindowRequest request;
  request.width = request.height = 64;
  request.visible = false;
  const Result<std::unique_ptr<GlWindow>> window = GlWindow::open(**display, request);
  if (!window) return "none: no OpenGL 3.3 (" + window.error().what + ")";
  const auto text = [](GLenum what) {
    const GLubyte* value = glGetString(what);
    return value == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(value));
  };
  return text(GL_VERSION) + ", " + text(GL_RENDERER);
}

}  // namespace headlight
