#include "tests/cli/process.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace headlight::test {
namespace {

struct Pipe {
  int read = -1;
  int write = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) == 0) {
      read = ends[0];
      write = ends[1];
    }
  }
  static void close(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
};

/// A terminal instead of a pipe: what is written at its one end is read at the other.
void becomeTerminal(Pipe& pipe) {
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0) return;
  const int slave = ::open(::ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
  Pipe::close(pipe.read);
  Pipe::close(pipe.write);
  pipe.read = master;
  pipe.write = slave;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> list;
  list.reserve(words.size() + 1);
  for (std::string& word : words) list.push_back(word.data());
  list.push_back(nullptr);
  return list;
}

/// Moves bytes both ways until both outputs end or the time is over.
void exchange(Pipe& in, Pipe& out, Pipe& err, const ProcessOptions& options, pid_t child,
              ProcessResult& result) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  std::size_t given = 0;
  bool interrupted = false;
  while (out.read >= 0 || err.read >= 0) {
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count();
    const bool late = options.interruptAfterMs > 0 && passed >= options.interruptAfterMs;
    const bool said =
        !options.interruptAt.empty() && result.err.find(options.interruptAt) != std::string::npos;
    if (!interrupted && (late || said)) {
      ::kill(child, options.interruptWith);
      interrupted = true;
    }
    if (passed > options.seconds * 1000L) {
      result.timedOut = true;
      ::kill(child, SIGKILL);
      return;
    }
    if (given == options.input.size()) Pipe::close(in.write);
    pollfd ends[3] = {{out.read, POLLIN, 0}, {err.read, POLLIN, 0}, {in.write, POLLOUT, 0}};
    ::poll(ends, 3, 20);
    const auto take = [](pollfd& end, int& descriptor, std::string& text) {
      if (descriptor < 0 || (end.revents & (POLLIN | POLLHUP)) == 0) return;
      char buffer[65536];
      const ssize_t count = ::read(descriptor, buffer, sizeof buffer);
      if (count > 0) text.append(buffer, static_cast<std::size_t>(count));
      // A terminal that nobody holds any more ends in an error.
      if (count == 0 || (count < 0 && errno == EIO)) Pipe::close(descriptor);
    };
    take(ends[0], out.read, result.out);
    take(ends[1], err.read, result.err);
    if (in.write >= 0 && (ends[2].revents & POLLERR) != 0) Pipe::close(in.write);
    if (in.write >= 0 && (ends[2].revents & POLLOUT) != 0) {
      const ssize_t count = ::write(in.write, options.input.data() + given, options.input.size() - given);
      if (count > 0) given += static_cast<std::size_t>(count);
      if (count < 0) given = options.input.size();
    }
  }
}

}  // namespace

ProcessResult runProcess(const std::string& program, const std::vector<std::string>& arguments,
                         const ProcessOptions& options) {
  std::signal(SIGPIPE, SIG_IGN);
  Pipe in;
  Pipe out;
  Pipe err;
  if (options.terminal) becomeTerminal(err);
  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables = options.environment;
  for (const std::string name : {"ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"}) {
    if (const char* told = std::getenv(name.c_str())) variables.push_back(name + "=" + told);
  }
  std::vector<char*> argv = pointers(words);
  std::vector<char*> envp = pointers(variables);
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGPIPE, SIG_DFL);
    if (!options.folder.empty() && ::chdir(options.folder.c_str()) != 0) ::_exit(126);
    ::dup2(in.read, STDIN_FILENO);
    const int file = options.outputPath.empty() ? out.write : ::open(options.outputPath.c_str(), O_WRONLY);
    ::dup2(file, STDOUT_FILENO);
    ::dup2(err.write, STDERR_FILENO);
    ::execve(program.c_str(), argv.data(), envp.data());
    ::_exit(127);
  }
  Pipe::close(in.read);
  Pipe::close(out.write);
  Pipe::close(err.write);
  if (in.write >= 0) ::fcntl(in.write, F_SETFL, O_NONBLOCK);
  if (options.closeStdoutEarly) Pipe::close(out.read);
  ProcessResult result;
  exchange(in, out, err, options, child, result);
  int status = 0;
  ::waitpid(child, &status, 0);
  result.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  Pipe::close(in.write);
  Pipe::close(out.read);
  Pipe::close(err.read);
  return result;
}

ProcessResult headlight(const std::vector<std::string>& arguments, const ProcessOptions& options) {
  const char* other = std::getenv("HEADLIGHT_PROGRAM");
  return runProcess(other != nullptr ? other : HEADLIGHT_BINARY_DIR "/headlight", arguments, options);
}

std::string readBytes(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

bool fileExists(const std::string& path) {
  return std::filesystem::exists(path);
}

std::vector<std::string> filesIn(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string npyBytes(const std::vector<long>& shape, const std::vector<float>& values) {
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (";
  for (const long length : shape) header += std::to_string(length) + ",";
  header += "), }";
  while ((10 + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size() & 0xff);
  bytes += static_cast<char>(header.size() >> 8);
  bytes += header;
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
  return bytes;
}

}  // namespace headlight::test
