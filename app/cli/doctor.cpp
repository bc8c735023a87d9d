#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <unistd.h>

#include "app/cli/exit_codes.h"
#include "app/cli/input_report.h"
#include "app/cli/options.h"
#include "app/cli/subcommand.h"
#include "app/cli/text_table.h"
#include "app/desktop/folders.h"
#include "core/attention/kernels/simd.h"
#include "core/base/utf8.h"
#include "fonts_assets.h"

namespace headlight {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// Where a program of that name is found on the PATH, or nothing.
std::string onPath(const std::string& program) {
  const std::string path = environment("PATH");
  std::size_t begin = 0;
  while (begin <= path.size()) {
    std::size_t end = path.find(':', begin);
    if (end == std::string::npos) end = path.size();
    std::string candidate = path.substr(begin, end - begin) + "/" + program;
    if (end > begin && ::access(candidate.c_str(), X_OK) == 0) return candidate;
    begin = end + 1;
  }
  return {};
}

std::string fileDialogs() {
  const std::filesystem::path service = "/usr/share/dbus-1/services/org.freedesktop.portal.Desktop.service";
  std::string text;
  std::error_code ignored;
  if (!std::filesystem::exists(service, ignored)) {
    text = "portal not installed";
  } else if (environment("DBUS_SESSION_BUS_ADDRESS").empty() && environment("XDG_RUNTIME_DIR").empty()) {
    text = "portal installed, but there is no session bus";
  } else {
    text = "portal installed";
  }
  const std::string zenity = onPath("zenity");
  return text + "; zenity " + (zenity.empty() ? "not found" : zenity);
}

std::string displayText() {
  const std::string x11 = environment("DISPLAY");
  const std::string wayland = environment("WAYLAND_DISPLAY");
  if (x11.empty() && wayland.empty()) return "none";
  std::string text = x11.empty() ? "" : "X11 " + x11;
  if (!wayland.empty()) text += (text.empty() ? "Wayland " : ", Wayland ") + wayland;
  return text;
}

std::string simdText() {
  std::string text(simdLevel());
  std::string others;
  for (const std::string_view level : simdLevels())
    others += (others.empty() ? "" : ", ") + std::string(level);
  return text + " (this machine runs " + others + ")";
}

std::string fontsText() {
  std::string text;
  for (const Asset& font : embedded::fonts()) {
    text += (text.empty() ? "" : ", ") + std::string(font.name.substr(0, font.name.rfind('.')));
  }
  return "built in: " + text;
}

class Doctor : public Subcommand {
 public:
  void declare(CLI::App& app) override { addCommonOptions(app, common_); }

  int run(CommandContext& context) override {
    Console console(common_.quiet, common_.noColor);
    return forEachInput({""}, common_, console, context.cancel, [&](const std::string&, InputReport& report) {
      return print(context.window, report, console);
    });
  }

 private:
  Status print(const WindowDoor& window, InputReport& report, Console& console) const {
    const Folders folders = Folders::fromEnvironment();
    const std::vector<std::pair<std::string, std::string>> facts{
        {"version", HEADLIGHT_VERSION},
        {"OpenGL", window.openGl ? window.openGl() : "built without a window"},
        {"display", displayText()},
        {"SIMD", simdText()},
        {"threads", std::to_string(std::thread::hardware_concurrency())},
        {"fonts", fontsText()},
        {"file dialogs", fileDialogs()},
        {"settings", folders.config},
        {"state", folders.state},
        {"cache", folders.cache},
    };
    TextTable table({"headlight doctor", ""});
    Value object{Object{}};
    for (const auto& [name, value] : facts) {
      table.add({name, value});
      object.set(name, repairedUtf8(value));
    }
    report.more.emplace_back("doctor", std::move(object));
    if (common_.json) return {};
    return console.out(table.text());
  }

  CommonOptions common_;
};

}  // namespace

std::unique_ptr<Subcommand> makeDoctor() {
  return std::make_unique<Doctor>();
}

}  // namespace headlight
