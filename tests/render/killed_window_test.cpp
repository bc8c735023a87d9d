#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/experiment/json.h"
#include "tests/render/virtual_display.h"
#include "tests/temporary_folder.h"

namespace headlight::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// The program itself in a process of its own, with its folders under `home`.
class Program {
 public:
  Program(const fs::path& home, std::vector<std::string> words) {
    std::string program = HEADLIGHT_BINARY_DIR "/headlight";
    process_ = fork();
    if (process_ != 0) return;
    setenv("HOME", home.c_str(), 1);
    for (const char* variable :
         {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "DBUS_SESSION_BUS_ADDRESS"})
      unsetenv(variable);
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 2);
    arguments.push_back(program.data());
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    execv(program.c_str(), arguments.data());
    _exit(127);
  }
  ~Program() {
    if (process_ > 0) end(SIGKILL);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  bool runs() {
    if (process_ <= 0) return false;
    if (waitpid(process_, nullptr, WNOHANG) == 0) return true;
    process_ = -1;
    return false;
  }
  void end(int signal) {
    kill(process_, signal);
    waitpid(process_, nullptr, 0);
    process_ = -1;
  }

 private:
  pid_t process_ = -1;
};

std::string readAll(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// All files of the folder whose names end so, one behind the other.
std::string contents(const fs::path& folder, const std::string& ending) {
  std::string all;
  std::error_code failure;
  for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    if (entry->path().string().ends_with(ending)) all += readAll(entry->path());
  }
  return all;
}

/// Seconds until it is so; a negative number when it is not within `most`.
double until(double most, const std::function<bool()>& is) {
  const auto start = std::chrono::steady_clock::now();
  while (true) {
    const double passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (is()) return passed;
    if (passed > most) return -1;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

class KilledWindow : public testing::Test {
 protected:
  void SetUp() override {
    unsetenv("WAYLAND_DISPLAY");
    setenv("LIBGL_ALWAYS_SOFTWARE", "1", 1);
  }
  fs::path state() const { return home_.path(".local/state/headlight"); }

  TemporaryFolder home_;
};

TEST_F(KilledWindow, ComesBackWithTheWorkOfTenSecondsAgo) {
  const VirtualDisplay display;
  ASSERT_EQ(display.error(), "");
  const fs::path file = home_.path("mine.headlight.json");
  std::ofstream(file) << toText(Experiment());
  {
    Program program(home_.path(),
                    {file.string(), "--act", "shape.d_k=24", "--act", "title=before the crash"});
    const auto kept = [&] {
      return contents(state(), ".autosave").find("before the crash") != std::string::npos;
    };
    // The window needs some seconds to open on software OpenGL; from the change on it has ten.
    const double took = until(60, kept);
    ASSERT_GE(took, 0) << "nothing was kept safe";
    ASSERT_TRUE(program.runs());
    program.end(SIGKILL);
  }
  EXPECT_EQ(readAll(file).find("before the crash"), std::string::npos) << "the file itself was not touched";
  {
    // What came back is saved to where it belongs: the proof that it is the document of the window.
    Program program(home_.path(), {"--act", "document.save"});
    const auto saved = [&] { return readAll(file).find("before the crash") != std::string::npos; };
    ASSERT_GE(until(60, saved), 0) << "the restored window did not hold the change";
    EXPECT_THAT(readAll(file), HasSubstr("\"d_k\": 24"));
    // Saved is saved: nothing is left to be restored, and the next start begins where this one was.
    const auto cleared = [&] { return contents(state(), ".autosave").empty(); };
    EXPECT_GE(until(10, cleared), 0);
    program.end(SIGKILL);
  }
  EXPECT_THAT(contents(state(), "last.session"), HasSubstr("mine.headlight.json"));
}

TEST_F(KilledWindow, ATypedWordSurvivesThoughItWasNeverCommitted) {
  const VirtualDisplay display;
  ASSERT_EQ(display.error(), "");
  Program program(home_.path(), {"--act", "tokens.text=a sentence that nobody saved"});
  const auto kept = [&] { return contents(state(), ".autosave").find("nobody saved") != std::string::npos; };
  ASSERT_GE(until(60, kept), 0);
  program.end(SIGKILL);
  Program again(home_.path(), {"--act", "title=restored"});
  const auto both = [&] {
    const std::string now = contents(state(), ".autosave");
    return now.find("nobody saved") != std::string::npos && now.find("restored") != std::string::npos;
  };
  EXPECT_GE(until(60, both), 0);
  again.end(SIGTERM);
}

}  // namespace
}  // namespace headlight::test
