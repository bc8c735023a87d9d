#pragma once
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace headlight {

/// The text of the experiment's element. No network, no external files, no entities but XML's own five.
Result<std::string> experimentFromSvg(std::string_view svg);

}  // namespace headlight
