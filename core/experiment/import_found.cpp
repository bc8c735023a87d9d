#include "core/experiment/import_found.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "core/base/words.h"
#include "core/experiment/sequence.h"

namespace headlight {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kLongestRow = std::int64_t{1} << 20;
/// Tensors whose rows are looked at: a state dict of thousands is told by its names.
constexpr std::size_t kMostSampled = 64;
/// A tensor that has to be read from its beginning is looked at only when it is this short.
constexpr std::int64_t kMostWhole = std::int64_t{1} << 22;
constexpr std::uintmax_t kLargestTokens = std::uintmax_t{4} << 20;
constexpr std::size_t kMostBeside = 4096;
constexpr std::size_t kMostTokenFiles = 6;

using Row = std::vector<float>;

bool sumsToOne(const Row& row) {
  double sum = 0;
  for (const float x : row) {
    if (!(x >= 0)) return false;
    sum += static_cast<double>(x);
  }
  return std::abs(sum - 1) <= 2e-3;
}

bool all(const Row& row, bool (*is)(float)) {
  return std::all_of(row.begin(), row.end(), is);
}

bool isZero(float x) {
  return x == 0;
}
bool isOne(float x) {
  return x == 1;
}

/// The row is `first` at the first key and `others` at the rest.
bool alone(const Row& row, float first, bool (*others)(float)) {
  return row.size() > 1 && row.front() == first && std::all_of(row.begin() + 1, row.end(), others);
}

RowSample sampleOf(const Row& first, const Row& last) {
  RowSample sample;
  const auto both = [&](bool (*is)(float)) { return all(first, is) && all(last, is); };
  sample.sumsToOne = sumsToOne(first) && sumsToOne(last);
  sample.zerosAndOnes = both([](float x) { return x == 0 || x == 1; });
  sample.hasNegatives = !both([](float x) { return !(x < 0); });
  sample.addsAndDrops = sample.hasNegatives && both([](float x) { return x == 0 || x <= -1e4F; });
  sample.keepsCausally = alone(first, 1, isZero) && all(last, isOne);
  sample.dropsCausally = alone(first, 0, isOne) && all(last, isZero);
  return sample;
}

std::optional<RowSample> lookAt(const TensorFile& file, const TensorInfo& info) {
  if (info.shape.empty() || info.size() < 1 || info.shape.back() > kLongestRow) return std::nullopt;
  if (!file.sliceable(info.name) && info.size() > kMostWhole) return std::nullopt;
  const std::int64_t width = info.shape.back();
  const std::int64_t rows = info.shape.size() > 1 ? info.shape[info.shape.size() - 2] : 1;
  const auto first = file.readSlice(info.name, 0, width, Precision::float32);
  if (!first) return std::nullopt;
  if (rows == 1) return sampleOf(first->floats, first->floats);
  const auto last = file.readSlice(info.name, (rows - 1) * width, width, Precision::float32);
  if (!last) return std::nullopt;
  return sampleOf(first->floats, last->floats);
}

std::string relativeTo(const std::string& folder, const std::string& path) {
  const fs::path relative = fs::path(path).lexically_relative(folder);
  return relative.empty() ? path : relative.string();
}

bool namesTokens(const fs::path& path, const std::string& stem) {
  const std::string name = lowered(path.filename().string());
  if (!name.ends_with(".txt") && !name.ends_with(".json")) return false;
  if (name.ends_with(".headlight.json")) return false;
  return name.find("token") != std::string::npos || lowered(path.stem().string()) == lowered(stem);
}

void findTokens(ImportFound& found, const Cancel& cancel) {
  std::error_code failure;
  std::vector<std::string> names;
  std::size_t seen = 0;
  for (fs::directory_iterator entry(found.folder, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    if (++seen > kMostBeside || cancel.requested()) break;
    std::error_code ignored;
    if (!namesTokens(entry->path(), found.title) || !entry->is_regular_file(ignored)) continue;
    if (entry->file_size(ignored) <= kLargestTokens && !ignored) names.push_back(entry->path().string());
  }
  std::sort(names.begin(), names.end());
  if (names.size() > kMostTokenFiles) names.resize(kMostTokenFiles);
  for (const std::string& name : names) {
    if (auto tokens = lookIntoTokens(found, name)) found.tokens.push_back(std::move(*tokens));
  }
}

}  // namespace

bool holdsTensors(const std::string& path) {
  constexpr std::array<std::string_view, 4> kEndings{".npy", ".npz", ".safetensors", ".csv"};
  const std::string name = lowered(path);
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return name.ends_with(ending); });
}

Result<ImportTokens> lookIntoTokens(const ImportFound& found, const std::string& path) {
  TokenSpec spec;
  spec.kind = TokenSpec::Kind::file;
  spec.file = relativeTo(found.folder, path);
  auto tokens = makeTokens(spec, found.folder, "tokens");
  if (!tokens) return tokens.error();
  return ImportTokens{spec.file, static_cast<std::int64_t>((*tokens)->size())};
}

Result<ImportFound> lookInto(std::span<const std::string> paths, const Cancel& cancel) {
  ImportFound found;
  std::size_t sampled = 0;
  for (const std::string& path : paths) {
    const auto file = TensorFile::open(path);
    if (!file) return file.error();
    if (found.files.empty()) {
      found.folder = fs::path(path).parent_path().string();
      if (found.folder.empty()) found.folder.assign(1, '.');
      found.title = fs::path(path).stem().string();
    }
    const std::string name = relativeTo(found.folder, path);
    found.files.push_back(name);
    const bool single = file->tensors().size() == 1;
    for (const TensorInfo& info : file->tensors()) {
      if (cancel.requested()) return Error{ErrorCode::cancelled, "interrupted", path, ""};
      ImportTensor tensor{name, info, std::nullopt};
      if (!single) tensor.address.append(":").append(info.name);
      if (sampled < kMostSampled) {
        tensor.sample = lookAt(*file, info);
        ++sampled;
      }
      found.tensors.push_back(std::move(tensor));
    }
    for (const std::string& note : file->notes()) found.notes.push_back(note);
  }
  if (found.tensors.empty()) {
    return Error{ErrorCode::invalid, "found no array of numbers, accepted is at least one",
                 paths.empty() ? "" : paths.front(), ""};
  }
  findTokens(found, cancel);
  return found;
}

}  // namespace headlight
