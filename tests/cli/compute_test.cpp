#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/hash.h"
#include "core/experiment/json.h"
#include "core/files/tensor_file.h"
#include "tests/cli/process.h"

namespace headlight::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;
using testing::Not;

const std::vector<std::string> kSmall{"--text", "one two three", "--heads", "2", "--d-k",
                                      "4",      "--mask",        "causal"};

std::vector<std::string> line(const std::string& command, std::vector<std::string> more,
                              const std::vector<std::string>& experiment = kSmall) {
  more.insert(more.begin(), command);
  more.insert(more.end(), experiment.begin(), experiment.end());
  return more;
}

std::vector<std::string> names(const TensorFile& file) {
  std::vector<std::string> list;
  for (const TensorInfo& tensor : file.tensors()) list.push_back(tensor.name);
  return list;
}

TEST(Compute, WritesEveryStageAndRowQuantityByItsName) {
  TemporaryFolder folder;
  const std::string out = folder.path("a.npz");
  const ProcessResult result = headlight(line("compute", {"-o", out}));
  ASSERT_EQ(result.code, 0) << result.err;
  const Result<TensorFile> file = TensorFile::open(out);
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_THAT(names(*file),
              ElementsAre("input", "q", "k", "v", "dot", "scaled", "biased", "masked", "weights",
                          "value_weighted", "head_output", "concat", "contribution", "output", "row_max",
                          "lse", "entropy", "effective_keys", "kept_keys"));
  const Result<Tensor> weights = file->read("weights", Precision::float32);
  ASSERT_TRUE(weights);
  EXPECT_THAT(weights->shape, ElementsAre(2, 3, 3));
  EXPECT_EQ(weights->floats[0], 1.0F);
  EXPECT_EQ(weights->floats[1], 0.0F);
  const Result<Tensor> kept = file->read("kept_keys", Precision::float32);
  ASSERT_TRUE(kept);
  EXPECT_THAT(kept->floats, ElementsAre(1, 2, 3, 1, 2, 3));
  EXPECT_EQ(file->find("weights")->dtype, "float32");
  EXPECT_THAT(filesIn(folder.path()), ElementsAre("a.npz"));
}

TEST(Compute, TheThresholdIsThereForTheNormalizersThatHaveOne) {
  TemporaryFolder folder;
  for (const char* normalizer : {"sparsemax", "entmax15"}) {
    const std::string out = folder.path(std::string(normalizer) + ".npz");
    ASSERT_EQ(headlight(line("compute", {"-o", out, "--set", std::string("normalizer=") + normalizer})).code,
              0);
    const Result<TensorFile> file = TensorFile::open(out);
    ASSERT_TRUE(file);
    const auto masked = file->read("masked", Precision::float32);
    const auto weights = file->read("weights", Precision::float32);
    const auto threshold = file->read("threshold", Precision::float32);
    ASSERT_TRUE(masked && weights && threshold) << normalizer;
    ASSERT_THAT(threshold->shape, ElementsAre(2, 3));
    for (std::size_t n = 0; n < weights->floats.size(); ++n) {
      const float t = threshold->floats[n / 3];
      const bool sparse = std::string(normalizer) == "sparsemax";
      const float above = std::max((sparse ? masked->floats[n] : masked->floats[n] / 2) - t, 0.0F);
      EXPECT_NEAR(weights->floats[n], sparse ? above : above * above, 1e-6F) << normalizer << " " << n;
    }
  }
  const ProcessResult none = headlight(line("compute", {"--stage", "threshold"}));
  EXPECT_EQ(none.code, 3);
  EXPECT_THAT(none.err, AllOf(HasSubstr("threshold is absent"), HasSubstr("softmax")));
}

TEST(Compute, ASelectionIsTheSameNumbersOfAPart) {
  TemporaryFolder folder;
  ASSERT_EQ(headlight(line("compute", {"-o", folder.path("all.npz")})).code, 0);
  ASSERT_EQ(headlight(line("compute", {"-o", folder.path("part.npz"), "--stage", "weights,q,k", "--head", "1",
                                       "--rows", "1:", "--cols", ":2"}))
                .code,
            0);
  const auto all = TensorFile::open(folder.path("all.npz"));
  const auto part = TensorFile::open(folder.path("part.npz"));
  ASSERT_TRUE(all && part);
  EXPECT_THAT(names(*part), ElementsAre("q", "k", "weights"));
  const auto whole = all->read("weights", Precision::float32);
  const auto block = part->read("weights", Precision::float32);
  ASSERT_TRUE(whole && block);
  EXPECT_THAT(block->shape, ElementsAre(1, 2, 2));
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t j = 0; j < 2; ++j)
      EXPECT_EQ(block->floats[i * 2 + j], whole->floats[9 + (i + 1) * 3 + j]);
  }
  EXPECT_THAT(part->find("q")->shape, ElementsAre(1, 3, 4));
  EXPECT_THAT(part->find("k")->shape, ElementsAre(2, 3, 4));
}

TEST(Compute, TheMeanKeepsItsAxis) {
  TemporaryFolder folder;
  ASSERT_EQ(headlight(line("compute", {"-o", folder.path("all.npz")})).code, 0);
  ASSERT_EQ(headlight(line("compute", {"-o", folder.path("mean.npz"), "--head", "mean"})).code, 0);
  const auto all = TensorFile::open(folder.path("all.npz"));
  const auto mean = TensorFile::open(folder.path("mean.npz"));
  ASSERT_TRUE(all && mean);
  for (const char* name : {"weights", "q", "head_output", "entropy"}) {
    const auto heads = all->read(name, Precision::float32);
    const auto one = mean->read(name, Precision::float32);
    ASSERT_TRUE(heads && one) << name;
    ASSERT_EQ(one->shape.front(), 1) << name;
    for (std::size_t n = 0; n < one->floats.size(); ++n) {
      EXPECT_NEAR(one->floats[n], (heads->floats[n] + heads->floats[n + one->floats.size()]) / 2, 1e-6F)
          << name;
    }
  }
}

TEST(Compute, Float64IsTheReferenceInDouble) {
  TemporaryFolder folder;
  const std::string fast = folder.path("fast.npz");
  const std::string slow = folder.path("slow.npz");
  ASSERT_EQ(headlight(line("compute", {"-o", fast})).code, 0);
  const ProcessResult result = headlight(line("compute", {"-o", slow, "--float64"}));
  ASSERT_EQ(result.code, 0) << result.err;
  const auto file = TensorFile::open(slow);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->find("weights")->dtype, "float64");
  EXPECT_EQ(names(*file), names(*TensorFile::open(fast)));
  const ProcessResult same = headlight(line("compute", {"--against", slow}));
  EXPECT_EQ(same.code, 0) << same.err << same.out;
  const ProcessResult part =
      headlight(line("compute", {"--float64", "--head", "1", "--rows", "1:3", "--stage", "weights,v,lse",
                                 "-o", folder.path("part.npz")}));
  ASSERT_EQ(part.code, 0) << part.err;
  EXPECT_EQ(headlight(line("compute", {"--head", "1", "--rows", "1:3", "--against", folder.path("part.npz"),
                                       "--stage", "weights,v,lse"}))
                .code,
            0);
}

TEST(Compute, TheTableHasTheTokensOnBothAxesAndSaysWhatIsMasked) {
  const ProcessResult result = headlight(line("compute", {}));
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("weights [2, 3, 3]"), HasSubstr("H0"), HasSubstr("H1"),
                                HasSubstr("three"), HasSubstr("1.000"), HasSubstr("·"), HasSubstr("masked")));
  EXPECT_THAT(result.out, Not(HasSubstr("Only a part")));
}

TEST(Compute, TheTableOfALongSequenceIsThinAndSaysSo) {
  const ProcessResult result = headlight({"compute", "--set", "tokens.count=300", "--heads", "2"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("of 300"));
  EXPECT_THAT(result.out, HasSubstr("Only a part is shown"));
  EXPECT_LT(result.out.size(), 20000U);
  EXPECT_THAT(headlight({"compute", "--set", "tokens.count=300", "--rows", "290:", "--cols", "0:4"}).out,
              HasSubstr("299"));
}

TEST(Compute, AgainstFindsTheLargestDifferenceAndItsPlace) {
  TemporaryFolder folder;
  ASSERT_EQ(headlight(line("compute", {"-o", folder.path("a.npz")})).code, 0);
  const ProcessResult same =
      headlight(line("compute", {"--against", folder.path("a.npz"), "--tolerance", "0"}));
  EXPECT_EQ(same.code, 0) << same.out << same.err;
  const std::vector<std::string> other{
      "--text", "one two three", "--heads", "2",     "--d-k",
      "4",      "--mask",        "causal",  "--set", "normalizer.temperature=2"};
  const ProcessResult different = headlight(line("compute", {"--against", folder.path("a.npz")}, other));
  EXPECT_EQ(different.code, 5);
  EXPECT_THAT(different.out, HasSubstr("weights"));
  EXPECT_THAT(different.out, HasSubstr("above 1e-5"));
  EXPECT_THAT(different.err, HasSubstr("weights"));
  EXPECT_THAT(different.err, Not(HasSubstr("scaled")));
  EXPECT_EQ(headlight(line("compute", {"--against", folder.path("a.npz"), "--tolerance", "100"}, other)).code,
            0);
}

TEST(Compute, AgainstRefusesAnotherShapeAndAForeignFile) {
  TemporaryFolder folder;
  ASSERT_EQ(headlight(line("compute", {"-o", folder.path("a.npz")})).code, 0);
  const ProcessResult shape = headlight({"compute", "--text", "one two", "--against", folder.path("a.npz")});
  EXPECT_EQ(shape.code, 3);
  EXPECT_THAT(shape.err, HasSubstr("shape"));
  folder.put("x.npy", npyBytes({2}, {1, 2}));
  EXPECT_EQ(headlight(line("compute", {"--against", folder.path("x.npy")})).code, 3);
  EXPECT_EQ(headlight(line("compute", {"--against", folder.path("none.npz")})).code, 3);
}

TEST(Compute, AStageThatTheSourceCannotGiveIsAnInputErrorWithTheReason) {
  TemporaryFolder folder;
  folder.put("q.npy", npyBytes({1, 2, 3}, {1, 0, 0, 0, 1, 0}));
  ProcessOptions options;
  options.folder = folder.path();
  const std::vector<std::string> qk{"--set",
                                    R"(source={"kind":"qkv","q":"q.npy","k":"q.npy","layout":"htd"})"};
  for (const char* stage : {"input", "v", "output", "memory"}) {
    const ProcessResult result = headlight(line("compute", {"--stage", stage}, qk), options);
    EXPECT_EQ(result.code, 3) << stage << result.err;
    EXPECT_THAT(result.err, HasSubstr("absent")) << stage;
  }
  EXPECT_EQ(headlight(line("compute", {"--stage", "weights"}, qk), options).code, 0);
}

TEST(Compute, JsonIsOneObjectOnOneLineWithTheHashesOfTheOutputs) {
  TemporaryFolder folder;
  const std::string out = folder.path("a.npz");
  const ProcessResult result = headlight(line("compute", {"-o", out, "--json"}));
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 1);
  const Result<Value> value = parseJson(result.out);
  ASSERT_TRUE(value) << result.out;
  EXPECT_TRUE(value->find("input")->isNull());
  const List& outputs = value->find("outputs")->list();
  ASSERT_EQ(outputs.size(), 1U);
  const std::string bytes = readBytes(out);
  EXPECT_EQ(outputs[0].find("path")->string(), out);
  EXPECT_EQ(outputs[0].find("bytes")->integer(), static_cast<std::int64_t>(bytes.size()));
  EXPECT_EQ(outputs[0].find("sha256")->string(), sha256(bytes));
  EXPECT_THAT(value->find("wall_seconds")->number(), AllOf(Ge(value->find("seconds")->number()), Le(60.0)));
  EXPECT_TRUE(value->find("warnings")->isList());
}

TEST(Compute, TheBytesDependNeitherOnThreadsNorOnTheWayTheyAreWritten) {
  TemporaryFolder folder;
  ProcessOptions options;
  options.environment = {"SOURCE_DATE_EPOCH=1700000000"};
  const std::vector<std::string> experiment{"--set", "tokens.count=200", "--heads", "4", "--mask", "causal"};
  ASSERT_EQ(
      headlight(line("compute", {"-o", folder.path("1.npz"), "--threads", "1"}, experiment), options).code,
      0);
  ASSERT_EQ(
      headlight(line("compute", {"-o", folder.path("4.npz"), "--threads", "4"}, experiment), options).code,
      0);
  const ProcessResult piped = headlight(line("compute", {"-o", "-"}, experiment), options);
  EXPECT_EQ(piped.code, 0);
  const std::string bytes = readBytes(folder.path("1.npz"));
  EXPECT_TRUE(bytes == readBytes(folder.path("4.npz")));
  EXPECT_TRUE(bytes == piped.out);
}

TEST(Compute, AnExistingOutputIsKeptUnlessForced) {
  TemporaryFolder folder;
  const std::string out = folder.put("a.npz", "mine");
  const ProcessResult refused = headlight(line("compute", {"-o", out}));
  EXPECT_EQ(refused.code, 4);
  EXPECT_THAT(refused.err, HasSubstr("-f"));
  EXPECT_EQ(readBytes(out), "mine");
  EXPECT_EQ(headlight(line("compute", {"-o", out, "-f"})).code, 0);
  EXPECT_NE(readBytes(out), "mine");
}

TEST(Compute, OutputsThatCannotBeWritten) {
  TemporaryFolder folder;
  EXPECT_EQ(headlight(line("compute", {"-o", folder.path("no/such/folder/a.npz")})).code, 4);
  EXPECT_EQ(headlight(line("compute", {"-o", folder.path() + "/.npz/"}, kSmall)).code, 2);
  ProcessOptions full;
  full.outputPath = "/dev/full";
  const ProcessResult result = headlight(line("compute", {"-o", "-"}), full);
  EXPECT_EQ(result.code, 4);
  EXPECT_THAT(result.err, HasSubstr("stdout"));
  EXPECT_EQ(headlight(line("compute", {}), full).code, 4);
  if (::geteuid() != 0) {
    ASSERT_EQ(::chmod(folder.path().c_str(), 0500), 0);
    EXPECT_EQ(headlight(line("compute", {"-o", folder.path("a.npz")})).code, 4);
    ::chmod(folder.path().c_str(), 0700);
  }
}

TEST(Compute, AClosedStdoutEndsQuietly) {
  ProcessOptions options;
  options.closeStdoutEarly = true;
  for (const auto& words :
       {line("compute", {}), line("compute", {"-o", "-"}), line("describe", {}), line("new", {}),
        std::vector<std::string>{"--help"}, std::vector<std::string>{"compute", "--help"}}) {
    const ProcessResult result = headlight(words, options);
    EXPECT_EQ(result.code, 0) << words[0];
    EXPECT_THAT(result.err, IsEmpty()) << words[0];
  }
}

TEST(Compute, AnInterruptLeavesNoHalfFile) {
  TemporaryFolder folder;
  ProcessOptions options;
  options.interruptAfterMs = 300;
  const ProcessResult result = headlight({"compute", "--set", "tokens.count=30000", "--heads", "4", "--stage",
                                          "weights", "-f", "-o", folder.path("big.npz")},
                                         options);
  EXPECT_EQ(result.code, 130) << result.err;
  EXPECT_THAT(filesIn(folder.path()), IsEmpty());
}

TEST(Compute, MoreThanFourGibibytesIsRefusedBeforeAnythingIsComputed) {
  TemporaryFolder folder;
  const ProcessResult result =
      headlight({"compute", "--set", "tokens.count=60000", "--heads", "4", "-o", folder.path("big.npz")});
  EXPECT_EQ(result.code, 4);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("--stage"), HasSubstr("--head"), HasSubstr("--rows"), HasSubstr("-f")));
  EXPECT_THAT(filesIn(folder.path()), IsEmpty());
}

TEST(Compute, AgreesWithAnIndependentComputationInNumpy) {
  const std::string python = "/usr/bin/python3";
  if (!fileExists(python)) GTEST_SKIP() << "no " << python;
  if (runProcess(python, {"-c", "import numpy"}).code != 0) GTEST_SKIP() << "no numpy";
  TemporaryFolder folder;
  ProcessOptions options;
  options.seconds = 120;
  const char* other = std::getenv("HEADLIGHT_PROGRAM");
  const ProcessResult result =
      runProcess(python,
                 {HEADLIGHT_SOURCE_DIR "/tests/cli/numpy_check.py",
                  other != nullptr ? other : HEADLIGHT_BINARY_DIR "/headlight", folder.path()},
                 options);
  EXPECT_EQ(result.code, 0) << result.out << result.err;
}

}  // namespace
}  // namespace headlight::test
