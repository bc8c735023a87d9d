#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "app/session/state.h"
#include "core/base/number.h"
#include "core/experiment/sequence.h"
#include "core/experiment/tensor_record.h"
#include "core/files/read_file.h"

namespace headlight {
namespace {

/// Why a file is not the recorded one; empty when it is.
std::string changedWords(const SavedFile& recorded, const FileFingerprint& found) {
  if (static_cast<std::uint64_t>(recorded.bytes) != found.bytes) {
    return "it has " + bytesText(static_cast<double>(found.bytes)) + ", recorded were " +
           bytesText(static_cast<double>(recorded.bytes));
  }
  if (recorded.sha256 != found.sha256) return "its size is the recorded one, its SHA-256 is another";
  return "";
}

}  // namespace

std::string spelledFrom(const std::string& folder, const std::string& path) {
  if (folder.empty()) return path;
  const std::filesystem::path near = std::filesystem::path(path).lexically_relative(folder);
  return near.empty() || near.native().starts_with("..") ? path : near.generic_string();
}

std::optional<MissingFile> Session::missingFile() const {
  return state_->missingFile();
}

std::optional<MissingFile> Session::State::missingFile() const {
  const auto& error = numbers.error();
  if (!error || error->code != ErrorCode::unreadable) return std::nullopt;
  const std::string& folder = document.folder;
  MissingFile missing;
  std::size_t longest = 0;
  for (const std::string& path : filesOf(history.now())) {
    const std::string full = inFolder(folder, path);
    if (!error->where.ends_with(full) || full.size() <= longest) continue;
    longest = full.size();
    missing.path = path;
  }
  if (longest == 0) return std::nullopt;
  for (const SavedFile& record : recordedFiles(history.now())) {
    if (record.path == missing.path) missing.recorded = record;
  }
  return missing;
}

void Session::askLocate() {
  const auto missing = missingFile();
  if (!missing) return;
  DialogRequest request;
  const std::string name = fileNameOf(missing->path);
  request.title = "Locate " + name;
  if (const std::string ending = endingOf(name); !ending.empty())
    request.filters.push_back({"Files like " + name, {"*." + ending}});
  request.filters.push_back({"All files", {"*"}});
  state_->ask(PathQuestion::Use::locate, std::move(request));
}

void Session::State::locate(const std::string& path, const MissingFile& missing) {
  const auto unreadable = [this, path](const Error& error) {
    problem = Problem{fileNameOf(path) + " was not opened", error};
  };
  const auto look = [this, path, missing, unreadable, number = documentNumber](
                        ThreadPool&, const Cancel& cancel) -> Worker::Home {
    std::string changed;
    if (missing.recorded) {
      const Result<FileFingerprint> found = fingerprint(path, cancel);
      if (!found) return [unreadable, error = found.error()] { unreadable(error); };
      changed = changedWords(*missing.recorded, *found);
    }
    return [this, path, missing, changed, number] {
      if (number != documentNumber) return;  // the window has gone on to another document
      led(missing, path, changed);
    };
  };
  files.append(look, [unreadable] {
    unreadable(Error{ErrorCode::failed, "there is not enough memory for it", "", ""});
  });
}

void Session::State::led(const MissingFile& missing, const std::string& path, const std::string& changed) {
  closeStep();
  const std::string name = fileNameOf(path);
  Experiment next = withFileAt(history.now(), missing.path, spelledFrom(document.folder, path));
  const std::string step = "Locate " + fileNameOf(missing.path);
  fieldErrors.clear();
  problem.reset();
  history.change(step, step, std::move(next), false);
  documentChanged(true, false);
  if (!changed.empty()) {
    notice = name + " is not the file that was recorded: " + changed;
  } else if (missing.recorded) {
    notice = "Located " + name + ": size and SHA-256 are the recorded ones";
  } else {
    notice = "Located " + name;
  }
  settings.lastFolder = folderOf(path);
  saveSettingsSoon();
}

}  // namespace headlight
