#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/files/byte_stream.h"
#include "core/files/element_type.h"
#include "core/files/tensor_file.h"

namespace headlight {

/// How the numbers of a tensor lie in its file.
enum class Coding { plain, deflated, csv };

/// A tensor of a file and all that is needed to read it again.
struct TensorRecord {
  TensorInfo info;
  ElementType type;
  bool fortranOrder = false;
  std::int64_t elements = 0;
  Coding coding = Coding::plain;
  FileRun run;             ///< the bytes, head included
  std::uint64_t head = 0;  ///< decoded bytes before the first number
};

/// What there is in a file.
struct TensorListing {
  std::vector<TensorRecord> records;
  std::vector<std::size_t> byName;  ///< indices into `records`, sorted by name once all are there
  std::vector<std::string> notes;
  std::vector<std::pair<std::string, Error>> refused;  ///< arrays that are there and cannot be read
  std::map<std::string, std::string> metadata;         ///< what the file's writer says of it
};

/// A format of files of tensors: one row of the table.
struct TensorFormat {
  std::string_view extension;  ///< ".npy"
  /// Whether a file that begins with `head` (nine bytes, or all there are) is surely such a one; null when
  /// nothing marks them.
  bool (*begins)(std::string_view head, std::uint64_t fileSize);
  Result<TensorListing> (*list)(const InputFile& file);
};
std::span<const TensorFormat> tensorFormats();
/// ".npy, .npz, .safetensors, .csv"
std::string acceptedEndings();

Result<TensorListing> listNpy(const InputFile& file);
Result<TensorListing> listNpz(const InputFile& file);
Result<TensorListing> listSafetensors(const InputFile& file);
Result<TensorListing> listCsv(const InputFile& file);

/// The numbers of a .csv as float64 of this machine, row after row. `file` must outlive the stream.
std::unique_ptr<ByteStream> csvStream(const InputFile& file, FileRun run);

/// The file's name without folders and ending: the name of its only tensor.
std::string stemOf(const std::string& path);

}  // namespace headlight
