#pragma once
#include <map>
#include <string>

namespace headlight::bench {

/// A Python program that runs beside us, waits between its turns and answers a line with a line.
class PythonProcess {
 public:
  /// `chooser`: the environment variable that names the interpreter, else python3. `more`: added to its
  /// environment. Its first line is `hello()`; without one it is not alive.
  PythonProcess(const char* chooser, const char* script, const std::map<std::string, std::string>& more = {});
  ~PythonProcess();
  PythonProcess(const PythonProcess&) = delete;
  PythonProcess& operator=(const PythonProcess&) = delete;

  bool alive() const { return input_ >= 0; }
  const std::string& hello() const { return hello_; }
  /// The answer to a line; "" when it is not alive (any more).
  std::string ask(const std::string& line);

 private:
  std::string readLine();
  void stop();

  int pid_ = -1;
  int input_ = -1;   ///< where we write
  int output_ = -1;  ///< where we read
  std::string rest_;
  std::string hello_;
};

/// The text or the number behind "name": in a line of JSON that knows no escapes; "" and 0 where there is
/// none.
std::string textIn(const std::string& line, const std::string& name);
double numberIn(const std::string& line, const std::string& name);

}  // namespace headlight::bench
