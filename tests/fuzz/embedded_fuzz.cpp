#include <cstdint>
#include <string_view>

#include "core/files/data_pack.h"
#include "core/files/embedded.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)headlight::unpacked(bytes).ok();
  const auto carried = headlight::readCarried(bytes);
  if (carried && !carried->data.empty()) (void)headlight::unpacked(carried->data).ok();
  return 0;
}
