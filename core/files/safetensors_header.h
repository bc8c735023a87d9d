#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/files/read_file.h"
#include "core/files/safetensors_dtype.h"

namespace headlight {

/// A tensor as the header of a .safetensors tells it.
struct SafetensorsTensor {
  std::string name;
  SafetensorsDtype dtype;
  std::vector<std::int64_t> shape;
  std::int64_t elements = 0;
  std::uint64_t place = 0;   ///< of its entry in the file
  std::uint64_t offset = 0;  ///< of its bytes in the file
  std::uint64_t bytes = 0;
};

struct SafetensorsHeader {
  std::vector<SafetensorsTensor> tensors;       ///< in the order of the header
  std::map<std::string, std::string> metadata;  ///< `__metadata__`
  std::vector<std::string> notes;
};

/// Reads and proves the header (attention.md D.1: eight bytes N little-endian, N bytes of JSON, the data). No
/// allocation on the way is larger than the file (or 64 KiB). Refused, with the byte offset and the tensor's
/// name: N beyond 100 000 000 or the file; what is no UTF-8 or no JSON of that form; a key that stands twice;
/// an unknown dtype; a shape whose product does not fit; data_offsets that hold another number of bytes than
/// the shape needs, that overlap, leave holes or do not end with the file; more than a million tensors,
/// 16 axes, names of 4 KiB, 65 536 entries of metadata, 8 levels of nesting, a text of half the file. Unknown
/// keys of an entry are noted.
Result<SafetensorsHeader> readSafetensorsHeader(const InputFile& file);

/// Whether a file may begin so: N in bounds and JSON behind it. `head` is its first nine bytes or more.
bool beginsLikeSafetensors(std::string_view head, std::uint64_t fileSize);

}  // namespace headlight
