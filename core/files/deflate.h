#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace headlight {

/// A zlib stream packed; equal bytes give equal streams.
std::string deflated(std::string_view bytes);
/// What the zlib stream at the beginning of `packed` holds; bytes after its end are not looked at. Nothing
/// when it is damaged, cut off, or holds more than `most` bytes.
std::optional<std::string> inflated(std::string_view packed, std::size_t most);

}  // namespace headlight
