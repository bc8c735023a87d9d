#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/base/result.h"
#include "core/files/read_file.h"

namespace headlight {

/// Decoded bytes, front to back.
class ByteStream {
 public:
  ByteStream() = default;
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;
  virtual ~ByteStream() = default;
  /// Fills `out` wholly or gives an error.
  virtual Status read(std::span<char> out) = 0;
  /// Reads what is left and proves length and checksum.
  virtual Status finish() = 0;
};

/// `bytes` throw-away bytes of a stream.
Status skipBytes(ByteStream& stream, std::uint64_t bytes);

/// A run of bytes in a file that stand for `size` bytes.
struct FileRun {
  std::uint64_t offset = 0;
  std::uint64_t stored = 0;
  std::uint64_t size = 0;
  std::optional<std::uint32_t> crc;  ///< CRC-32 of the decoded bytes, to be proven
  std::string where;                 ///< names the run in messages: "dump.npz:q"
};

/// The bytes as they lie. `file` must outlive the stream.
std::unique_ptr<ByteStream> plainStream(const InputFile& file, FileRun run);
/// Deflated bytes (RFC 1951, raw). Never gives out more than run.size.
std::unique_ptr<ByteStream> inflateStream(const InputFile& file, FileRun run);

}  // namespace headlight
