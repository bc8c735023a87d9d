#pragma once
#include <string_view>

#include "core/base/result.h"
#include "core/files/embedded.h"

namespace headlight {

inline constexpr std::string_view kPngSignature = "\x89PNG\r\n\x1a\n";

/// The text of the experiment's iTXt chunk and the bytes of the files' one. Every chunk's length and checksum
/// is proven on the way.
Result<Carried> carriedByPng(std::string_view png);

}  // namespace headlight
