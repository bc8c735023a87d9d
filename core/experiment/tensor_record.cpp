#include "core/experiment/tensor_record.h"

#include <algorithm>
#include <filesystem>

#include "core/base/number.h"
#include "core/experiment/image_patches.h"
#include "core/experiment/sequence.h"
#include "core/experiment/source/source.h"
#include "core/files/read_file.h"
#include "core/files/tensor_file.h"

namespace headlight {
namespace {

bool isHash(const Value* value) {
  constexpr std::size_t kDigits = 64;
  return value && value->isString() && value->string().size() == kDigits &&
         value->string().find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// The records of a source, or nothing.
std::vector<SavedFile> recordsOf(const Kinded& source) {
  const Value* files = source.find("files");
  return files && files->isList() ? savedFiles(*files) : std::vector<SavedFile>{};
}

/// The record of a path, or null.
const SavedFile* recordFor(const std::vector<SavedFile>& records, const std::string& path) {
  const auto found =
      std::find_if(records.begin(), records.end(), [&](const SavedFile& r) { return r.path == path; });
  return found == records.end() ? nullptr : &*found;
}

std::string recordedText(const SavedFile& record) {
  return "recorded as " + bytesText(static_cast<double>(record.bytes)) + ", SHA-256 " + record.sha256;
}

Result<FileRecord> recordNow(const SavedFile* recorded, const std::string& path, const std::string& folder,
                             const Prepared* previous) {
  const std::string full = inFolder(folder, path);
  Result<InputFile> file = InputFile::open(full);
  if (!file) {
    Error error = file.error();
    if (recorded) error.what += "; " + recordedText(*recorded);
    return error;
  }
  FileRecord now{path, file->size(), "", file->stamp()};
  if (!recorded) return now;
  if (previous) {
    for (const FileRecord& known : previous->files) {
      if (known.path == path && known.stamp == now.stamp) now.sha256 = known.sha256;
    }
  }
  // Another size is change enough; the bytes of large files are read only to find a hidden one.
  if (now.sha256.empty() && recorded->bytes == static_cast<std::int64_t>(now.bytes)) {
    Result<FileFingerprint> print = fingerprint(full);
    if (!print) return print.error();
    now.sha256 = print->sha256;
  }
  return now;
}

/// The keys by which masks and biases name a tensor.
constexpr std::string_view kTensorKeys[] = {"tensor", "table"};

void addTensors(const std::vector<Kinded>& entries, const std::string& list, std::vector<NamedFile>& files) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    for (const std::string_view key : kTensorKeys) {
      const Value* address = entries[i].find(key);
      if (address && address->isString()) {
        files.push_back({parseTensorAddress(address->string()).file, memberPath(itemPath(list, i), key)});
      }
    }
  }
}

void addImages(const TokenSpec& spec, const std::string& path, std::vector<NamedFile>& files) {
  if (!spec.image.empty() && !isOwnImage(spec.image)) files.push_back({spec.image, path + ".image"});
  for (std::size_t i = 0; i < spec.batch.size(); ++i)
    addImages(spec.batch[i], itemPath(path + ".batch", i), files);
}

void eachTokenFile(TokenSpec& spec, const std::function<void(std::string& path)>& take) {
  if (spec.kind == TokenSpec::Kind::file) take(spec.file);
  if (!spec.image.empty() && !isOwnImage(spec.image)) take(spec.image);
  for (TokenSpec& one : spec.batch) eachTokenFile(one, take);
}

}  // namespace

KeySpec filesKey() {
  return {"files", KeyType::list,
          Value(), true,
          0,       0,
          {},      "The files as they were when the experiment was saved."};
}

void checkFileRecords(const Value& files, const Place& place, Report& report) {
  if (!files.isList()) {
    report.error(place.path, "found " + foundText(files) + ", accepted is a list");
    return;
  }
  for (std::size_t i = 0; i < files.list().size(); ++i) {
    const Value& record = files.list()[i];
    const Value* path = record.find("path");
    const Value* bytes = record.find("bytes");
    const bool good = path && path->isString() && bytes && bytes->isInteger() && bytes->integer() >= 0 &&
                      isHash(record.find("sha256"));
    if (!good) {
      report.error(place.item(i).path, "found " + foundText(record) +
                                           ", accepted is an object with path, bytes and sha256 (64 "
                                           "hexadecimal digits)");
    }
  }
}

void checkFileRecords(const Kinded& source, const Place& place, Report& report) {
  const Value* files = source.find("files");
  if (files && files->isList()) checkFileRecords(*files, place.member("files"), report);
}

std::vector<SavedFile> savedFiles(const Value& files) {
  std::vector<SavedFile> list;
  for (const Value& record : files.list()) {
    list.push_back(
        {record.find("path")->string(), record.find("bytes")->integer(), record.find("sha256")->string()});
  }
  return list;
}

Value encodeFiles(const std::vector<SavedFile>& records) {
  List list;
  for (const SavedFile& r : records)
    list.emplace_back(Object{{"path", r.path}, {"bytes", r.bytes}, {"sha256", r.sha256}});
  return list;
}

Result<FileRecord> recordOf(const Kinded& source, const std::string& path, const std::string& folder,
                            const Prepared* previous) {
  const std::vector<SavedFile> records = recordsOf(source);
  return recordNow(recordFor(records, path), path, folder, previous);
}

std::vector<std::string> changedFiles(const Experiment& experiment, const std::vector<FileRecord>& files) {
  const std::vector<SavedFile> records = recordedFiles(experiment);
  std::vector<std::string> warnings;
  for (const FileRecord& file : files) {
    const SavedFile* recorded = recordFor(records, file.path);
    if (!recorded || recorded->sha256 == file.sha256) continue;
    warnings.push_back(file.path + " is not the file that was saved with the experiment: it has " +
                       bytesText(static_cast<double>(file.bytes)) + ", " + recordedText(*recorded));
  }
  return warnings;
}

std::vector<NamedFile> namedFiles(const Experiment& experiment) {
  std::vector<NamedFile> files;
  addTensors(experiment.biases, "score.bias", files);
  addTensors(experiment.mask, "mask", files);
  addImages(experiment.tokens, "tokens", files);
  if (experiment.memory) addImages(*experiment.memory, "memory", files);
  return files;
}

void eachFile(Experiment& experiment, const std::function<void(std::string& path)>& take) {
  const auto addressed = [&](Kinded& entry, std::string_view key) {
    const Value* given = entry.find(key);
    if (!given || !given->isString()) return;
    TensorAddress parsed = parseTensorAddress(given->string());
    const std::string before = parsed.file;
    take(parsed.file);
    if (parsed.file == before) return;
    entry.set(key, parsed.tensor.empty() ? parsed.file : parsed.file + ":" + parsed.tensor);
  };
  if (const SourceKind* kind = sourceKind(experiment.source.kind)) {
    for (const std::string_view key : kind->fileKeys) addressed(experiment.source, key);
  }
  for (std::vector<Kinded>* entries : {&experiment.biases, &experiment.mask}) {
    for (Kinded& entry : *entries) {
      for (const std::string_view key : kTensorKeys) addressed(entry, key);
    }
  }
  eachTokenFile(experiment.tokens, take);
  if (experiment.memory) eachTokenFile(*experiment.memory, take);
}

std::vector<SavedFile> recordedFiles(const Experiment& experiment) {
  std::vector<SavedFile> records = recordsOf(experiment.source);
  records.insert(records.end(), experiment.files.begin(), experiment.files.end());
  return records;
}

Experiment withFileAt(Experiment experiment, const std::string& from, const std::string& to) {
  const auto rename = [&](std::string& path) {
    if (path == from) path = to;
  };
  eachFile(experiment, rename);
  for (SavedFile& record : experiment.files) rename(record.path);
  if (std::vector<SavedFile> ofSource = recordsOf(experiment.source); !ofSource.empty()) {
    for (SavedFile& record : ofSource) rename(record.path);
    experiment.source.set("files", encodeFiles(ofSource));
  }
  return experiment;
}

std::vector<std::string> filesOf(const Experiment& experiment) {
  std::vector<std::string> once;
  Experiment read = experiment;
  eachFile(read, [&](const std::string& path) {
    if (std::find(once.begin(), once.end(), path) == once.end()) once.push_back(path);
  });
  return once;
}

std::string relativePath(const std::string& path, const std::string& folder, const std::string& target) {
  namespace fs = std::filesystem;
  std::error_code failed;
  const fs::path full = fs::weakly_canonical(inFolder(folder, path), failed);
  if (failed) return path;
  const fs::path base = fs::weakly_canonical(target.empty() ? "." : target, failed);
  if (failed) return path;
  const fs::path relative = full.lexically_relative(base);
  // From another user's folder up to the root and down again: only the name says nothing about who that is.
  const std::string text = relative.generic_string();
  const bool throughHome = text.starts_with("../") && text.find("../home/") != std::string::npos;
  return relative.empty() || throughHome ? full.filename().string() : text;
}

Result<std::vector<FileRecord>> recordsOfNamed(const Experiment& experiment, const std::string& folder,
                                               const Prepared* previous) {
  std::vector<FileRecord> records;
  for (const NamedFile& named : namedFiles(experiment)) {
    const bool known = std::any_of(records.begin(), records.end(),
                                   [&](const FileRecord& record) { return record.path == named.path; });
    if (known) continue;
    Result<FileRecord> record =
        recordNow(recordFor(experiment.files, named.path), named.path, folder, previous);
    if (!record) return record.error().inside(named.where);
    records.push_back(std::move(*record));
  }
  return records;
}

namespace {

/// Moves the files of a document from one folder to another and records them.
class Mover {
 public:
  Mover(const std::string& folder, const std::string& target) : folder_(folder), target_(target) {}

  std::string path(const std::string& file) const { return relativePath(file, folder_, target_); }

  /// What the file is now goes to `records`, or what it was by `known` where it cannot be read.
  void record(const std::string& file, const std::vector<SavedFile>& known,
              std::vector<SavedFile>& records) const {
    const std::string moved = path(file);
    if (recordFor(records, moved)) return;
    if (const Result<FileFingerprint> print = fingerprint(inFolder(folder_, file))) {
      records.push_back({moved, static_cast<std::int64_t>(print->bytes), print->sha256});
    } else if (const SavedFile* old = recordFor(known, file)) {
      records.push_back({moved, old->bytes, old->sha256});
    }
  }

 private:
  const std::string& folder_;
  const std::string& target_;
};

}  // namespace

Experiment forSaving(const Experiment& experiment, const std::string& folder, const std::string& target) {
  Experiment saved = experiment;
  const Mover mover(folder, target);
  saved.files.clear();
  for (const NamedFile& named : namedFiles(experiment)) {
    mover.record(named.path, experiment.files, saved.files);
  }
  const SourceKind* kind = sourceKind(experiment.source.kind);
  if (!kind->fileKeys.empty()) {
    const std::vector<SavedFile> known = recordsOf(experiment.source);
    std::vector<SavedFile> ofSource;
    for (const std::string_view key : kind->fileKeys) {
      const Value* address = experiment.source.find(key);
      if (address && address->isString())
        mover.record(parseTensorAddress(address->string()).file, known, ofSource);
    }
    saved.source.set("files", encodeFiles(ofSource));
  }
  eachFile(saved, [&](std::string& path) { path = mover.path(path); });
  return saved;
}

}  // namespace headlight
