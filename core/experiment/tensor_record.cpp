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

/// The record of a path, or null.
const Value* recordFor(const Kinded& source, const std::string& path) {
  const Value* files = source.find("files");
  if (!files || !files->isList()) return nullptr;
  for (const Value& record : files->list()) {
    const Value* name = record.find("path");
    if (name && name->isString() && name->string() == path) return &record;
  }
  return nullptr;
}

std::string recordedText(const Value& record) {
  return "recorded as " + bytesText(record.find("bytes")->number()) + ", SHA-256 " +
         record.find("sha256")->string();
}

/// The path as seen from `target`; never one that names the user or host.
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

}  // namespace

KeySpec filesKey() {
  return {"files", KeyType::list,
          Value(), true,
          0,       0,
          {},      "The files as they were when the experiment was saved."};
}

void checkFileRecords(const Kinded& source, const Place& place, Report& report) {
  const Value* files = source.find("files");
  if (!files || !files->isList()) return;
  for (std::size_t i = 0; i < files->list().size(); ++i) {
    const Value& record = files->list()[i];
    const Value* path = record.find("path");
    const Value* bytes = record.find("bytes");
    const bool good = path && path->isString() && bytes && bytes->isInteger() && bytes->integer() >= 0 &&
                      isHash(record.find("sha256"));
    if (!good) {
      report.error(place.member("files").item(i).path,
                   "found " + foundText(record) +
                       ", accepted is an object with path, bytes and sha256 (64 "
                       "hexadecimal digits)");
    }
  }
}

Result<FileRecord> recordOf(const Kinded& source, const std::string& path, const std::string& folder,
                            const Prepared* previous) {
  const Value* recorded = recordFor(source, path);
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
  if (now.sha256.empty() && recorded->find("bytes")->integer() == static_cast<std::int64_t>(now.bytes)) {
    Result<FileFingerprint> print = fingerprint(full);
    if (!print) return print.error();
    now.sha256 = print->sha256;
  }
  return now;
}

std::vector<std::string> changedFiles(const Kinded& source, const std::vector<FileRecord>& files) {
  std::vector<std::string> warnings;
  for (const FileRecord& file : files) {
    const Value* recorded = recordFor(source, file.path);
    if (!recorded || recorded->find("sha256")->string() == file.sha256) continue;
    warnings.push_back(file.path + " is not the file that was saved with the experiment: it has " +
                       bytesText(static_cast<double>(file.bytes)) + ", " + recordedText(*recorded));
  }
  return warnings;
}

Experiment forSaving(const Experiment& experiment, const std::string& folder, const std::string& target) {
  Experiment saved = experiment;
  const auto moveTokens = [&](TokenSpec& spec) {
    if (spec.kind == TokenSpec::Kind::file) spec.file = relativePath(spec.file, folder, target);
  };
  moveTokens(saved.tokens);
  if (saved.memory) moveTokens(*saved.memory);
  const SourceKind* kind = sourceKind(saved.source.kind);
  if (kind->fileKeys.empty()) return saved;
  List records;
  for (const std::string_view key : kind->fileKeys) {
    const Value* address = saved.source.find(key);
    if (!address || !address->isString()) continue;
    TensorAddress parsed = parseTensorAddress(address->string());
    const std::string full = inFolder(folder, parsed.file);
    const Value* known = recordFor(experiment.source, parsed.file);
    parsed.file = relativePath(parsed.file, folder, target);
    saved.source.set(key, parsed.tensor.empty() ? parsed.file : parsed.file + ":" + parsed.tensor);
    const bool written = std::any_of(records.begin(), records.end(),
                                     [&](const Value& r) { return r.find("path")->string() == parsed.file; });
    if (written) continue;
    if (const Result<FileFingerprint> print = fingerprint(full)) {
      records.emplace_back(Object{{"path", parsed.file},
                                  {"bytes", static_cast<std::int64_t>(print->bytes)},
                                  {"sha256", print->sha256}});
    } else if (known) {
      records.push_back(*known);
      records.back().set("path", parsed.file);
    }
  }
  saved.source.set("files", std::move(records));
  return saved;
}

}  // namespace headlight
