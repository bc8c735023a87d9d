#include "tests/fuzz/tensor_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  headlight::fuzz::readTensors(data, size, ".npy");
  return 0;
}
