#pragma once
#include <string>

namespace headlight {

/// The day of this version, as the man page and the metainfo of the desktop say it.
inline constexpr const char* kReleaseDay = "2026-11-22";

/// The man page headlight(1) in troff's man macros, from the same declarations as --help and completions.
std::string manualPage();

}  // namespace headlight
