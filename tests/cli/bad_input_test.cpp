#include <limits>

#include <gmock/gmock.h>

#include "tests/cli/process.h"

namespace headlight::test {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::string experiment(const std::string& members) {
  return R"({"type": "headlight/experiment", "version": 1, )" + members + "}";
}

/// Every subcommand that takes an experiment says the same of a bad one, and leaves nothing behind.
void expectRefused(const std::string& json, const std::vector<std::string>& said) {
  TemporaryFolder folder;
  const std::string file = folder.put("bad.headlight.json", json);
  const std::string out = folder.path("out");
  for (const std::vector<std::string>& line :
       std::vector<std::vector<std::string>>{{"check", file},
                                             {"describe", file},
                                             {"compute", file, "-o", out + ".npz"},
                                             {"export", file, "-o", out + ".svg"}}) {
    const ProcessResult result = headlight(line);
    EXPECT_EQ(result.code, 3) << line[0] << result.err;
    EXPECT_THAT(result.out, IsEmpty()) << line[0];
    EXPECT_THAT(result.err, StartsWith("headlight: ")) << line[0];
    EXPECT_THAT(result.err, HasSubstr("bad.headlight.json")) << line[0];
    for (const std::string& words : said) EXPECT_THAT(result.err, HasSubstr(words)) << line[0];
    EXPECT_LT(result.err.size(), 2000U) << line[0];
    EXPECT_EQ(filesIn(folder.path()).size(), 1U) << line[0];
  }
}

TEST(BadInput, EmptyText) {
  expectRefused(experiment(R"("tokens": {"text": ""})"), {"tokens"});
  expectRefused(experiment(R"("tokens": {"text": "  \n "})"), {"tokens"});
  EXPECT_EQ(headlight({"describe", "--text", ""}).code, 3);
}

TEST(BadInput, ArraysInsteadOfAnExperimentNameTheWay) {
  TemporaryFolder folder;
  const std::string npz = folder.path("mine.npz");
  ASSERT_EQ(headlight({"compute", "--text", "a b", "--stage", "q,k,v", "-o", npz}).code, 0);
  const ProcessResult result = headlight({"describe", npz});
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("found a file of arrays (.npz)"), HasSubstr("headlight new --qkv")));
  EXPECT_THAT(headlight({"check", folder.put("x.npy", "\x93NUMPY")}).err, HasSubstr("(.npy)"));
  const std::string safetensors = folder.path("mine.safetensors");
  ASSERT_EQ(headlight({"compute", "--text", "a b", "--stage", "q,k,v", "-o", safetensors}).code, 0);
  EXPECT_THAT(headlight({"describe", safetensors}).err,
              AllOf(HasSubstr("found a file of arrays (.safetensors)"), HasSubstr("headlight new --qkv")));
}

TEST(BadInput, NothingAtAll) {
  expectRefused("", {"byte 0", "found nothing, accepted is JSON"});
  expectRefused(" \n", {"white space"});
}

// The kernel's folders exist, yet answer "no such file".
TEST(BadInput, AFolderThatTakesNoFilesIsSaidToExist) {
  const ProcessResult result = headlight({"compute", "--text", "a b", "-o", "/proc/x.npz"});
  EXPECT_EQ(result.code, 4);
  EXPECT_THAT(result.err, AllOf(HasSubstr("/proc"), Not(HasSubstr("does not exist"))));
}

TEST(BadInput, TenMegabytesOfText) {
  std::string text;
  while (text.size() < 10'000'000) text += "word ";
  expectRefused(experiment(R"("tokens": {"text": ")" + text + "\"}"), {"tokens"});
}

TEST(BadInput, InvalidUtf8) {
  expectRefused(experiment("\"tokens\": {\"text\": \"ab\xff\"}"), {"UTF-8"});
  EXPECT_THAT(headlight({"describe", "--text", "ab\xff"}).code, AnyOf(2, 3));
}

TEST(BadInput, ATokenOfTenThousandCharactersIsShortenedNotRefused) {
  TemporaryFolder folder;
  const std::string json = experiment(R"("tokens": {"list": [")" + std::string(10'000, 'x') + R"(", "y"]})");
  const std::string file = folder.put("long.headlight.json", json);
  const ProcessResult told = headlight({"describe", file});
  EXPECT_EQ(told.code, 0) << told.err;
  EXPECT_LT(told.out.size(), 5000U);
  const ProcessResult table = headlight({"compute", file});
  EXPECT_EQ(table.code, 0) << table.err;
  EXPECT_LT(table.out.size(), 5000U);
  const ProcessResult figure = headlight({"export", file, "--layout", "heads", "-o", folder.path("a.png")});
  EXPECT_EQ(figure.code, 0) << figure.err;
}

TEST(BadInput, HeadsThatAreNoMultipleOfKvHeads) {
  expectRefused(experiment(R"("shape": {"heads": 4, "kv_heads": 3})"), {"4", "3"});
  EXPECT_EQ(headlight({"describe", "--heads", "4", "--kv-heads", "3"}).code, 3);
}

TEST(BadInput, SizesOfZeroAndOfTenToTheEighteenth) {
  for (const char* key : {"heads", "kv_heads", "d_k", "d_v", "d_model"}) {
    for (const char* size : {"0", "1000000000000000000", "-1", "1e30", "2.5"}) {
      expectRefused(experiment(std::string(R"("shape": {")") + key + "\": " + size + "}"), {key});
    }
  }
  expectRefused(experiment(R"("tokens": {"count": 1000000000000000000})"), {"count"});
  expectRefused(experiment(R"("tokens": {"count": 0})"), {"count"});
  EXPECT_EQ(headlight({"describe", "--heads", "1000000000000000000"}).code, 3);
  EXPECT_EQ(headlight({"describe", "--d-k", "0"}).code, 3);
  EXPECT_THAT(headlight({"describe", "--heads", "1000000000000000000000000"}).code, AnyOf(2, 3));
}

TEST(BadInput, SizesThatAreAllowedAloneButNotTogether) {
  expectRefused(
      experiment(R"("tokens": {"count": 1048576}, "shape": {"d_model": 65536, "heads": 1024, "d_k": 65536})"),
      {"shape"});
}

TEST(BadInput, NotFiniteNumbersInQkvAreToldAndComputed) {
  TemporaryFolder folder;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float inf = std::numeric_limits<float>::infinity();
  folder.put("q.npy", npyBytes({1, 3, 2}, {1, nan, 0, 1, inf, 0}));
  folder.put("k.npy", npyBytes({1, 3, 2}, {1, 0, -inf, 1, 0, 1}));
  folder.put("v.npy", npyBytes({1, 3, 2}, {nan, 0, 1, 1, 2, 2}));
  const std::string file = folder.put(
      "a.headlight.json",
      experiment(R"("source": {"kind": "qkv", "q": "q.npy", "k": "k.npy", "v": "v.npy", "layout": "htd"})"));
  for (const std::vector<std::string>& line : std::vector<std::vector<std::string>>{
           {"describe", file}, {"compute", file}, {"export", file, "-o", folder.path("a.png")}}) {
    const ProcessResult result = headlight(line);
    EXPECT_EQ(result.code, 0) << line[0] << result.err;
    EXPECT_THAT(result.err, HasSubstr("warning")) << line[0];
  }
  EXPECT_THAT(headlight({"compute", file}).out, HasSubstr("NaN"));
}

TEST(BadInput, ATruncatedNpz) {
  TemporaryFolder folder;
  ASSERT_EQ(
      headlight({"compute", "--text", "one two", "--stage", "q,k,v", "-o", folder.path("qkv.npz")}).code, 0);
  const std::string whole = readBytes(folder.path("qkv.npz"));
  for (const std::size_t length : {std::size_t{0}, std::size_t{3}, whole.size() / 2, whole.size() - 1}) {
    const std::string file = folder.put("cut.npz", whole.substr(0, length));
    const ProcessResult info = headlight({"info", file});
    EXPECT_EQ(info.code, 3) << length;
    EXPECT_THAT(info.err, HasSubstr("cut.npz"));
    ProcessOptions options;
    options.folder = folder.path();
    const ProcessResult made = headlight({"new", "--qkv", "cut.npz"}, options);
    EXPECT_EQ(made.code, 3) << length;
    EXPECT_THAT(made.err, HasSubstr("cut.npz"));
  }
  ProcessOptions options;
  options.folder = folder.path();
  EXPECT_EQ(headlight({"new", "--qkv", "qkv.npz"}, options).code, 0);
}

TEST(BadInput, AFolderInsteadOfAFile) {
  TemporaryFolder folder;
  for (const char* command : {"check", "describe", "compute", "info"}) {
    const ProcessResult result = headlight({command, folder.path()});
    EXPECT_EQ(result.code, 3) << command;
    EXPECT_THAT(result.err, HasSubstr("folder")) << command;
  }
  EXPECT_EQ(headlight({folder.path()}).code, 3);
  EXPECT_EQ(headlight({"export", folder.path(), "-o", folder.path("a.png")}).code, 3);
  const ProcessResult output =
      headlight({"export", "--text", "a b", "--out-dir", folder.path(), "-o", "x.png"});
  EXPECT_EQ(output.code, 2);
}

TEST(BadInput, AFolderInsteadOfAnOutput) {
  TemporaryFolder folder;
  folder.put("a.npz/keep", "");
  folder.put("a.svg/keep", "");
  EXPECT_EQ(headlight({"compute", "--text", "a b", "-f", "-o", folder.path("a.npz")}).code, 4);
  EXPECT_EQ(headlight({"export", "--text", "a b", "-f", "-o", folder.path("a.svg")}).code, 4);
}

TEST(BadInput, WhatIsNoExperiment) {
  expectRefused("", {});
  expectRefused("{", {"byte"});
  expectRefused("[1, 2]", {});
  expectRefused(R"({"type": "headlight/lesson", "version": 1})", {"type"});
  expectRefused(R"({"type": "headlight/experiment", "version": 99})", {"version"});
  expectRefused(experiment(R"("shape": {"heads": 2, "heads": 4})"), {"heads"});
  expectRefused(std::string("\x89PNG\r\n\x1a\n", 8) + "nothing", {});
  expectRefused(experiment("\"a\": " + std::string(200, '[') + std::string(200, ']')), {});
}

TEST(BadInput, ControlCharactersOfAFileDoNotReachTheTerminal) {
  TemporaryFolder folder;
  const std::string file =
      folder.put("a.headlight.json", experiment(R"("tokens": {"list": ["\u001b[31m", "b"]})"));
  for (const char* command : {"describe", "compute"}) {
    const ProcessResult result = headlight({command, file});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.out, Not(HasSubstr("\x1b"))) << command;
  }
  EXPECT_THAT(headlight({"check", "\x1b[31mred"}).err, Not(HasSubstr("\x1b")));
}

TEST(BadInput, AMissingTensorFileIsNamed) {
  expectRefused(experiment(R"("source": {"kind": "qkv", "file": "gone.npz"})"), {"gone.npz"});
}

}  // namespace
}  // namespace headlight::test
