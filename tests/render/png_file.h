#pragma once
#include <optional>
#include <string>

#include "core/picture/picture.h"

namespace headlight::test {

/// The picture in a PNG file, or nothing when there is none that can be read.
std::optional<Picture> readPng(const std::string& path);

/// Writes it without alpha and as small as PNG can, for what stays in the repository. False when it cannot.
bool writeGolden(const std::string& path, const Picture& picture);

}  // namespace headlight::test
