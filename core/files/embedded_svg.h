#pragma once
#include <string_view>

#include "core/base/result.h"
#include "core/files/embedded.h"

namespace headlight {

/// The text of the experiment's element and the bytes of the files' ones. No network, no external files, no
/// entities but XML's own five.
Result<Carried> carriedBySvg(std::string_view svg);

}  // namespace headlight
