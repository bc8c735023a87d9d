#pragma once
#include "core/experiment/source/source.h"

namespace headlight {

const SourceKind& patternsSource();

}  // namespace headlight
