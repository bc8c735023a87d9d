#pragma once
#include "core/attention/normalize/normalize.h"

namespace headlight {

// The rows of the table of normalizers, one file each.
NormalizerKind softmaxNormalizer();
NormalizerKind softmax1Normalizer();
NormalizerKind sinkNormalizer();
NormalizerKind sparsemaxNormalizer();
NormalizerKind entmax15Normalizer();
NormalizerKind sigmoidNormalizer();
NormalizerKind reluNormalizer();

}  // namespace headlight
