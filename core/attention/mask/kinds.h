#pragma once
#include "core/attention/mask/mask.h"

namespace headlight {

// The rows of the table of masks, one file each.
MaskKind causalMask();
MaskKind paddingMask();
MaskKind windowMask();
MaskKind dilatedMask();
MaskKind prefixMask();
MaskKind documentsMask();
MaskKind chunkedMask();
MaskKind stridedMask();
MaskKind fixedMask();
MaskKind blockMask();
MaskKind sinksMask();
MaskKind longformerMask();
MaskKind bigbirdMask();
MaskKind cellsMask();
MaskKind tensorMask();

}  // namespace headlight
