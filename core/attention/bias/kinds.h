#pragma once
#include "core/attention/bias/bias.h"

namespace headlight {

// The rows of the table of biases, one file each.
BiasKind alibiBias();
BiasKind constantBias();
BiasKind t5Bias();
BiasKind tensorBias();

}  // namespace headlight
