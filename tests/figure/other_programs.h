#pragma once
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace headlight::test {

/// What a shell command prints; its exit status goes to `status`.
inline std::string printedBy(const std::string& command, int* status = nullptr) {
  std::string text;
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (!pipe) return text;
  std::array<char, 4096> piece;
  for (std::size_t n = 0; (n = std::fread(piece.data(), 1, piece.size(), pipe)) > 0;)
    text.append(piece.data(), n);
  const int code = ::pclose(pipe);
  if (status) *status = code;
  return text;
}

inline bool hasProgram(const std::string& name) {
  return std::system(("command -v " + name + " >/dev/null").c_str()) == 0;
}

}  // namespace headlight::test
