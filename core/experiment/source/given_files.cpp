#include "core/experiment/source/given_files.h"

#include <algorithm>

#include "core/base/hash.h"
#include "core/base/shape.h"
#include "core/base/words.h"
#include "core/experiment/sequence.h"
#include "core/experiment/tensor_record.h"

namespace headlight {

std::optional<Sizes> sizesOfFiles(const Experiment&, std::int64_t, std::int64_t, Report&) {
  return std::nullopt;
}

std::string FilePart::text() const {
  return name + " " + shapeText(info.shape);
}

Error FilePart::wrong(std::string_view accepted, std::string hint) const {
  return Error{ErrorCode::invalid, "found " + text() + ", accepted is " + std::string(accepted), path,
               std::move(hint)};
}

std::string fileName(const std::string& address) {
  const std::string file = parseTensorAddress(address).file;
  return file.substr(file.find_last_of('/') + 1);
}

Result<std::size_t> GivenFiles::indexOf(const std::string& address, const std::string& path) {
  const std::string relative = parseTensorAddress(address).file;
  const std::string full = inFolder(request_.folder, relative);
  const auto known =
      std::find_if(files_.begin(), files_.end(), [&](const Opened& opened) { return opened.full == full; });
  if (known != files_.end()) return static_cast<std::size_t>(known - files_.begin());
  Result<FileRecord> record =
      recordOf(request_.experiment.source, relative, request_.folder, request_.previous);
  if (!record) return record.error().inside(path);
  Result<TensorFile> file = TensorFile::open(full);
  if (!file) return file.error().inside(path);
  files_.push_back({full, record->stamp, std::make_shared<const TensorFile>(std::move(*file))});
  records.push_back(std::move(*record));
  return files_.size() - 1;
}

Result<std::shared_ptr<const TensorFile>> GivenFiles::file(const std::string& address,
                                                           const std::string& path) {
  const Result<std::size_t> index = indexOf(address, path);
  if (!index) return index.error();
  return files_[*index].file;
}

Result<FilePart> GivenFiles::open(const std::string& address, std::string_view name, const std::string& path,
                                  std::string_view tensor) {
  const Result<std::size_t> index = indexOf(address, path);
  if (!index) return index.error();
  const Opened& opened = files_[*index];
  const TensorAddress parsed = parseTensorAddress(address);
  Result<TensorInfo> info = opened.file->find(parsed.tensor.empty() ? tensor : parsed.tensor);
  if (!info) return info.error().inside(path);
  KeyHash hash;
  hash.add("file").add(opened.full).add(opened.stamp).add(info->name);
  return FilePart{std::string(name), path, opened.file, std::move(*info), hash.key()};
}

bool holds(const TensorFile& file, std::string_view tensor) {
  const auto tensors = file.tensors();
  return std::any_of(tensors.begin(), tensors.end(),
                     [&](const TensorInfo& info) { return info.name == tensor; });
}

namespace {

/// The checksum of a long zip member, which reading in parts does not prove.
Status proveWhole(const FilePart& part) {
  constexpr std::int64_t kProvenInParts = std::int64_t{16} << 20;
  if (part.info.size() <= kProvenInParts || !lowered(part.file->path()).ends_with(".npz")) return {};
  const Result<ValueSummary> read = part.file->summarize(part.info.name);
  return read ? Status() : Status(read.error().inside(part.path));
}

}  // namespace

Status readRows(const FilePart& part, std::int64_t first, std::int64_t rows, std::int64_t width,
                const std::function<void(std::int64_t row, const float* values)>& take) {
  // What is no run of bytes would be read from its beginning for every piece.
  constexpr std::int64_t kPiece = std::int64_t{1} << 18;
  const std::int64_t together = part.file->sliceable(part.info.name)
                                    ? std::max<std::int64_t>(1, kPiece / std::max<std::int64_t>(1, width))
                                    : rows;
  if (first == 0 && rows * width == part.info.size()) {
    if (Status proven = proveWhole(part); !proven) return proven;
  }
  for (std::int64_t row = 0; row < rows; row += together) {
    const std::int64_t count = std::min(together, rows - row);
    const Result<Tensor> piece =
        part.file->readSlice(part.info.name, first + row * width, count * width, Precision::float32);
    if (!piece) return piece.error().inside(part.path);
    for (std::int64_t i = 0; i < count; ++i) take(row + i, piece->floats.data() + i * width);
  }
  return {};
}

Recipe<Heads> headsRecipe(FilePart part, const HeadsPlace& place) {
  KeyHash hash;
  hash.add(part.key).add(place.tokensFirst ? "thd" : "htd");
  for (const std::int64_t n : {place.first, place.heads, place.tokens, place.width}) {
    hash.add(static_cast<std::uint64_t>(n));
  }
  return {hash.key(), [part = std::move(part), place]() -> Result<Heads> {
            Heads heads;
            for (std::int64_t h = 0; h < place.heads; ++h) heads.emplace_back(place.tokens, place.width);
            const auto take = [&](std::int64_t row, const float* values) {
              const std::int64_t head = place.tokensFirst ? row % place.heads : row / place.tokens;
              const std::int64_t token = place.tokensFirst ? row / place.heads : row % place.tokens;
              std::copy_n(values, place.width, heads[static_cast<std::size_t>(head)].row(token));
            };
            const Status read = readRows(part, place.first, place.heads * place.tokens, place.width, take);
            if (!read) return read.error();
            return heads;
          }};
}

KeySpec originKey() {
  return {"origin", KeyType::text,
          Value(),  true,
          0,        0,
          {},       "What the numbers are, for the origin chip; null is the name of the file."};
}

void checkOrigin(const Kinded& source, const Place& place, Report& report) {
  constexpr std::size_t kLongest = 200;
  const Value* said = source.find("origin");
  if (!said || !said->isString()) return;
  const std::string& words = said->string();
  const bool oneLine = std::none_of(words.begin(), words.end(),
                                    [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (words.find_first_not_of(' ') == std::string::npos || words.size() > kLongest || !oneLine) {
    report.error(place.member("origin").path, "found " + foundText(*said) + ", accepted is a line of 1 to " +
                                                  std::to_string(kLongest) + " bytes");
  }
}

Origin givenOrigin(const Kinded& source, const std::string& words) {
  const Value* said = source.find("origin");
  return {said && said->isString() ? said->string() : words, false};
}

void compareShape(const std::optional<std::int64_t>& given, std::int64_t found, std::string_view key,
                  Report& report) {
  if (given && *given != found) {
    report.error("shape." + std::string(key),
                 "found " + std::to_string(*given) + ", the source's file has " + std::to_string(found));
  }
}

void compareTokens(const std::optional<std::vector<Token>>& tokens, std::int64_t found, std::string_view key,
                   std::string_view tensor, Report& report) {
  if (tokens && static_cast<std::int64_t>(tokens->size()) != found) {
    report.error(std::string(key), "found " + std::to_string(tokens->size()) + " tokens, source." +
                                       std::string(tensor) + " has " + std::to_string(found));
  }
}

}  // namespace headlight
