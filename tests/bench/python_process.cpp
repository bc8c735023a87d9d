#include "tests/bench/python_process.h"

#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace headlight::bench {

PythonProcess::PythonProcess(const char* chooser, const char* script,
                             const std::map<std::string, std::string>& more) {
  int toChild[2];
  int fromChild[2];
  if (pipe2(toChild, O_CLOEXEC) != 0) return;
  if (pipe2(fromChild, O_CLOEXEC) != 0) {
    close(toChild[0]);
    close(toChild[1]);
    return;
  }
  const char* named = std::getenv(chooser);
  const std::string python = named != nullptr && *named != 0 ? named : "python3";
  pid_ = fork();
  if (pid_ == 0) {
    dup2(toChild[0], STDIN_FILENO);
    dup2(fromChild[1], STDOUT_FILENO);
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDERR_FILENO);
    for (const auto& [name, value] : more) setenv(name.c_str(), value.c_str(), 1);
    execlp(python.c_str(), python.c_str(), script, nullptr);
    _exit(127);
  }
  close(toChild[0]);
  close(fromChild[1]);
  input_ = toChild[1];
  output_ = fromChild[0];
  std::signal(SIGPIPE, SIG_IGN);
  hello_ = readLine();
  if (hello_.empty()) stop();
}

PythonProcess::~PythonProcess() {
  stop();
}

std::string PythonProcess::ask(const std::string& line) {
  if (!alive()) return "";
  const std::string sent = line + "\n";
  std::string answer;
  if (write(input_, sent.data(), sent.size()) == static_cast<ssize_t>(sent.size())) answer = readLine();
  if (answer.empty()) stop();
  return answer;
}

void PythonProcess::stop() {
  if (input_ >= 0) close(input_);
  if (output_ >= 0) close(output_);
  input_ = output_ = -1;
  if (pid_ > 0) waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::string PythonProcess::readLine() {
  while (rest_.find('\n') == std::string::npos) {
    char bytes[4096];
    const ssize_t count = read(output_, bytes, sizeof bytes);
    if (count <= 0) return "";
    rest_.append(bytes, static_cast<std::size_t>(count));
  }
  std::string line = rest_.substr(0, rest_.find('\n'));
  rest_.erase(0, line.size() + 1);
  return line;
}

std::string textIn(const std::string& line, const std::string& name) {
  const std::size_t key = line.find("\"" + name + "\":");
  if (key == std::string::npos) return "";
  const std::size_t begin = line.find('"', line.find(':', key)) + 1;
  return line.substr(begin, line.find('"', begin) - begin);
}

double numberIn(const std::string& line, const std::string& name) {
  const std::size_t key = line.find("\"" + name + "\":");
  return key == std::string::npos ? 0 : std::strtod(line.c_str() + line.find(':', key) + 1, nullptr);
}

}  // namespace headlight::bench
