#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "app/session/state.h"
#include "core/base/number.h"
#include "core/experiment/sequence.h"
#include "core/experiment/source/source.h"
#include "core/experiment/tensor_record.h"
#include "core/files/read_file.h"
#include "core/files/tensor_file.h"

namespace headlight {
namespace {

/// The keys by which masks and biases name a tensor.
constexpr std::string_view kTensorKeys[] = {"tensor", "table"};

/// Gives every place of the document that names a file to `take`, as the text to be changed.
template <class Take>
void eachTokenFile(TokenSpec& spec, Take take) {
  if (!spec.file.empty()) take(spec.file);
  if (!spec.image.empty()) take(spec.image);
  for (TokenSpec& one : spec.batch) eachTokenFile(one, take);
}
template <class Take>
void eachFile(Experiment& experiment, Take take) {
  const auto address = [&](Kinded& entry, std::string_view key) {
    const Value* given = entry.find(key);
    if (given == nullptr || !given->isString()) return;
    TensorAddress parsed = parseTensorAddress(given->string());
    const std::string before = parsed.file;
    take(parsed.file);
    if (parsed.file == before) return;
    entry.set(key, parsed.tensor.empty() ? parsed.file : parsed.file + ":" + parsed.tensor);
  };
  if (const SourceKind* kind = sourceKind(experiment.source.kind)) {
    for (const std::string_view key : kind->fileKeys) address(experiment.source, key);
  }
  for (std::vector<Kinded>* entries : {&experiment.biases, &experiment.mask}) {
    for (Kinded& entry : *entries) {
      for (const std::string_view key : kTensorKeys) address(entry, key);
    }
  }
  eachTokenFile(experiment.tokens, take);
  if (experiment.memory) eachTokenFile(*experiment.memory, take);
}

/// Every record of a file, of the source and of the document.
std::vector<SavedFile> allRecords(const Experiment& experiment) {
  std::vector<SavedFile> records = experiment.files;
  if (const Value* ofSource = experiment.source.find("files"); ofSource && ofSource->isList()) {
    const std::vector<SavedFile> more = savedFiles(*ofSource);
    records.insert(records.end(), more.begin(), more.end());
  }
  return records;
}

/// The document with every mention of a file led elsewhere, its records with it.
Experiment ledElsewhere(Experiment experiment, const std::string& from, const std::string& to) {
  eachFile(experiment, [&](std::string& path) {
    if (path == from) path = to;
  });
  const auto rename = [&](std::vector<SavedFile>& records) {
    for (SavedFile& record : records) {
      if (record.path == from) record.path = to;
    }
  };
  rename(experiment.files);
  if (const Value* ofSource = experiment.source.find("files"); ofSource && ofSource->isList()) {
    std::vector<SavedFile> records = savedFiles(*ofSource);
    rename(records);
    experiment.source.set("files", encodeFiles(records));
  }
  return experiment;
}

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
  Experiment copy = history.now();
  eachFile(copy, [&](const std::string& path) {
    const std::string full = inFolder(folder, path);
    if (!error->where.ends_with(full) || full.size() <= longest) return;
    longest = full.size();
    missing.path = path;
  });
  if (longest == 0) return std::nullopt;
  for (const SavedFile& record : allRecords(copy)) {
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
  Experiment next = ledElsewhere(history.now(), missing.path, spelledFrom(document.folder, path));
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
