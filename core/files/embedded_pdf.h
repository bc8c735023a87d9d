#pragma once
#include <string_view>

#include "core/base/result.h"
#include "core/files/embedded.h"

namespace headlight {

/// By what the two attachments are known, whatever a file is made of them later: their MIME types.
inline constexpr std::string_view kExperimentMime = "application/vnd.headlight.experiment+json";
inline constexpr std::string_view kDataMime = "application/vnd.headlight.data";

/// The attachments of our types. Their objects are sought in the bytes themselves: no cross-reference table
/// is trusted and nothing else is unpacked, so that a hostile file costs no more than its size.
Result<Carried> carriedByPdf(std::string_view pdf);

}  // namespace headlight
