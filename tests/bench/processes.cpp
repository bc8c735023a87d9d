#include "tests/bench/processes.h"

#include <array>
#include <chrono>
#include <cstdlib>
#include <sstream>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace headlight::bench {
namespace {

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> list;
  for (std::string& word : words) list.push_back(word.data());
  list.push_back(nullptr);
  return list;
}

std::string readAll(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer;
  for (;;) {
    const ssize_t got = read(descriptor, buffer.data(), buffer.size());
    if (got <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return text;
}

}  // namespace

VirtualDisplay::VirtualDisplay() {
  int channel[2];
  if (pipe(channel) != 0) return;
  std::vector<std::string> words{
      "Xvfb", "-displayfd", std::to_string(channel[1]), "-screen", "0", "1920x1200x24", "-nolisten", "tcp"};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  pid_t pid = 0;
  const bool started = posix_spawnp(&pid, "Xvfb", &actions, nullptr, pointers(words).data(), environ) == 0;
  posix_spawn_file_actions_destroy(&actions);
  close(channel[1]);
  if (started) {
    pid_ = pid;
    std::array<char, 16> number{};
    const ssize_t got = read(channel[0], number.data(), number.size() - 1);
    if (got > 0) display_ = ":" + std::to_string(std::atoi(number.data()));
  }
  close(channel[0]);
}

VirtualDisplay::~VirtualDisplay() {
  if (pid_ == 0) return;
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
}

Finished runProgram(const std::vector<std::string>& arguments, const std::string& display) {
  std::vector<std::string> words{HEADLIGHT_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (text.rfind("DISPLAY=", 0) != 0 && text.rfind("WAYLAND_DISPLAY=", 0) != 0) environment.push_back(text);
  }
  if (!display.empty()) environment.push_back("DISPLAY=" + display);

  Finished finished;
  int channel[2];
  if (pipe(channel) != 0) return finished;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, channel[1], 2);
  posix_spawn_file_actions_addclose(&actions, channel[0]);
  const auto begin = std::chrono::steady_clock::now();
  pid_t pid = 0;
  const bool started = posix_spawn(&pid, words[0].c_str(), &actions, nullptr, pointers(words).data(),
                                   pointers(environment).data()) == 0;
  posix_spawn_file_actions_destroy(&actions);
  close(channel[1]);
  if (started) {
    std::istringstream lines(readAll(channel[0]));
    int status = 0;
    waitpid(pid, &status, 0);
    finished.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    std::string line;
    while (std::getline(lines, line)) {
      std::istringstream parts(line);
      std::string word;
      if (!(parts >> word) || word != "measure:") continue;
      while (parts >> word) {
        const std::size_t equals = word.find('=');
        if (equals == std::string::npos) continue;
        finished.measured[word.substr(0, equals)] = std::strtod(word.c_str() + equals + 1, nullptr);
      }
    }
  }
  finished.milliseconds =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  close(channel[0]);
  return finished;
}

}  // namespace headlight::bench
