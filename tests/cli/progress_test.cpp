#include <gmock/gmock.h>

#include "tests/cli/process.h"

namespace headlight::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// Takes longer than any of the tests waits for it.
const std::vector<std::string> kLong{"describe", "--set", "tokens.count=120000", "--heads", "8"};

ProcessOptions until(const std::string& words) {
  ProcessOptions options;
  options.terminal = true;
  options.interruptAt = words;
  return options;
}

TEST(ProgressLine, TellsTheShareThatIsDoneOnATerminal) {
  const ProcessResult result = headlight(kLong, until(" %"));
  EXPECT_EQ(result.code, 130) << result.err;
  EXPECT_THAT(result.err, ContainsRegex("computing [0-9]+ % "));
  EXPECT_THAT(result.out, IsEmpty());
}

TEST(ProgressLine, IsWipedAtTheEnd) {
  const ProcessResult result = headlight(kLong, until("computing"));
  EXPECT_THAT(result.err, HasSubstr("computing"));
  const std::string last = result.err.substr(result.err.rfind("computing"));
  EXPECT_THAT(last, HasSubstr("\r"));
  EXPECT_THAT(last, HasSubstr("interrupted"));
}

TEST(ProgressLine, IsSilentAwayFromATerminalAndWhenAskedTo) {
  ProcessOptions away;
  away.interruptAfterMs = 1500;
  EXPECT_THAT(headlight(kLong, away).err, Not(HasSubstr("computing")));
  std::vector<std::string> quiet = kLong;
  quiet.emplace_back("-q");
  away.terminal = true;
  EXPECT_THAT(headlight(quiet, away).err, Not(HasSubstr("computing")));
}

}  // namespace
}  // namespace headlight::test
