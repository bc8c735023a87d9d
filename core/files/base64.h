#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace headlight {

/// Base 64 with its padding (RFC 4648, 4).
std::string base64(std::string_view bytes);
/// Back to bytes; white space is passed over. Nothing when it is no base 64.
std::optional<std::string> fromBase64(std::string_view text);

}  // namespace headlight
