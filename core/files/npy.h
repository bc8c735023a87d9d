#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/files/byte_stream.h"
#include "core/files/element_type.h"

namespace headlight {

/// What the head of an .npy says (numpy's format versions 1.0, 2.0 and 3.0).
struct NpyHeader {
  ElementType type;
  bool fortranOrder = false;
  std::vector<std::int64_t> shape;
  std::int64_t elements = 0;
  std::uint64_t headBytes = 0;  ///< the data follow after so many bytes
  std::uint64_t dataBytes = 0;
};

/// Reads the head from the start of a stream that has `size` bytes in all, of which the data must not need
/// more. `where` names it in messages, to which the byte offset is added. Refuses everything but plain
/// numbers: object arrays would run code, structures and text are no tensors.
Result<NpyHeader> readNpyHeader(ByteStream& stream, std::uint64_t size, const std::string& where);

/// Elements of a shape, or nothing when there are more than an int64 holds. A length of 0 makes 0.
std::optional<std::int64_t> elementCount(const std::vector<std::int64_t>& shape);

}  // namespace headlight
