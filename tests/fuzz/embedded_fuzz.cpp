#include <cstdint>
#include <string_view>

#include "core/files/embedded.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)headlight::readEmbedded({reinterpret_cast<const char*>(data), size}).ok();
  return 0;
}
