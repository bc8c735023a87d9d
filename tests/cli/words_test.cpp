#include <gmock/gmock.h>

#include "core/experiment/json.h"
#include "tests/cli/process.h"

namespace headlight::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

TEST(DescribeCommand, SaysOriginSizesMaskAndWeights) {
  const ProcessResult result = headlight({"describe", "--text", "one two three", "--heads", "2", "--d-k", "4",
                                          "--mask", "causal", "--set", "ablate.heads=[1]"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("Self-attention of 3 tokens, 2 heads, d_k 4, causal mask."),
                    HasSubstr("random"), HasSubstr("6 of 9 pairs are kept"), HasSubstr("Ablated head: H1"),
                    HasSubstr("one attends to itself (1.00)"), HasSubstr("entropy")));
}

TEST(DescribeCommand, ATrainedLayerSaysSoThereAndInItsFigure) {
  const std::string file =
      std::string(HEADLIGHT_SOURCE_DIR) + "/assets/examples/trained-minilm.headlight.json";
  const std::string origin = "trained: all-MiniLM-L6-v2, layer 4";
  const ProcessResult words = headlight({"describe", file});
  EXPECT_EQ(words.code, 0) << words.err;
  EXPECT_THAT(words.out, HasSubstr("Numbers: " + origin + "."));
  TemporaryFolder folder;
  const ProcessResult drawn = headlight({"export", file, "-o", folder.path("trained.svg")});
  EXPECT_EQ(drawn.code, 0) << drawn.err;
  EXPECT_THAT(readBytes(folder.path("trained.svg")), HasSubstr(origin));
}

TEST(DescribeCommand, JsonCarriesTheText) {
  const ProcessResult result = headlight({"describe", "--text", "one two", "--json"});
  const Result<Value> value = parseJson(result.out);
  ASSERT_TRUE(value) << result.out;
  EXPECT_EQ(value->find("text")->string(), headlight({"describe", "--text", "one two"}).out);
}

TEST(DescribeCommand, MarkdownHasHeadingsAndATable) {
  const ProcessResult result = headlight({"describe", "--text", "one two", "--heads", "2", "--markdown"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out,
              AllOf(StartsWith("# "), HasSubstr("\n## Heads\n\n| Head |"), HasSubstr("\n### H1\n")));
}

TEST(DescribeCommand, SeveralFilesAreNamed) {
  TemporaryFolder folder;
  const std::string a = folder.put("a.headlight.json", headlight({"new", "--text", "one two"}).out);
  const std::string b = folder.put("b.headlight.json", headlight({"new", "--text", "three four"}).out);
  EXPECT_THAT(headlight({"describe", a, b}).out, AllOf(StartsWith(a + "\n"), HasSubstr("\n" + b + "\n")));
}

TEST(CheckCommand, NamesEveryProblemWithItsPath) {
  TemporaryFolder folder;
  const std::string file = folder.put("a.headlight.json", R"({"type": "headlight/experiment", "version": 1,
      "shape": {"heads": 0, "d_k": "wide"}, "mask": ["casual"], "normalizer": {"kind": "softmax", "temperature": -1}})");
  const ProcessResult result = headlight({"check", file});
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, AllOf(HasSubstr("shape.heads"), HasSubstr("shape.d_k"), HasSubstr("mask"),
                                HasSubstr("temperature")));
  EXPECT_GE(std::count(result.err.begin(), result.err.end(), '\n'), 4);
  const Result<Value> value = parseJson(headlight({"check", file, "--json", "-q"}).out);
  ASSERT_TRUE(value);
  EXPECT_GE(value->find("problems")->list().size(), 4U);
  EXPECT_FALSE(value->find("problems")->list()[0].find("path")->string().empty());
}

TEST(CheckCommand, UnknownKeysAreAWarning) {
  TemporaryFolder folder;
  const std::string file =
      folder.put("a.headlight.json", R"({"type": "headlight/experiment", "version": 1, "colour": "blue"})");
  const ProcessResult result = headlight({"check", file});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("warning"), HasSubstr("colour")));
  EXPECT_THAT(headlight({"check", file, "-q"}).err, IsEmpty());
}

TEST(CheckCommand, OptionsAreCheckedToo) {
  EXPECT_EQ(headlight({"check", "--heads", "3"}).code, 3);
  EXPECT_EQ(headlight({"check", "--heads", "4"}).out, "options: ok\n");
}

TEST(InfoCommand, ListsTensorsWithTheirRangeAndWhatIsNotFinite) {
  TemporaryFolder folder;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float inf = std::numeric_limits<float>::infinity();
  const std::string file = folder.put("a.npy", npyBytes({2, 3}, {1, -2.5F, nan, inf, 4, 0}));
  const ProcessResult result = headlight({"info", file});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("float32"), HasSubstr("[2, 3]"), HasSubstr("-2.5"), HasSubstr("4")));
  const Result<Value> value = parseJson(headlight({"info", file, "--json"}).out);
  ASSERT_TRUE(value);
  const Value& tensor = value->find("tensors")->list()[0];
  EXPECT_EQ(tensor.find("non_finite")->integer(), 2);
  EXPECT_EQ(tensor.find("min")->number(), -2.5);
  EXPECT_EQ(tensor.find("max")->number(), 4);
}

TEST(InfoCommand, ReadsWhatComputeWrites) {
  TemporaryFolder folder;
  ASSERT_EQ(headlight({"compute", "--text", "one two", "-o", folder.path("a.npz")}).code, 0);
  const ProcessResult result = headlight({"info", folder.path("a.npz")});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.out, AllOf(HasSubstr("weights"), HasSubstr("[4, 2, 2]"), HasSubstr("kept_keys")));
}

TEST(DoctorCommand, TellsWhatABugReportNeeds) {
  ProcessOptions options;
  options.environment = {"HOME=/home/nobody"};
  const ProcessResult result = headlight({"doctor"}, options);
  EXPECT_EQ(result.code, 0) << result.err;
  for (const char* fact :
       {"version", "OpenGL", "SIMD", "threads", "Inter-Regular", "settings", "zenity", "portal"}) {
    EXPECT_THAT(result.out, HasSubstr(fact));
  }
  const Result<Value> value = parseJson(headlight({"doctor", "--json"}, options).out);
  ASSERT_TRUE(value);
  EXPECT_TRUE(value->find("doctor")->find("version")->isString());
}

}  // namespace
}  // namespace headlight::test
