#include "core/experiment/carried_files.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <tuple>
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

constexpr const char* kFigures = "figures";  // the folder in the cache

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

/// What was unpacked for one figure.
struct Unpacked {
  fs::path path;
  double days = 0;  ///< since it was used
  std::uint64_t bytes = 0;
  bool isUsed = false;
};

std::uint64_t bytesBelow(const fs::path& folder) {
  std::error_code failed;
  std::uint64_t bytes = 0;
  for (fs::recursive_directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    std::error_code none;
    if (!at->is_regular_file(none)) continue;
    const std::uintmax_t size = at->file_size(none);
    if (!none) bytes += size;
  }
  return bytes;
}

bool isWithin(const std::string& folder, const fs::path& around) {
  const fs::path inside = fs::path(folder).lexically_normal();
  const fs::path outside = around.lexically_normal();
  return std::mismatch(outside.begin(), outside.end(), inside.begin(), inside.end()).first == outside.end();
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
  const fs::path base = fs::path(cacheFolder) / kFigures / sha256(data).substr(0, 32);
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
  fs::last_write_time(base, fs::file_time_type::clock::now(), failed);
  return start.string();
}

void clearCarried(const std::string& cacheFolder, std::span<const std::string> used,
                  const CarriedKept& kept) {
  using Days = std::chrono::duration<double, std::ratio<86400>>;
  std::error_code failed;
  std::vector<Unpacked> all;
  const auto now = fs::file_time_type::clock::now();
  for (fs::directory_iterator at(fs::path(cacheFolder) / kFigures, failed), end; !failed && at != end;
       at.increment(failed)) {
    // A link is no folder of ours.
    if (at->symlink_status(failed).type() != fs::file_type::directory) continue;
    const auto opened = fs::last_write_time(at->path(), failed);
    if (failed) continue;
    const double days = std::chrono::duration_cast<Days>(now - opened).count();
    const bool isUsed = std::any_of(used.begin(), used.end(),
                                    [&](const std::string& folder) { return isWithin(folder, at->path()); });
    all.push_back({at->path(), days, bytesBelow(at->path()), days < 1 || isUsed});
  }
  std::sort(all.begin(), all.end(), [](const Unpacked& a, const Unpacked& b) {
    return std::tie(b.isUsed, a.days, a.path) < std::tie(a.isUsed, b.days, b.path);
  });
  std::uint64_t total = 0;
  for (const Unpacked& one : all) {
    total += one.bytes;
    if (one.isUsed || (one.days <= kept.days && total <= kept.bytes)) continue;
    fs::remove_all(one.path, failed);
    if (!failed) total -= one.bytes;
  }
}

}  // namespace headlight
