#include "tests/bench/torch_process.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace headlight::bench {
namespace {

/// The text between the quotes behind "name": in a line of JSON that torch_side.py wrote.
std::string textOf(const std::string& line, const std::string& name) {
  const std::size_t key = line.find("\"" + name + "\"");
  if (key == std::string::npos) return "";
  const std::size_t begin = line.find('"', line.find(':', key)) + 1;
  return line.substr(begin, line.find('"', begin) - begin);
}

}  // namespace

TorchProcess::TorchProcess(bool avx2) {
  int toChild[2];
  int fromChild[2];
  if (pipe2(toChild, O_CLOEXEC) != 0) return;
  if (pipe2(fromChild, O_CLOEXEC) != 0) {
    close(toChild[0]);
    close(toChild[1]);
    return;
  }
  const char* named = std::getenv("HEADLIGHT_TORCH_PYTHON");
  const std::string python = named != nullptr && *named != 0 ? named : "python3";
  pid_ = fork();
  if (pid_ == 0) {
    dup2(toChild[0], STDIN_FILENO);
    dup2(fromChild[1], STDOUT_FILENO);
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDERR_FILENO);
    if (avx2) {
      setenv("ATEN_CPU_CAPABILITY", "avx2", 1);
      setenv("MKL_ENABLE_INSTRUCTIONS", "AVX2", 1);
      setenv("ONEDNN_MAX_CPU_ISA", "AVX2", 1);
    }
    execlp(python.c_str(), python.c_str(), HEADLIGHT_TORCH_SIDE, nullptr);
    _exit(127);
  }
  close(toChild[0]);
  close(fromChild[1]);
  input_ = toChild[1];
  output_ = fromChild[0];
  std::signal(SIGPIPE, SIG_IGN);
  const std::string hello = readLine();
  version_ = textOf(hello, "version") + ", " + textOf(hello, "capability");
  if (hello.empty()) stop();
}

TorchProcess::~TorchProcess() {
  stop();
}

void TorchProcess::stop() {
  if (input_ >= 0) close(input_);
  if (output_ >= 0) close(output_);
  input_ = output_ = -1;
  if (pid_ > 0) waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::string TorchProcess::readLine() {
  while (rest_.find('\n') == std::string::npos) {
    char bytes[4096];
    const ssize_t count = read(output_, bytes, sizeof bytes);
    if (count <= 0) return "";
    rest_.append(bytes, static_cast<std::size_t>(count));
  }
  const std::string line = rest_.substr(0, rest_.find('\n'));
  rest_.erase(0, line.size() + 1);
  return line;
}

std::optional<double> TorchProcess::milliseconds(const TorchWork& work) {
  if (!alive()) return std::nullopt;
  const std::string line = "{\"work\": \"" + work.work + "\", \"T\": " + std::to_string(work.tokens) +
                           ", \"heads\": " + std::to_string(work.heads) +
                           ", \"width\": " + std::to_string(work.width) +
                           ", \"causal\": " + (work.causal ? "true" : "false") +
                           ", \"runs\": " + std::to_string(work.runs) + "}\n";
  if (write(input_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) return std::nullopt;
  const std::string answer = readLine();
  const std::size_t colon = answer.find(':');
  if (colon == std::string::npos) {
    stop();
    return std::nullopt;
  }
  // Its threads go on spinning for a while after their last turn.
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  return std::strtod(answer.c_str() + colon + 1, nullptr);
}

}  // namespace headlight::bench
