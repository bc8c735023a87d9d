#include "core/experiment/carried_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "core/base/hash.h"
#include "core/base/number.h"
#include "core/experiment/sequence.h"
#include "core/experiment/tensor_record.h"
#include "core/files/atomic_save.h"
#include "core/files/data_pack.h"
#include "core/files/read_file.h"

namespace headlight {
namespace {

namespace fs = std::filesystem;

/// "a/../../b" → "../b".
fs::path tidy(const std::string& path) {
  return fs::path(path).lexically_normal();
}

/// How many folders up the path begins.
int climbs(const std::string& path) {
  int count = 0;
  for (const fs::path& part : tidy(path)) count += part == ".." ? 1 : 0;
  return count;
}

bool isThere(const PackedFile& file, const std::string& path) {
  const Result<FileFingerprint> print = fingerprint(path);
  return print && *print == FileFingerprint{file.bytes.size(), sha256(file.bytes)};
}

Status put(const PackedFile& file, const fs::path& path) {
  if (isThere(file, path.string())) return {};
  std::error_code failed;
  fs::create_directories(path.parent_path(), failed);
  if (failed) {
    return Error{ErrorCode::unwritable, "the folder cannot be made: " + failed.message(),
                 path.parent_path().string(), ""};
  }
  return saveAtomically(path.string(), file.bytes, Overwrite::replace);
}

}  // namespace

Result<std::string> packFiles(const Experiment& experiment, const std::string& folder,
                              const std::string& target) {
  std::vector<PackedFile> files;
  std::vector<std::pair<std::string, std::uint64_t>> sizes;
  std::uint64_t total = 0;
  for (const std::string& path : filesOf(experiment)) {
    const std::string full = inFolder(folder, path);
    const Result<InputFile> file = InputFile::open(full);
    if (!file) return file.error();
    total += file->size();
    sizes.emplace_back(path, file->size());
    if (total > kMostPackedBytes) continue;
    Result<std::string> bytes = readFile(full, kMostPackedBytes);
    if (!bytes) return bytes.error();
    files.push_back({relativePath(path, folder, target), std::move(*bytes)});
  }
  if (total > kMostPackedBytes) {
    std::string named;
    for (const auto& [path, size] : sizes)
      named += (named.empty() ? "" : ", ") + path + " (" + bytesText(static_cast<double>(size)) + ")";
    return Error{ErrorCode::usage,
                 "the files have " + bytesText(static_cast<double>(total)) + ", a figure carries at most " +
                     bytesText(static_cast<double>(kMostPackedBytes)),
                 named, "Without --embed-data the figure names them by path, size and SHA-256"};
  }
  return files.empty() ? std::string() : packed(files);
}

Result<std::string> folderOfCarried(std::string_view data, const std::string& figureFolder,
                                    const std::string& cacheFolder) {
  const Result<std::vector<PackedFile>> files = unpacked(data);
  if (!files) return files.error();
  const bool allThere = std::all_of(files->begin(), files->end(), [&](const PackedFile& file) {
    return isThere(file, inFolder(figureFolder, file.path));
  });
  if (allThere) return figureFolder;
  const fs::path base = fs::path(cacheFolder) / "figures" / sha256(data).substr(0, 32);
  int depth = 0;
  for (const PackedFile& file : *files) depth = std::max(depth, climbs(file.path));
  fs::path start = base;
  for (int i = 0; i < depth; ++i) start /= "up";
  for (const PackedFile& file : *files) {
    const fs::path place = tidy((start / file.path).string());
    // No path can leave the base, which lies as many folders up as the longest climb.
    if (Status written = put(file, place); !written) return written.error();
  }
  std::error_code failed;
  fs::create_directories(start, failed);
  return start.string();
}

}  // namespace headlight
