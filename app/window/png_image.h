#pragma once
#include <string>

#include "core/base/result.h"
#include "core/picture/picture.h"

namespace headlight {

/// Writes the picture as an opaque PNG, whole or not at all. Errors: unwritable.
Status writePng(const std::string& path, const Picture& picture);

}  // namespace headlight
