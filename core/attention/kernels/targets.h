#pragma once
// Which of Highway's targets the kernels are compiled for. Include it before any header of Highway, in
// kernels only. Targets with vectors of unknown length are left out: the kernels keep arrays of vectors.
// SSSE3 has no name of its own among the levels that users can ask for.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
