#include "tests/bench/one_work.h"

#include <cstdio>
#include <filesystem>

namespace headlight::bench {

OneWork runOne(const std::string& what, std::int64_t tokens, const std::string& file) {
  const std::string self = std::filesystem::read_symlink("/proc/self/exe");
  const std::string command = "'" + self + "' one " + what + " " + std::to_string(tokens) + " '" + file + "'";
  OneWork took;
  FILE* out = popen(command.c_str(), "r");
  if (out == nullptr) return took;
  if (std::fscanf(out, "%lf %lf %lf", &took.seconds, &took.megabytes, &took.firstRowsMs) != 3) took = {};
  pclose(out);
  return took;
}

}  // namespace headlight::bench
