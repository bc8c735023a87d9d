#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "core/base/matrix.h"
#include "core/base/result.h"
#include "core/files/atomic_save.h"

namespace headlight {

enum class FloatWidth { float32, float64 };

/// The head of an .npy file, version 1.0 (2.0 when that is too short), for little-endian floats in C order;
/// its length is a multiple of 64.
std::string npyHeader(std::span<const std::int64_t> shape, FloatWidth width);

/// A whole .npy file, of float64 when the tensor holds doubles.
Status writeNpy(ByteSink& sink, const Tensor& tensor);

}  // namespace headlight
