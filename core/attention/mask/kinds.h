#pragma once
#include "core/attention/mask/mask.h"

namespace headlight {

// The rows of the table of masks, one file each.
MaskKind causalMask();
MaskKind paddingMask();
MaskKind windowMask();

}  // namespace headlight
