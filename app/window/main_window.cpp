#include "app/window/main_window.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <string_view>
#include <system_error>
#include <thread>

#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <epoxy/gl.h>
#include <imgui.h>
#include <unistd.h>

#include "app/desktop/native_dialogs.h"
#include "app/session/actions.h"
#include "app/session/open_file.h"
#include "app/widgets/imgui_compat.h"
#include "app/widgets/text_input.h"
#include "app/window/ui_scale.h"
#include "core/experiment/import_found.h"

namespace headlight {
namespace {

constexpr double kStall = 0.05;  ///< seconds from which on a frame is felt as a stop
/// Seconds that a frame waits for the numbers it asked for: at least, and at most where the last ones came
/// within it.
constexpr double kAnswer = 0.012;
constexpr double kLongestAnswer = 0.03;
/// Seconds that it waits for what is small: a tile, how the number of a cell is made.
constexpr double kSmallAnswer = 0.003;

/// HEADLIGHT_LOG=debug: what only its makers want to know goes to stderr.
bool logs() {
  static const char* const asked = std::getenv("HEADLIGHT_LOG");
  static const bool debug = asked != nullptr && std::string_view(asked) == "debug";
  return debug;
}

double steadySeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// A folder of our own; empty when there is none to be had, which makes everything in it unwritable.
std::string temporaryFolder() {
  std::error_code error;
  std::string pattern = (std::filesystem::temp_directory_path(error) / "headlight-XXXXXX").string();
  return mkdtemp(pattern.data()) == nullptr ? "" : pattern;
}

Chord chordOf(const InputEvent& event) {
  int modifiers = kNoModifier;
  if ((event.modifiers & GLFW_MOD_SHIFT) != 0) modifiers |= kShift;
  if ((event.modifiers & GLFW_MOD_CONTROL) != 0) modifiers |= kCtrl;
  if ((event.modifiers & GLFW_MOD_ALT) != 0) modifiers |= kAlt;
  return {event.key, modifiers};
}

}  // namespace

double MainWindow::now() const {
  return steadySeconds();
}

Result<std::unique_ptr<MainWindow>> MainWindow::open(const WindowRequest& request) {
  std::unique_ptr<MainWindow> made(new MainWindow);
  if (Status started = made->start(request); !started) return started.error();
  return made;
}

Status MainWindow::start(const WindowRequest& request) {
  const bool scripted = !request.screenshot.empty() || request.measure;
  Result<std::unique_ptr<Display>> display = Display::open();
  if (!display)
    return Error{ErrorCode::failed, "the window needs a display (" + display.error().what + ")", {}, {}};
  display_ = *std::move(display);

  const auto wake = [this] {
    woken_ = true;
    glfwPostEmptyEvent();
  };
  if (scripted) temporary_ = temporaryFolder();
  SessionSeams seams;
  seams.seconds = steadySeconds;
  seams.wake = wake;
  seams.folders = scripted ? Folders::under(temporary_) : Folders::fromEnvironment();
  seams.clipboard = &clipboard_;
  if (!scripted) {
    dialogs_ = makeNativeDialogs();
    appearance_ = std::make_unique<AppearanceWatch>(wake);
    seams.dialogs = dialogs_.get();
    seams.desktopDark = [this] { return appearance_->now().dark; };
    seams.desktopContrast = [this] { return appearance_->now().moreContrast; };
    seams.desktopStill = [this] { return appearance_->now().reducedMotion; };
  }
  if (!scripted) {
    seams.monitorDpi = [this] { return window_ ? window_->monitorDpi() : std::optional<double>(); };
  }
  // From here on the numbers of the first document are made beside all that follows.
  session_ = std::make_unique<Session>(seams);
  session_->openFiles(request.files);
  if (!request.theme.empty()) session_->setTheme(request.theme);
  if (request.scale > 0) session_->settings().uiScale = request.scale;

  float monitorScale = 1;
  if (GLFWmonitor* monitor = glfwGetPrimaryMonitor())
    glfwGetMonitorContentScale(monitor, &monitorScale, nullptr);
  const double setting = session_->settings().uiScale;
  FontRequest faces;
  faces.scale = static_cast<float>(wantedScale(setting, static_cast<double>(monitorScale)));
  fontMaker_ = std::make_unique<FontMaker>(wake);
  std::future<std::shared_ptr<const GlyphSheet>> glyphs =
      std::async(std::launch::async, [faces] { return drawGlyphs(faces); });

  GlWindowRequest wanted;
  wanted.width = request.width;
  wanted.height = request.height;
  wanted.scale = setting;
  wanted.visible = request.screenshot.empty();
  Result<std::unique_ptr<GlWindow>> window = GlWindow::open(*display_, wanted);
  if (!window) {
    return Error{ErrorCode::failed, "the window needs OpenGL 3.3 (" + window.error().what + ")", {}, {}};
  }
  window_ = *std::move(window);
  clipboard_.attach(window_->handle());
  std::string error;
  renderer_ = makeGlRenderer(&error);
  if (!renderer_) return Error{ErrorCode::failed, "the window cannot draw maps: " + error, {}, {}};

  fonts_ = std::make_shared<Fonts>(glyphs.get());
  ImGui::CreateContext(&fonts_->atlas());
  imgui_ = true;
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigInputTextCursorBlink = false;
  io.ConfigFlags |= ImGuiConfigFlags_NoMouseCursorChange;  // ImGui knows no crosshair
  ImGui_ImplGlfw_InitForOpenGL(window_->handle(), false);
  ImGui_ImplOpenGL3_Init("#version 330 core");
  backends_ = true;
  AtlasTexture::beginBackend();
  atlas_.use(*fonts_);
  compat::dropTabKey(io);
  useClipboard(clipboard_);
  frame_ = std::make_unique<Frame>(*session_, *renderer_, wake);
  frame_->useFonts(fonts_);
  picture_ = std::make_unique<WindowPicture>(window_->handle(), frame_->ground());
  cursors_.open();
  return {};
}

MainWindow::~MainWindow() {
  fontMaker_.reset();
  frame_.reset();
  renderer_.reset();
  picture_.reset();
  atlas_.release();
  if (backends_) {
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
  }
  if (imgui_) ImGui::DestroyContext();
  fonts_.reset();
  clipboard_.attach(nullptr);
  cursors_.close();
  window_.reset();
  session_.reset();  // writes what is due, then stops its threads, which must not wake a display that is gone
  dialogs_.reset();
  appearance_.reset();
  display_.reset();
  if (!temporary_.empty()) {
    std::error_code ignored;
    std::filesystem::remove_all(temporary_, ignored);
  }
}

void MainWindow::run() {
  while (!session_->quitRequested()) {
    wait(std::numeric_limits<double>::infinity());
    if (collect()) draw();
  }
}

void MainWindow::wait(double atMost) {
  double seconds = std::numeric_limits<double>::infinity();
  if (!window_->hidden()) {
    seconds = pacer_.wait(now(), frame_->animating() || !window_->input().empty(), session_->busy());
  }
  seconds = std::min(seconds, atMost);
  if (std::isinf(seconds)) {
    glfwWaitEvents();
  } else if (seconds > 0) {
    glfwWaitEventsTimeout(seconds);
  } else {
    glfwPollEvents();
  }
}

bool MainWindow::collect() {
  bool happened = window_->takeHappened() || std::exchange(cameHome_, false);
  happened |= woken_.exchange(false);
  happened |= session_->drain();
  dropped(window_->takeDropped());
  if (window_->takeCloseAsked() && session_->mayLeave("document.quit")) session_->quit();
  if (happened) pacer_.happened();
  if (window_->hidden()) return false;
  const bool moving = frame_->animating() || !window_->input().empty();
  return pacer_.wait(now(), moving, session_->busy()) <= 0;
}

void MainWindow::dropped(const std::vector<std::string>& paths) {
  if (paths.empty()) return;
  // Tensors are looked at first: only what is made of them takes the document's place.
  const bool tensors = std::all_of(paths.begin(), paths.end(), holdsTensors);
  std::string all = "drop";
  for (const std::string& path : paths) all += " " + path;
  if (!tensors && !session_->mayLeave(all)) return;
  session_->tell("Opening " +
                 (paths.size() == 1 ? fileNameOf(paths.front()) : std::to_string(paths.size()) + " files"));
  session_->openFiles(paths);
}

bool MainWindow::collectNow() {
  glfwPollEvents();
  bool happened = window_->takeHappened() || std::exchange(cameHome_, false);
  happened |= woken_.exchange(false);
  happened |= session_->drain();
  return happened;
}

void MainWindow::prepareFonts() {
  wantedScale_ = wantedScale(session_->settings().uiScale, window_->monitorScale());
  window_->setLeastSize(wantedScale_);
  scale_ = static_cast<double>(frame_->scaleFor(
      static_cast<float>(height_), static_cast<float>(fittingScale(wantedScale_, width_, height_))));
  const FontRequest request = frame_->fontsFor(static_cast<float>(scale_));
  fontsDue_ = false;
  if (fonts_->request() == request && fonts_->sharp()) return;
  if (std::shared_ptr<const GlyphSheet> sheet = fontMaker_->sheetOf(request)) {
    fonts_ = std::make_shared<Fonts>(std::move(sheet));
  } else {
    fontsDue_ = true;
    const FontRequest& now = fonts_->request();
    if (now.scale == request.scale && now.presenting == request.presenting) return;
    fonts_ = std::make_shared<Fonts>(fonts_->sheet(), request);
  }
  atlas_.use(*fonts_);
  frame_->useFonts(fonts_);
}

void MainWindow::sendInput() {
  if (frame_->opensField()) return;
  for (const InputEvent& event : window_->input().next(ImGui::GetIO().WantTextInput)) {
    if (event.kind == InputEvent::Kind::character) {
      ImGui_ImplGlfw_CharCallback(window_->handle(), editedCharacter(event.character));
      continue;
    }
    ImGui_ImplGlfw_KeyCallback(window_->handle(), event.key, event.scancode, event.action, event.modifiers);
    if (event.action != GLFW_RELEASE && (event.modifiers & GLFW_MOD_SUPER) == 0) {
      frame_->key(chordOf(event));
    }
  }
}

void MainWindow::build(const Offscreen* target) {
  renderer_->beginFrame();
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplGlfw_NewFrame();
  ImGuiIO& io = ImGui::GetIO();
  if (target != nullptr) {
    io.DisplaySize = {static_cast<float>(width_), static_cast<float>(height_)};
    io.DisplayFramebufferScale = {1, 1};
    io.MousePos = {pointerX_, pointerY_};
    io.MouseDown[0] = pointerDown_;
  }
  ImGui::NewFrame();
  frame_->draw(static_cast<float>(width_), static_cast<float>(height_), static_cast<float>(scale_),
               static_cast<float>(wantedScale_));
  ImGui::Render();
}

bool MainWindow::answersSoon(bool alsoSmall) {
  // Drawing takes a software renderer longer than a small change takes to be computed: one picture of the
  // answer is earlier there than one of the question and one of the answer.
  const double last = session_->answerSeconds();
  const double patience = !session_->busy()       ? kSmallAnswer
                          : last > kLongestAnswer ? 0
                                                  : std::clamp(1.5 * last, kAnswer, kLongestAnswer);
  bool came = false;
  for (const double begin = now();;) {
    if (woken_.exchange(false)) {
      cameHome_ = true;  // whatever woke the window has something to show
      pacer_.happened();
      came = session_->drain() || came;
    }
    if (!session_->busy() && (!alsoSmall || !session_->answersSmall())) return came;
    if (now() - begin >= patience || session_->busySeconds() > patience) return false;
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
}

void MainWindow::show(Offscreen* target) {
  renderer_->endFrame();
  const FrameSources sources =
      sourcesOf(frame_->ground(), compat::texture(atlas_.id()), atlas_.uses(), *renderer_);
  const ImDrawData& data = *ImGui::GetDrawData();
  if (target != nullptr) {
    target->paint(data, sources);
    glFinish();  // as showing it in a window does: no frame stands behind those before it
  } else {
    picture_->show(data, sources, width_, height_, window_->takeLost());
  }
}

void MainWindow::draw(Offscreen* target) {
  const double began = now();
  if (target == nullptr) {
    window_->setFullScreen(frame_->wantsFullScreen());
    glfwGetFramebufferSize(window_->handle(), &width_, &height_);
  } else {
    width_ = target->width();
    height_ = target->height();
  }
  if (width_ < 1 || height_ < 1) return;
  prepareFonts();
  sendInput();
  answersSoon(false);  // what was asked for since the last frame
  build(target);
  answered_ = answersSoon(true);
  if (answered_) build(target);
  show(target);
  if (const double spent = now() - began; spent > kStall && frames_ > 0 && logs())
    std::fprintf(stderr, "headlight: frame %llu took %.0f ms\n", static_cast<unsigned long long>(frames_),
                 spent * 1e3);
  if (target == nullptr)
    window_->setTitle("Headlight — " + session_->documentName() + (session_->unsaved() ? " •" : ""));
  cursors_.show(window_->handle(), frame_->wantsCrosshair());
  pacer_.drew(began);
  ++frames_;
}

bool MainWindow::settled() {
  return !fontsDue_ && !session_->busy() && renderer_->complete() && frame_->settled() &&
         window_->input().empty();
}

bool MainWindow::drawUntilSettled(Offscreen* target, double seconds) {
  const double end = now() + seconds;
  int quiet = 0;
  while (now() < end) {
    glfwPollEvents();
    session_->settle();
    collect();
    draw(target);
    quiet = settled() && !session_->drain() ? quiet + 1 : 0;
    if (quiet >= FramePacer::kSettling) return true;
    wait(FramePacer::kShortest);
  }
  return false;
}

}  // namespace headlight
