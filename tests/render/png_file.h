#pragma once
#include <optional>
#include <string>

#include "core/picture/picture.h"

namespace headlight::test {

/// The picture in a PNG file, or nothing when there is none that can be read.
std::optional<Picture> readPng(const std::string& path);

}  // namespace headlight::test
