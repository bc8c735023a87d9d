#include <gmock/gmock.h>

#include "core/files/tensor_file.h"
#include "tests/cli/process.h"

namespace headlight::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kNames = "grad_q,grad_k,grad_v,grad_scores,jacobian_norm";

class Gradients : public testing::Test {
 protected:
  ProcessResult compute(const std::vector<std::string>& more) const {
    std::vector<std::string> words{"compute",    "--text", "one two three", "--heads", "4",
                                   "--kv-heads", "2",      "--d-k",         "3",       "--d-model",
                                   "8",          "--mask", "causal"};
    words.insert(words.end(), more.begin(), more.end());
    ProcessOptions options;
    options.folder = folder_.path();
    return headlight(words, options);
  }
  Tensor read(const std::string& name, const std::string& tensor) const {
    const auto file = TensorFile::open(folder_.path(name));
    EXPECT_TRUE(file) << name;
    const auto read = file->read(tensor, Precision::float32);
    EXPECT_TRUE(read) << name << ": " << tensor;
    return read ? *read : Tensor();
  }

  TemporaryFolder folder_;
};

TEST_F(Gradients, HaveTheShapesOfTheirStagesAndAreZeroWhereMasked) {
  const ProcessResult result = compute({"--stage", kNames, "-o", "g.npz"});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(read("g.npz", "grad_q").shape, ElementsAre(4, 3, 3));
  EXPECT_THAT(read("g.npz", "grad_k").shape, ElementsAre(2, 3, 3));
  EXPECT_THAT(read("g.npz", "grad_v").shape, ElementsAre(2, 3, 3));
  const Tensor scores = read("g.npz", "grad_scores");
  ASSERT_THAT(scores.shape, ElementsAre(4, 3, 3));
  for (std::size_t h = 0; h < 4; ++h) {
    for (const std::size_t masked : {1U, 2U, 5U}) EXPECT_EQ(scores.floats[h * 9 + masked], 0.0F);
  }
  const Tensor norms = read("g.npz", "jacobian_norm");
  ASSERT_THAT(norms.shape, ElementsAre(4, 3));
  for (std::size_t h = 0; h < 4; ++h) EXPECT_EQ(norms.floats[h * 3], 0.0F);  // one key: softmax is constant
}

TEST_F(Gradients, AreNoPartOfWhatIsWrittenByDefault) {
  ASSERT_EQ(compute({"-o", "all.npz"}).code, 0);
  const auto file = TensorFile::open(folder_.path("all.npz"));
  ASSERT_TRUE(file);
  for (const TensorInfo& tensor : file->tensors()) {
    EXPECT_NE(tensor.name.substr(0, 4), "grad") << tensor.name;
    EXPECT_NE(tensor.name, "jacobian_norm");
  }
}

TEST_F(Gradients, AgreeWithTheReferenceInDouble) {
  ASSERT_EQ(compute({"--stage", kNames, "--float64", "-o", "slow.npz"}).code, 0);
  const ProcessResult same = compute({"--stage", kNames, "--against", "slow.npz"});
  EXPECT_EQ(same.code, 0) << same.out << same.err;
  ASSERT_EQ(compute({"--stage", kNames, "--float64", "--head", "mean", "-o", "mean.npz"}).code, 0);
  EXPECT_EQ(compute({"--stage", kNames, "--head", "mean", "--against", "mean.npz"}).code, 0);
}

TEST_F(Gradients, BeginWithTheUpstreamWhichIsOnesWhereNoneIsGiven) {
  folder_.put("ones.npy", npyBytes({3, 8}, std::vector<float>(24, 1)));
  folder_.put("half.npy", npyBytes({3, 8}, std::vector<float>(24, 0.5F)));
  std::vector<float> last(24, 0);
  std::fill(last.begin() + 16, last.end(), 1.0F);
  folder_.put("last.npy", npyBytes({3, 8}, last));
  ASSERT_EQ(compute({"--stage", kNames, "-o", "plain.npz"}).code, 0);
  EXPECT_EQ(
      compute({"--stage", kNames, "--upstream", "ones.npy", "--against", "plain.npz", "--tolerance", "1e-6"})
          .code,
      0);
  ASSERT_EQ(compute({"--stage", kNames, "--upstream", "half.npy", "-o", "half.npz"}).code, 0);
  const Tensor plain = read("plain.npz", "grad_k");
  const Tensor half = read("half.npz", "grad_k");
  for (std::size_t n = 0; n < plain.floats.size(); ++n)
    EXPECT_NEAR(half.floats[n], plain.floats[n] / 2, 1e-6F);
  // Only the last query's output counts: the others have no gradient.
  ASSERT_EQ(compute({"--stage", "grad_q", "--upstream", "last.npy", "-o", "last.npz"}).code, 0);
  const Tensor last0 = read("last.npz", "grad_q");
  for (std::size_t h = 0; h < 4; ++h) {
    for (std::size_t n = 0; n < 6; ++n) EXPECT_EQ(last0.floats[h * 9 + n], 0.0F);
    EXPECT_NE(last0.floats[h * 9 + 6], 0.0F);
  }
}

TEST_F(Gradients, AnUpstreamOfABatchHasItsAxis) {
  folder_.put("b.headlight.json", R"({"type": "headlight/experiment", "version": 1,
      "tokens": {"batch": [{"text": "one two"}, {"text": "three four"}]}, "shape": {"heads": 2, "d_model": 4}})");
  std::vector<float> upstream(16, 0);
  std::fill(upstream.begin() + 8, upstream.end(), 1.0F);
  folder_.put("up.npy", npyBytes({2, 2, 4}, upstream));
  folder_.put("flat.npy", npyBytes({2, 4}, std::vector<float>(8, 1)));
  ProcessOptions options;
  options.folder = folder_.path();
  const std::vector<std::string> words{"compute", "b.headlight.json", "--stage", "grad_v", "-o"};
  const auto run = [&](const std::string& out, const std::string& from) {
    std::vector<std::string> all = words;
    all.insert(all.end(), {out, "--upstream", from});
    return headlight(all, options);
  };
  ASSERT_EQ(run("g.npz", "up.npy").code, 0);
  const Tensor slopes = read("g.npz", "grad_v");
  ASSERT_THAT(slopes.shape, ElementsAre(2, 2, 2, 2));
  for (std::size_t n = 0; n < 8; ++n) EXPECT_EQ(slopes.floats[n], 0.0F);
  EXPECT_NE(slopes.floats[8], 0.0F);
  const ProcessResult flat = run("no.npz", "flat.npy");
  EXPECT_EQ(flat.code, 3);
  EXPECT_THAT(flat.err, AllOf(HasSubstr("[2, 4]"), HasSubstr("[2, 2, 4]")));
}

TEST_F(Gradients, AnUpstreamThatDoesNotFitNamesBothShapes) {
  folder_.put("wide.npy", npyBytes({3, 9}, std::vector<float>(27, 1)));
  const ProcessResult wide = compute({"--stage", "grad_q", "--upstream", "wide.npy"});
  EXPECT_EQ(wide.code, 3);
  EXPECT_THAT(wide.err, AllOf(HasSubstr("--upstream"), HasSubstr("wide.npy"), HasSubstr("[3, 9]"),
                              HasSubstr("[3, 8]"), HasSubstr("output")));
  const ProcessResult none = compute({"--stage", "grad_q", "--upstream", "none.npy"});
  EXPECT_EQ(none.code, 3);
  EXPECT_THAT(none.err, AllOf(HasSubstr("--upstream"), HasSubstr("none.npy")));
  folder_.put("two.npz", "PK");
  EXPECT_EQ(compute({"--stage", "grad_q", "--upstream", "two.npz"}).code, 3);
}

TEST_F(Gradients, AnUpstreamThatIsNotFiniteIsTold) {
  std::vector<float> values(24, 1);
  values[9] = std::numeric_limits<float>::quiet_NaN();
  folder_.put("nan.npy", npyBytes({3, 8}, values));
  const ProcessResult result = compute({"--stage", "grad_q", "--upstream", "nan.npy"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("warning"), HasSubstr("nan.npy"), HasSubstr("[1, 1]")));
}

TEST_F(Gradients, WithoutWOTheyBeginAtConcat) {
  folder_.put("q.npy", npyBytes({1, 2, 3}, {1, 0, 0, 0, 1, 0}));
  folder_.put("up.npy", npyBytes({2, 4}, std::vector<float>(8, 1)));
  ProcessOptions options;
  options.folder = folder_.path();
  const std::string source = R"(source={"kind":"qkv","q":"q.npy","k":"q.npy","v":"q.npy","layout":"htd"})";
  EXPECT_EQ(headlight({"compute", "--set", source, "--stage", "grad_v"}, options).code, 0);
  const ProcessResult other =
      headlight({"compute", "--set", source, "--stage", "grad_v", "--upstream", "up.npy"}, options);
  EXPECT_EQ(other.code, 3);
  EXPECT_THAT(other.err, AllOf(HasSubstr("[2, 3]"), HasSubstr("concat")));
  const std::string bare = R"(source={"kind":"qkv","q":"q.npy","k":"q.npy","layout":"htd"})";
  const ProcessResult absent = headlight({"compute", "--set", bare, "--stage", "grad_q"}, options);
  EXPECT_EQ(absent.code, 3);
  EXPECT_THAT(absent.err, HasSubstr("absent"));
  EXPECT_THAT(absent.out, IsEmpty());
}

}  // namespace
}  // namespace headlight::test
