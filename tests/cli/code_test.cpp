// Scenario codes on the command line: made, read wherever a FILE is, and refused with words.
#include <algorithm>

#include <gmock/gmock.h>

#include "core/experiment/json.h"
#include "tests/cli/process.h"

namespace headlight::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string codeOf(const std::vector<std::string>& words) {
  std::vector<std::string> all{"code"};
  all.insert(all.end(), words.begin(), words.end());
  const ProcessResult made = headlight(all);
  EXPECT_EQ(made.code, 0) << made.err;
  return made.out.substr(0, made.out.find('\n'));
}

TEST(CodeCommand, PrintsTheCodeAndReadsItBack) {
  const std::string code = codeOf({"--text", "it was tired", "--heads", "2", "--mask", "causal"});
  EXPECT_THAT(code, StartsWith("headlight:1:"));
  const ProcessResult decoded = headlight({"code", "--decode", code});
  EXPECT_EQ(decoded.code, 0) << decoded.err;
  EXPECT_EQ(decoded.out,
            headlight({"new", "--text", "it was tired", "--heads", "2", "--mask", "causal"}).out);
}

TEST(CodeCommand, CodesAreFilesOfEveryCommand) {
  const TemporaryFolder folder;
  const std::string code = codeOf({"--text", "it was tired", "--heads", "2"});
  const ProcessResult described = headlight({"describe", code});
  EXPECT_EQ(described.code, 0) << described.err;
  EXPECT_EQ(described.out, headlight({"describe", "--text", "it was tired", "--heads", "2"}).out);
  EXPECT_EQ(headlight({"check", code}).code, 0);
  EXPECT_EQ(headlight({"export", code, "--out-dir", folder.path("figures")}).code, 0);
  // In a file, over several lines, and from stdin.
  const std::string file = folder.put("code.txt", code.substr(0, 30) + "\n  " + code.substr(30) + "\r\n");
  EXPECT_EQ(headlight({"describe", file}).out, described.out);
  ProcessOptions options;
  options.input = code;
  EXPECT_EQ(headlight({"describe", "-"}, options).out, described.out);
}

TEST(CodeCommand, OfFilesAreNamedAndRefused) {
  const TemporaryFolder folder;
  const std::string code = codeOf({"--text", "it was tired"});
  const ProcessResult cut = headlight({"describe", code.substr(0, code.size() - 3)});
  EXPECT_EQ(cut.code, 3);
  EXPECT_THAT(cut.err, HasSubstr("the end of the code is missing"));
  std::string mistyped = code;
  mistyped[15] = mistyped[15] == 'A' ? 'B' : 'A';
  const ProcessResult wrong = headlight({"compute", mistyped});
  EXPECT_EQ(wrong.code, 3);
  EXPECT_THAT(wrong.err, HasSubstr("mistyped"));
  // The window refuses it before it looks for a display, in the same words.
  const ProcessResult window = headlight({mistyped});
  EXPECT_EQ(window.code, 3);
  EXPECT_EQ(window.err, wrong.err);
  const std::string file =
      folder.put("mine.headlight.json",
                 R"({"type": "headlight/experiment", "version": 1, "tokens": {"count": 2},
          "mask": {"kind": "tensor", "tensor": "mask.npy", "meaning": "keep"}})");
  EXPECT_EQ(headlight({file, mistyped}).code, 3);
  const ProcessResult refused = headlight({"code", file});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr("mask.npy"));
}

TEST(CodeCommand, SpeaksJson) {
  const ProcessResult made = headlight({"code", "--text", "so", "--json"});
  const auto line = parseJson(made.out);
  ASSERT_TRUE(line);
  EXPECT_THAT(line->find("code")->string(), StartsWith("headlight:1:"));
}

}  // namespace
}  // namespace headlight::test
