#pragma once
#include <memory>
#include <string>

#include "core/attention/tensor_source.h"
#include "core/files/tensor_file.h"

namespace headlight {

/// What a tensor that cannot be read in parts (compressed, text, column-major) may take in memory.
inline constexpr double kMostWholeBytes = 1024.0 * 1024 * 1024;
/// A tensor of so many bytes as float32 is read once and kept.
inline constexpr double kKeptBytes = 4.0 * 1024 * 1024;

/// The tensors of files, each address relative to `folder`; a file's headers are read once, until it is
/// written again. Small tensors and those that cannot be read in parts are read whole, every other one in the
/// parts that are asked for. Errors of `open`: as TensorFile::open and find; (invalid) a tensor that cannot
/// be read in parts and takes more than kMostWholeBytes. Calls from several threads are safe.
std::shared_ptr<const TensorSource> fileTensors(std::string folder);

/// One tensor of an opened file, read as above. Errors: those of its reading, at the file.
Result<std::shared_ptr<const GivenTensor>> givenTensor(const TensorFile& file, const TensorInfo& info);

}  // namespace headlight
