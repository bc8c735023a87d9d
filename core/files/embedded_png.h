#pragma once
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace headlight {

inline constexpr std::string_view kPngSignature = "\x89PNG\r\n\x1a\n";

/// The text of the experiment's iTXt chunk. Every chunk's length and checksum is proven on the way.
Result<std::string> experimentFromPng(std::string_view png);

}  // namespace headlight
