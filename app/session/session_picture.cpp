#include <filesystem>
#include <system_error>
#include <utility>

#include "app/session/state.h"
#include "core/figure/png_writer.h"
#include "core/files/atomic_save.h"

namespace headlight {
namespace {

/// Where a picture goes that nobody can paste: the folder used last, else the pictures' one.
std::string pictureFolder(const std::string& lastFolder, const std::string& home) {
  if (!lastFolder.empty()) return lastFolder;
  std::error_code ignored;
  const std::string pictures = home + "/Pictures";
  return std::filesystem::is_directory(pictures, ignored) ? pictures : home;
}

/// Writes beside what is there: NAME.png, NAME-2.png, … Gives the path.
Result<std::string> writeBeside(const std::string& folder, const std::string& name, const std::string& png) {
  constexpr int kMost = 1000;
  for (int n = 1; n < kMost; ++n) {
    std::string path = folder;
    path.append("/").append(name);
    if (n > 1) path.append("-").append(std::to_string(n));
    path.append(".png");
    const Status written = saveAtomically(path, png, Overwrite::refuse);
    if (written) return path;
    if (written.error().code != ErrorCode::exists) return written.error();
  }
  return Error{ErrorCode::exists, "the folder holds a thousand pictures of this name", folder, {}};
}

std::string sizeWords(const Picture& picture) {
  return std::to_string(picture.width) + " × " + std::to_string(picture.height) + " px";
}

}  // namespace

PatchDesk& Session::patchDesk() {
  State& s = *state_;
  if (!s.patches) s.patches = std::make_unique<PatchDesk>(s.home);
  return *s.patches;
}

void Session::State::offerPicture(const std::string& words, const std::string& name, const std::string& png,
                                  const std::string& size) {
  Clipboard* clipboard = seams.clipboard;
  const Status offered = clipboard != nullptr
                             ? clipboard->setPicture(png)
                             : Status(Error{ErrorCode::failed, "there is no clipboard", {}, {}});
  if (offered) {
    notice = "Copied " + words + " as an image, " + size;
    return;
  }
  const std::string why = offered.error().what;
  files.append([this, words, name, png, why, lastFolder = settings.lastFolder, home = seams.folders.home](
                   ThreadPool&, const Cancel&) -> Worker::Home {
    const Result<std::string> path = writeBeside(pictureFolder(lastFolder, home), name, png);
    const std::string told =
        path ? "Saved " + words + " as " + *path + ": " + why
             : "T" + words.substr(1) + " was not copied: " + why + ", nor saved: " + path.error().what;
    return [this, told] { notice = told; };
  });
}

void Session::copyPicture(std::function<Picture()> paint, const std::string& name) {
  State* s = state_.get();
  const auto copy = [s, paint = std::move(paint), name](ThreadPool&, const Cancel&) -> Worker::Home {
    const Picture picture = paint();
    return [s, name, png = encodePng(picture), size = sizeWords(picture)] {
      s->offerPicture("the map", name, png, size);
    };
  };
  s->files.append(copy, [s] { s->notice = "The map was not copied: memory does not suffice"; });
}

}  // namespace headlight
