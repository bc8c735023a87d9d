#pragma once
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/files/zip_directory.h"

namespace headlight {

// Files that hold pickled Python objects, as torch.save writes them. Reading one means to run what it says,
// so none is read.

/// By the ending, in small letters: .pt, .pth, .ckpt, .bin.
bool endsLikePickle(std::string_view path);
/// By the first bytes: a pickle of protocol 2 to 5, which torch.save wrote before version 1.6.
bool beginsLikePickle(std::string_view head);
/// Whether a member of a zip archive is the pickle that torch.save puts there.
bool isPickledMember(const ZipMember& member);

/// (invalid) What such a file is refused with: why, and how to save the layer as .safetensors.
Error pickledError(const std::string& path);

}  // namespace headlight
