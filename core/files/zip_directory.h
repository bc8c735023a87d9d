#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/files/read_file.h"

namespace headlight {

/// A file inside a zip archive, as the central directory tells it.
struct ZipMember {
  std::string name;
  bool deflated = false;
  std::uint32_t crc = 0;
  std::uint64_t stored = 0;  ///< bytes in the archive
  std::uint64_t size = 0;    ///< bytes when decoded
  std::uint64_t begin = 0;   ///< of its local header
  std::uint64_t dataBegin = 0;
};

/// The members of a zip archive (APPNOTE 6.3, zip64 included), in the order of its directory. Sizes come from
/// the directory alone; the local headers say only where the data begin. Refused: encryption, methods other
/// than stored and deflated, several disks, members that overlap or leave the archive, names given twice,
/// absolute or with "..", and what decodes to more than 900 times (and 16 MiB) of what is stored.
Result<std::vector<ZipMember>> readZipDirectory(const InputFile& file);

}  // namespace headlight
