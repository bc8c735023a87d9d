#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/experiment/json.h"

/// What opens must be saved and open again as the same experiment.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto decoded = headlight::fromText({reinterpret_cast<const char*>(data), size});
  if (!decoded) return 0;
  auto again = headlight::fromText(headlight::toText(decoded->experiment));
  if (!again || !(again->experiment == decoded->experiment)) std::abort();
  return 0;
}
