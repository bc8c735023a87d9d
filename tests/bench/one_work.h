#pragma once
#include <cstdint>
#include <string>

namespace headlight::bench {

struct OneWork {
  double seconds = 0;
  double megabytes = 0;  ///< most memory of the process
  double firstRowsMs = 0;
};
/// `oneWork` in a process of its own, so that its memory is nobody else's.
OneWork runOne(const std::string& what, std::int64_t tokens, const std::string& file = {});

}  // namespace headlight::bench
