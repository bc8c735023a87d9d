#pragma once
#include "core/attention/normalize/normalize.h"

namespace headlight {

// The rows of the table of normalizers, one file each.
NormalizerKind softmaxNormalizer();

}  // namespace headlight
