#include <gmock/gmock.h>

#include "core/experiment/json.h"
#include "core/files/tensor_file.h"
#include "tests/cli/process.h"

namespace headlight::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kBatch = R"({"type": "headlight/experiment", "version": 1,
  "tokens": {"batch": [{"text": "one two three four"}, {"text": "five six"}, {"text": "the cat sat"}]},
  "mask": [{"kind": "causal"}, {"kind": "padding", "keep": "from_tokens"}],
  "shape": {"heads": 2, "d_model": 16}})";

class Batch : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.path(name); }
  Tensor read(const std::string& name, const std::string& tensor) const {
    const auto file = TensorFile::open(path(name));
    EXPECT_TRUE(file) << name;
    const auto read = file->read(tensor, Precision::float32);
    EXPECT_TRUE(read) << name << ": " << tensor;
    return read ? *read : Tensor();
  }
  ProcessResult compute(std::vector<std::string> words) const {
    words.insert(words.begin(), {"compute", file_});
    return headlight(words);
  }

  TemporaryFolder folder_;
  std::string file_ = folder_.put("b.headlight.json", kBatch);
};

TEST_F(Batch, EveryTensorHasALeadingAxisOfTheElements) {
  const ProcessResult result = compute({"-o", path("all.npz")});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(read("all.npz", "input").shape, ElementsAre(3, 4, 16));
  EXPECT_THAT(read("all.npz", "k").shape, ElementsAre(3, 2, 4, 8));
  EXPECT_THAT(read("all.npz", "weights").shape, ElementsAre(3, 2, 4, 4));
  EXPECT_THAT(read("all.npz", "output").shape, ElementsAre(3, 4, 16));
  const Tensor kept = read("all.npz", "kept_keys");
  EXPECT_THAT(kept.shape, ElementsAre(3, 2, 4));
  EXPECT_THAT(kept.floats, ElementsAre(1, 2, 3, 4, 1, 2, 3, 4,    // four tokens
                                       1, 2, 2, 2, 1, 2, 2, 2,    // two and two of padding
                                       1, 2, 3, 3, 1, 2, 3, 3));  // three and one
}

TEST_F(Batch, AnElementIsItsShareOfTheWhole) {
  ASSERT_EQ(compute({"-o", path("all.npz")}).code, 0);
  ASSERT_EQ(compute({"-o", path("two.npz"), "--batch", "2"}).code, 0);
  ASSERT_EQ(compute({"-o", path("turned.npz"), "--batch", "2,0"}).code, 0);
  for (const char* name : {"weights", "q", "v", "output", "lse"}) {
    const Tensor all = read("all.npz", name);
    const Tensor two = read("two.npz", name);
    const Tensor turned = read("turned.npz", name);
    ASSERT_EQ(two.shape.front(), 1) << name;
    ASSERT_EQ(turned.shape.front(), 2) << name;
    const auto size = static_cast<std::ptrdiff_t>(two.floats.size());
    EXPECT_TRUE(std::equal(two.floats.begin(), two.floats.end(), all.floats.begin() + 2 * size)) << name;
    EXPECT_TRUE(std::equal(two.floats.begin(), two.floats.end(), turned.floats.begin())) << name;
    EXPECT_TRUE(std::equal(all.floats.begin(), all.floats.begin() + size, turned.floats.begin() + size))
        << name;
  }
}

TEST_F(Batch, TheMeanOfTheHeadsIsTakenInEachElement) {
  ASSERT_EQ(compute({"-o", path("all.npz")}).code, 0);
  ASSERT_EQ(compute({"-o", path("mean.npz"), "--head", "mean", "--stage", "weights"}).code, 0);
  const Tensor all = read("all.npz", "weights");
  const Tensor mean = read("mean.npz", "weights");
  ASSERT_THAT(mean.shape, ElementsAre(3, 1, 4, 4));
  for (std::size_t b = 0; b < 3; ++b) {
    for (std::size_t n = 0; n < 16; ++n) {
      const float expected = (all.floats[b * 32 + n] + all.floats[b * 32 + 16 + n]) / 2;
      EXPECT_NEAR(mean.floats[b * 16 + n], expected, 1e-6F) << b << " " << n;
    }
  }
}

TEST_F(Batch, IsComparedWholeAndInDouble) {
  ASSERT_EQ(compute({"-o", path("slow.npz"), "--float64"}).code, 0);
  const ProcessResult same = compute({"--against", path("slow.npz")});
  EXPECT_EQ(same.code, 0) << same.out << same.err;
  const ProcessResult other = compute({"--against", path("slow.npz"), "--batch", "1"});
  EXPECT_EQ(other.code, 3);
  EXPECT_THAT(other.err, AllOf(HasSubstr("[3,4,16]"), HasSubstr("[1,4,16]")));
  const ProcessResult turned =
      compute({"--against", path("slow.npz"), "--batch", "1,0,2", "--stage", "weights"});
  EXPECT_EQ(turned.code, 5) << turned.err;
}

TEST_F(Batch, TheTableNamesEachElement) {
  const ProcessResult all = compute({});
  EXPECT_EQ(all.code, 0) << all.err;
  EXPECT_THAT(all.out, AllOf(StartsWith("batch element 0 of 3\n"), HasSubstr("\nbatch element 1 of 3\n"),
                             HasSubstr("\nbatch element 2 of 3\n"), HasSubstr("[PAD]")));
  const ProcessResult one = compute({"--batch", "2"});
  EXPECT_THAT(one.out, AllOf(StartsWith("batch element 2 of 3\n"), HasSubstr("cat"), Not(HasSubstr("five"))));
}

TEST_F(Batch, AnElementThatDoesNotExistIsAUsageErrorWithTheRange) {
  const ProcessResult beyond = compute({"--batch", "3"});
  EXPECT_EQ(beyond.code, 2);
  EXPECT_THAT(beyond.err, AllOf(HasSubstr("--batch"), HasSubstr("found 3"), HasSubstr("0 to 2")));
  const ProcessResult none = headlight({"compute", "--text", "one two", "--batch", "1"});
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.err, HasSubstr("no batch"));
  EXPECT_EQ(headlight({"compute", "--text", "one two", "--batch", "0"}).code, 0);
}

TEST_F(Batch, DescribeSpeaksOfTheElementOfTheView) {
  EXPECT_THAT(headlight({"describe", file_}).out, HasSubstr("Element 0 of a batch of 3."));
  EXPECT_THAT(headlight({"describe", file_, "--set", "view.batch=1"}).out,
              HasSubstr("Element 1 of a batch of 3; 2 keys are padding."));
  const ProcessResult beyond = headlight({"describe", file_, "--set", "view.batch=3"});
  EXPECT_EQ(beyond.code, 3);
  EXPECT_THAT(beyond.err, AllOf(HasSubstr("view.batch"), HasSubstr("0 to 2")));
}

/// Three layers of two heads over two tokens.
class Layers : public testing::Test {
 protected:
  Layers() {
    std::vector<float> weights;
    for (const float own : {0.9f, 0.6f, 0.3f}) {
      for (int row = 0; row < 4; ++row) weights.insert(weights.end(), {own, 1 - own});
    }
    folder_.put("maps.npy", npyBytes({3, 2, 2, 2}, weights));
    file_ = folder_.put("l.headlight.json", R"({"type": "headlight/experiment", "version": 1,
      "source": {"kind": "maps", "file": "maps.npy", "is": "weights", "layout": "lhqk", "layer": 1}})");
  }
  TemporaryFolder folder_;
  std::string file_;
};

TEST_F(Layers, AreChosenByTheSourceAndByTheView) {
  EXPECT_THAT(headlight({"describe", file_}).out, AllOf(HasSubstr("Layer 1 of 3."), HasSubstr("L1 H0")));
  const ProcessResult shown = headlight({"describe", file_, "--set", "view.layer=2"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, AllOf(HasSubstr("Layer 2 of 3."), HasSubstr("L2 H0"), HasSubstr("0.7")));
  const ProcessResult first = headlight({"describe", file_, "--set", "view.layer=0"});
  EXPECT_THAT(first.out, AllOf(HasSubstr("Layer 0 of 3."), HasSubstr("0.9")));
  const ProcessResult beyond = headlight({"describe", file_, "--set", "view.layer=3"});
  EXPECT_EQ(beyond.code, 3);
  EXPECT_THAT(beyond.err, AllOf(HasSubstr("view.layer"), HasSubstr("0 to 2")));
  const ProcessResult none = headlight({"describe", "--text", "one two", "--set", "view.layer=1"});
  EXPECT_EQ(none.code, 3);
  EXPECT_THAT(none.err, AllOf(HasSubstr("view.layer"), HasSubstr("no layers")));
}

TEST_F(Layers, AFigureSaysItsOwnAndCarriesIt) {
  const std::string out = folder_.path("out.svg");
  const ProcessResult made = headlight({"export", file_, "--set", "view.layer=2", "--head", "1", "-o", out});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(readBytes(out), HasSubstr("L2 H1"));
  EXPECT_THAT(headlight({"describe", out}).out, HasSubstr("Layer 2 of 3."));
}

TEST_F(Batch, AFigureEachCarriesItsElement) {
  const std::string out = path("figures");
  const ProcessResult result =
      headlight({"export", file_, "--batch", "all", "--format", "svg", "--out-dir", out, "--head", "0"});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(filesIn(out), ElementsAre("b-b0-weights-H0.svg", "b-b1-weights-H0.svg", "b-b2-weights-H0.svg"));
  EXPECT_THAT(readBytes(out + "/b-b1-weights-H0.svg"), HasSubstr("five"));
  EXPECT_THAT(headlight({"describe", out + "/b-b2-weights-H0.svg"}).out,
              HasSubstr("Element 2 of a batch of 3"));
}

TEST_F(Batch, FiguresAreNamedByTheElementThatIsAskedFor) {
  ASSERT_EQ(headlight({"export", file_, "--out-dir", path("view")}).code, 0);
  EXPECT_THAT(filesIn(path("view")), ElementsAre("b-weights-H0.png"));
  ASSERT_EQ(headlight({"export", file_, "--set", "view.batch=2", "--out-dir", path("other")}).code, 0);
  EXPECT_THAT(filesIn(path("other")), ElementsAre("b-b2-weights-H0.png"));
  ASSERT_EQ(
      headlight({"export", file_, "--batch", "1", "--layout", "pipeline", "--out-dir", path("line")}).code,
      0);
  EXPECT_THAT(filesIn(path("line")), ElementsAre("b-b1.png"));
  EXPECT_EQ(headlight({"export", file_, "--batch", "1", "-o", path("one.svg")}).code, 0);
  EXPECT_EQ(headlight({"export", file_, "--batch", "0,1", "-o", path("two.svg")}).code, 2);
  EXPECT_EQ(headlight({"export", file_, "--batch", "3", "--out-dir", path("none")}).code, 2);
  EXPECT_FALSE(fileExists(path("none")));
}

TEST_F(Batch, ASharedRangeSpansTheElements) {
  const std::vector<std::string> words{"export", file_, "--batch", "all", "--stage", "scaled", "--out-dir"};
  std::vector<std::string> alone = words;
  alone.push_back(path("alone"));
  std::vector<std::string> shared = words;
  shared.insert(shared.end(), {path("shared"), "--range", "shared"});
  ASSERT_EQ(headlight(alone).code, 0);
  ASSERT_EQ(headlight(shared).code, 0);
  int same = 0;
  for (const char* name : {"b-b0-scaled-H0.png", "b-b1-scaled-H0.png", "b-b2-scaled-H0.png"}) {
    same += readBytes(path("alone/") + name) == readBytes(path("shared/") + name) ? 1 : 0;
  }
  EXPECT_LE(same, 1);  // the element whose scores reach farthest has the range of all
}

}  // namespace
}  // namespace headlight::test
