#pragma once
#include <string_view>

namespace headlight {

/// A file that was built into the program: its base name and its bytes.
struct Asset {
  std::string_view name;
  std::string_view bytes;
};

}  // namespace headlight
