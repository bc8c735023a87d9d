#include <vector>

#include "tests/fuzz/tensor_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  headlight::fuzz::readTensors(data, size, ".safetensors");
  // Once more with a length of the header that fits its text, which changes of the text seldom leave right.
  constexpr std::size_t kPrelude = 8;
  std::size_t end = size;
  while (end > kPrelude && data[end - 1] != '}') --end;
  if (end <= kPrelude) return 0;
  std::vector<std::uint8_t> bytes(data, data + size);
  for (std::size_t i = 0; i < kPrelude; ++i) {
    bytes[i] = static_cast<std::uint8_t>(std::uint64_t{end - kPrelude} >> (8 * i) & 0xff);
  }
  headlight::fuzz::readTensors(bytes.data(), bytes.size(), ".safetensors");
  return 0;
}
