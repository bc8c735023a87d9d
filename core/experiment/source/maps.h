#pragma once
#include "core/experiment/source/source.h"

namespace headlight {

const SourceKind& mapsSource();

}  // namespace headlight
