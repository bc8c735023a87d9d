#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/process.h"

namespace headlight::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

const std::string kEndings[] = {".png", ".svg", ".pdf"};

/// An experiment in work/, which reads work/arrays/qkv files, and an empty cache.
class Carried : public testing::Test {
 protected:
  Carried() {
    fs::create_directories(folder_.path("work/arrays"));
    fs::create_directories(folder_.path("out"));
    std::vector<float> values;
    for (int i = 0; i < 2 * 3 * 4; ++i) values.push_back(static_cast<float>(i % 7) - 3);
    folder_.put("work/arrays/q.npy", npyBytes({2, 3, 4}, values));
    folder_.put("work/arrays/k.npy", npyBytes({2, 3, 4}, values));
    folder_.put("work/who.headlight.json", R"({"type": "headlight/experiment", "version": 1,
      "tokens": {"text": "it was tired"}, "source": {"kind": "qkv", "q": "arrays/q.npy", "k": "arrays/k.npy"}})");
    options_.folder = folder_.path();
    options_.environment = {"XDG_CACHE_HOME=" + folder_.path("cache"), "HOME=" + folder_.path()};
  }

  ProcessResult run(const std::vector<std::string>& arguments) const {
    return headlight(arguments, options_);
  }
  void exportAll(const std::string& option) const {
    std::vector<std::string> arguments{
        "export", "work/who.headlight.json", "--format", "png,svg,pdf", "--out-dir", "out"};
    if (!option.empty()) arguments.push_back(option);
    const ProcessResult made = run(arguments);
    ASSERT_EQ(made.code, 0) << made.err;
  }
  std::string figure(const std::string& ending) const {
    for (const auto& entry : fs::directory_iterator(folder_.path("out")))
      if (entry.path().extension() == ending) return entry.path().string();
    return "none";
  }
  std::string numbers(const std::string& file) const {
    const ProcessResult result = run({"compute", file, "--stage", "weights", "-o", "-"});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(result.err, "") << file;
    return result.out;
  }

  TemporaryFolder folder_;
  ProcessOptions options_;
};

TEST_F(Carried, AFigureOfAnyFormatIsItsExperiment) {
  exportAll("");
  const std::string expected = numbers("work/who.headlight.json");
  for (const std::string& ending : kEndings) EXPECT_EQ(numbers(figure(ending)), expected) << ending;
  EXPECT_FALSE(fileExists(folder_.path("cache")));
  // From stdin the files are sought where one stands.
  for (const std::string& ending : kEndings) {
    ProcessOptions piped = options_;
    piped.folder = folder_.path("out");
    piped.input = readBytes(figure(ending));
    EXPECT_EQ(headlight({"compute", "-", "--stage", "weights", "-o", "-"}, piped).out, expected) << ending;
  }
}

TEST_F(Carried, WithItsFilesInsideItNeedsNoOther) {
  const std::string expected = numbers("work/who.headlight.json");
  exportAll("--embed-data");
  for (const std::string& ending : kEndings) EXPECT_EQ(numbers(figure(ending)), expected) << ending;
  EXPECT_FALSE(fileExists(folder_.path("cache"))) << "unpacked though all is there";
  fs::remove_all(folder_.path("work"));
  for (const std::string& ending : kEndings) EXPECT_EQ(numbers(figure(ending)), expected) << ending;
  // Drawn again out of the cache it is the same figure.
  const std::string first = readBytes(figure(".svg"));
  const ProcessResult again = run({"export", figure(".pdf"), "--embed-data", "--format", "svg", "-o", "-"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(again.out.substr(again.out.find("</metadata>")), first.substr(first.find("</metadata>")));
}

TEST_F(Carried, WithoutACacheItSaysSo) {
  exportAll("--embed-data");
  fs::remove_all(folder_.path("work"));
  folder_.put("cache", "a file");
  const ProcessResult result = run({"compute", figure(".pdf"), "--stage", "weights", "-o", "-"});
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.err, HasSubstr("The files that the figure carries are not used"));
}

TEST_F(Carried, WithoutItsFilesItNamesThem) {
  exportAll("");
  fs::remove_all(folder_.path("work"));
  for (const std::string& ending : kEndings) {
    const ProcessResult result = run({"compute", figure(ending), "--stage", "weights", "-o", "-"});
    EXPECT_EQ(result.code, 3) << ending;
    EXPECT_THAT(result.err, HasSubstr("SHA-256")) << ending;
    EXPECT_THAT(result.err, HasSubstr("q.npy")) << ending;
  }
}

TEST_F(Carried, StrippedItIsNoExperiment) {
  exportAll("--strip");
  for (const std::string& ending : kEndings) {
    const ProcessResult result = run({"check", figure(ending)});
    EXPECT_EQ(result.code, 3);
    EXPECT_THAT(result.err, HasSubstr("carries no experiment")) << ending;
  }
}

TEST_F(Carried, FilesBeyondTheLimitAreAnErrorThatNamesThem) {
  folder_.put("work/arrays/q.npy", npyBytes({8, 3, 65536}, std::vector<float>(std::size_t{3} << 19)));
  folder_.put("work/arrays/k.npy", npyBytes({8, 3, 65536}, std::vector<float>(std::size_t{3} << 19)));
  const ProcessResult result = run({"export", "work/who.headlight.json", "--embed-data", "-o", "out/a.png"});
  EXPECT_NE(result.code, 0);
  EXPECT_THAT(result.err, HasSubstr("at most 8.0 MiB"));
  EXPECT_FALSE(fileExists(folder_.path("out/a.png")));
}

}  // namespace
}  // namespace headlight::test
