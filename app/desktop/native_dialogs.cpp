#include "app/desktop/native_dialogs.h"

#include <atomic>
#include <cstdlib>
#include <thread>
#include <utility>

#include "app/desktop/dialog_program.h"

namespace headlight {
namespace {

/// The first program that is installed; on KDE its own comes first.
std::string findProgram(std::vector<std::string> programs) {
  const char* desktop = std::getenv("XDG_CURRENT_DESKTOP");
  if (desktop != nullptr && std::string_view(desktop).find("KDE") != std::string_view::npos) {
    programs.insert(programs.begin(), "kdialog");
  }
  for (const std::string& program : programs) {
    if (const GlibPtr<char> found{g_find_program_in_path(program.c_str())}) return found.get();
  }
  return "";
}

class NativeDialogs : public FileDialogs {
 public:
  explicit NativeDialogs(const NativeDialogMeans& means) : means_(means) {
    probe_ = std::thread([this] {
      program_ = findProgram(means_.programs);
      portal_ = means_.portal && portalHasDialogs(cancel_.get());
      available_ = portal_ || !program_.empty();
    });
  }

  ~NativeDialogs() override {
    g_cancellable_cancel(cancel_.get());
    probe_.join();
    if (dialog_.joinable()) dialog_.join();
  }
  NativeDialogs(const NativeDialogs&) = delete;
  NativeDialogs& operator=(const NativeDialogs&) = delete;

  bool available() const override { return available_; }

  void ask(const DialogRequest& request, std::function<void(std::optional<std::string>)> answer) override {
    if (!available_ || open_.exchange(true)) return answer(std::nullopt);
    if (dialog_.joinable()) dialog_.join();  // it has answered: open_ was false
    dialog_ = std::thread([this, request, answer = std::move(answer)] {
      std::optional<std::string> path = show(request);
      open_ = false;
      if (!g_cancellable_is_cancelled(cancel_.get())) answer(std::move(path));
    });
  }

 private:
  std::optional<std::string> show(const DialogRequest& request) {
    if (portal_) {
      bool failed = false;
      auto path = askPortal(request, cancel_.get(), failed);
      if (!failed) return path;
      portal_ = false;
      available_ = !program_.empty();
    }
    if (program_.empty()) return std::nullopt;
    return askProgram(program_, request, cancel_.get());
  }

  NativeDialogMeans means_;
  GlibPtr<GCancellable> cancel_{g_cancellable_new()};
  std::string program_;  ///< written by the probe before available_, read after
  std::atomic<bool> portal_{false};
  std::atomic<bool> available_{false};
  std::atomic<bool> open_{false};
  std::thread probe_;
  std::thread dialog_;
};

}  // namespace

std::unique_ptr<FileDialogs> makeNativeDialogs(const NativeDialogMeans& means) {
  return std::make_unique<NativeDialogs>(means);
}

}  // namespace headlight
