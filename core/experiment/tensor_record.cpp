#include "core/experiment/tensor_record.h"

#include <algorithm>
#include <filesystem>

#include "core/base/number.h"
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
  if (!spec.image.empty()) files.push_back({spec.image, path + ".image"});
  for (std::size_t i = 0; i < spec.batch.size(); ++i)
    addImages(spec.batch[i], itemPath(path + ".batch", i), files);
}

/// The files that the tokens themselves are read from.
void addTokenFiles(const TokenSpec& spec, std::vector<std::string>& files) {
  if (spec.kind == TokenSpec::Kind::file) files.push_back(spec.file);
  for (const TokenSpec& one : spec.batch) addTokenFiles(one, files);
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
  std::vector<SavedFile> records = recordsOf(experiment.source);
  records.insert(records.end(), experiment.files.begin(), experiment.files.end());
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

std::vector<std::string> filesOf(const Experiment& experiment) {
  std::vector<std::string> all;
  const SourceKind* kind = sourceKind(experiment.source.kind);
  if (kind) {
    for (const std::string_view key : kind->fileKeys) {
      const Value* address = experiment.source.find(key);
      if (address && address->isString()) all.push_back(parseTensorAddress(address->string()).file);
    }
  }
  for (const NamedFile& named : namedFiles(experiment)) all.push_back(named.path);
  addTokenFiles(experiment.tokens, all);
  if (experiment.memory) addTokenFiles(*experiment.memory, all);
  std::vector<std::string> once;
  for (std::string& path : all) {
    if (std::find(once.begin(), once.end(), path) == once.end()) once.push_back(std::move(path));
  }
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

  void tokens(TokenSpec& spec) const {
    if (spec.kind == TokenSpec::Kind::file) spec.file = path(spec.file);
    if (!spec.image.empty()) spec.image = path(spec.image);
    for (TokenSpec& one : spec.batch) tokens(one);
  }

  /// The address with its file moved; what that file is now goes to `records`, or what it was by `known`
  /// where it cannot be read.
  std::string address(const std::string& text, const std::vector<SavedFile>& known,
                      std::vector<SavedFile>& records) const {
    TensorAddress parsed = parseTensorAddress(text);
    parsed.file = record(parsed.file, known, records);
    return parsed.tensor.empty() ? parsed.file : parsed.file + ":" + parsed.tensor;
  }

  std::string record(const std::string& file, const std::vector<SavedFile>& known,
                     std::vector<SavedFile>& records) const {
    std::string moved = path(file);
    if (recordFor(records, moved)) return moved;
    if (const Result<FileFingerprint> print = fingerprint(inFolder(folder_, file))) {
      records.push_back({moved, static_cast<std::int64_t>(print->bytes), print->sha256});
    } else if (const SavedFile* old = recordFor(known, file)) {
      records.push_back({moved, old->bytes, old->sha256});
    }
    return moved;
  }

 private:
  const std::string& folder_;
  const std::string& target_;
};

}  // namespace

Experiment forSaving(const Experiment& experiment, const std::string& folder, const std::string& target) {
  Experiment saved = experiment;
  const Mover mover(folder, target);
  std::vector<SavedFile> records;
  for (const NamedFile& named : namedFiles(experiment)) mover.record(named.path, experiment.files, records);
  for (std::vector<Kinded>* entries : {&saved.biases, &saved.mask}) {
    for (Kinded& entry : *entries) {
      for (const std::string_view key : kTensorKeys) {
        const Value* address = entry.find(key);
        if (address && address->isString())
          entry.set(key, mover.address(address->string(), experiment.files, records));
      }
    }
  }
  saved.files = std::move(records);
  mover.tokens(saved.tokens);
  if (saved.memory) mover.tokens(*saved.memory);
  const SourceKind* kind = sourceKind(saved.source.kind);
  if (kind->fileKeys.empty()) return saved;
  const std::vector<SavedFile> known = recordsOf(experiment.source);
  std::vector<SavedFile> ofSource;
  for (const std::string_view key : kind->fileKeys) {
    const Value* address = saved.source.find(key);
    if (address && address->isString())
      saved.source.set(key, mover.address(address->string(), known, ofSource));
  }
  saved.source.set("files", encodeFiles(ofSource));
  return saved;
}

}  // namespace headlight
