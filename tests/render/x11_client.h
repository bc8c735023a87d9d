#pragma once
#include <memory>
#include <optional>
#include <string>

namespace headlight::test {

/// Any program that pastes: asks the owner of the selection CLIPBOARD.
class X11Client {
 public:
  X11Client();
  ~X11Client();
  X11Client(const X11Client&) = delete;
  X11Client& operator=(const X11Client&) = delete;

  /// The bytes of a target; nothing when it is refused or five seconds pass.
  std::optional<std::string> paste(const char* target);
  /// Takes the clipboard away from whoever has it.
  void own();
  /// Asks, and is gone before there is an answer.
  void askAndLeave(const char* target);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace headlight::test
