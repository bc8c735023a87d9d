#pragma once
#include <atomic>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <time.h>

#include "app/session/session.h"
#include "core/experiment/examples.h"
#include "core/experiment/json.h"
#include "core/experiment/parameters.h"
#include "tests/temporary_folder.h"

namespace headlight::test {

/// Dialogs that the test answers by hand.
class FakeDialogs : public FileDialogs {
 public:
  bool available() const override { return isAvailable; }
  void ask(const DialogRequest& request, std::function<void(std::optional<std::string>)> answer) override {
    asked.push_back(request);
    answers.push_back(std::move(answer));
  }
  bool isAvailable = true;
  std::vector<DialogRequest> asked;
  std::vector<std::function<void(std::optional<std::string>)>> answers;
};

class FakeClipboard : public Clipboard {
 public:
  void setText(const std::string& text) override { content = text; }
  std::string text() override { return content; }
  std::string content;
};

/// Processor time of the calling thread, in seconds.
inline double threadSeconds() {
  timespec spent{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return static_cast<double>(spent.tv_sec) + 1e-9 * static_cast<double>(spent.tv_nsec);
}

/// A session under a temporary home with a clock that the test turns.
class SessionTest : public testing::Test {
 protected:
  SessionSeams seams() {
    SessionSeams made;
    made.seconds = [this] { return clock.load(); };
    made.wake = [this] { ++wakes; };
    made.folders = Folders::under(home.path() + "/home");
    made.dialogs = &dialogs;
    made.clipboard = &clipboard;
    made.threads = 2;
    return made;
  }
  /// A session that has opened its first document.
  Session& open() {
    session = std::make_unique<Session>(seams());
    session->settle();
    return *session;
  }
  std::string inHome(const std::string& name) const { return home.path() + "/" + name; }
  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(inHome(name), std::ios::binary) << bytes;
  }
  std::string read(const std::string& name) const {
    std::ifstream file(inHome(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void drag(const std::string& id, const std::vector<Value>& values) {
    for (const Value& value : values) session->change(id, value, Phase::live);
    session->commit();
  }
  std::int64_t integer(const std::string& id) const { return get(session->experiment(), id)->integer(); }

  TemporaryFolder home;
  std::atomic<double> clock{1000};
  std::atomic<int> wakes{0};
  FakeDialogs dialogs;
  FakeClipboard clipboard;
  std::unique_ptr<Session> session;
};

}  // namespace headlight::test
