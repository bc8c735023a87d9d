// Files of numbers on the command line: what `new` makes of them, safetensors in and out, what is not read.
#include <gmock/gmock.h>

#include "core/experiment/json.h"
#include "core/files/tensor_file.h"
#include "tests/cli/process.h"

namespace headlight::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string kGoldens = std::string(HEADLIGHT_SOURCE_DIR) + "/tests/golden/torch/";

class Sources : public testing::Test {
 protected:
  Sources() { options_.folder = folder_.path(); }
  void bring(const std::string& name) const { folder_.put(name, readBytes(kGoldens + name)); }
  ProcessResult run(const std::vector<std::string>& words) const { return headlight(words, options_); }

  TemporaryFolder folder_;
  ProcessOptions options_;
};

TEST_F(Sources, NewMakesAnExperimentOfALayer) {
  bring("mha-packed.safetensors");
  bring("mha-packed.expected.npz");
  const ProcessResult made =
      run({"new", "--mha", "mha-packed.safetensors", "--x", "mha-packed.safetensors:x", "--heads", "3"});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.out, AllOf(HasSubstr("\"mha\""), HasSubstr("mha-packed.safetensors:x")));
  folder_.put("layer.headlight.json", made.out);
  const ProcessResult same = run({"compute", "layer.headlight.json", "--stage", "weights,output,q,k,v",
                                  "--against", "mha-packed.expected.npz"});
  EXPECT_EQ(same.code, 0) << same.out << same.err;
  EXPECT_EQ(run({"check", "layer.headlight.json"}).code, 0);
}

TEST_F(Sources, ALayerIsAskedForItsHeadsAndItsInput) {
  bring("mha-packed.safetensors");
  const ProcessResult heads =
      run({"new", "--mha", "mha-packed.safetensors", "--x", "mha-packed.safetensors:x"});
  EXPECT_EQ(heads.code, 3);
  EXPECT_THAT(heads.err, AllOf(HasSubstr("shape.heads"), HasSubstr("1, 2, 3 or 6")));
  EXPECT_THAT(heads.out, IsEmpty());
  const ProcessResult input = run({"new", "--mha", "mha-packed.safetensors", "--heads", "3"});
  EXPECT_EQ(input.code, 3);
  EXPECT_THAT(input.err, HasSubstr("source.x"));
}

TEST_F(Sources, NewMakesAnExperimentOfMaps) {
  folder_.put("maps.npy", npyBytes({1, 2, 2}, {1, 0, 0.25F, 0.75F}));
  const ProcessResult made = run({"new", "--maps", "maps.npy", "--set", "source.layout=hqk"});
  ASSERT_EQ(made.code, 0) << made.err;
  folder_.put("maps.headlight.json", made.out);
  ASSERT_EQ(run({"compute", "maps.headlight.json", "--stage", "weights", "-o", "w.npz"}).code, 0);
  const auto file = TensorFile::open(folder_.path("w.npz"));
  ASSERT_TRUE(file);
  EXPECT_THAT(file->read("weights", Precision::float32)->floats, ElementsAre(1, 0, 0.25F, 0.75F));
  const ProcessResult none = run({"new", "--maps", "none.npy"});
  EXPECT_EQ(none.code, 3);
  EXPECT_THAT(none.err, HasSubstr("none.npy"));
}

TEST_F(Sources, SafetensorsHoldWhatNpzHolds) {
  const std::vector<std::string> words{"compute", "--text", "one two three", "--heads", "2", "-o"};
  const auto write = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all = words;
    all.insert(all.end(), more.begin(), more.end());
    return run(all).code;
  };
  for (const std::vector<std::string>& width : {std::vector<std::string>{}, {"--float64"}}) {
    std::vector<std::string> npz{"a.npz", "-f"};
    std::vector<std::string> safetensors{"a.safetensors", "-f"};
    npz.insert(npz.end(), width.begin(), width.end());
    safetensors.insert(safetensors.end(), width.begin(), width.end());
    ASSERT_EQ(write(npz), 0);
    ASSERT_EQ(write(safetensors), 0);
    const auto one = TensorFile::open(folder_.path("a.npz"));
    const auto other = TensorFile::open(folder_.path("a.safetensors"));
    ASSERT_TRUE(one && other);
    ASSERT_EQ(one->tensors().size(), other->tensors().size());
    for (const TensorInfo& tensor : one->tensors()) {
      const auto a = one->read(tensor.name, Precision::float64);
      const auto b = other->read(tensor.name, Precision::float64);
      ASSERT_TRUE(a && b) << tensor.name;
      EXPECT_EQ(a->shape, b->shape) << tensor.name;
      EXPECT_TRUE(a->doubles == b->doubles) << tensor.name;
    }
  }
}

TEST_F(Sources, FormatSaysWhatStdoutGets) {
  const std::vector<std::string> words{"compute", "--text", "one two", "--stage", "weights", "-o", "-"};
  std::vector<std::string> safetensors = words;
  safetensors.insert(safetensors.end(), {"--format", "safetensors"});
  folder_.put("a.safetensors", run(safetensors).out);
  folder_.put("a.npz", run(words).out);
  for (const char* name : {"a.safetensors", "a.npz"}) {
    const auto file = TensorFile::open(folder_.path(name));
    ASSERT_TRUE(file) << name;
    EXPECT_THAT(file->read("weights", Precision::float32)->shape, ElementsAre(4, 2, 2)) << name;
  }
  std::vector<std::string> npz = words;
  npz.insert(npz.end(), {"--format", "npz"});
  EXPECT_TRUE(run(npz).out.substr(0, 2) == "PK");
}

TEST_F(Sources, ADumpOfSafetensorsIsComparedWith) {
  const std::vector<std::string> words{"compute", "--text", "one two three", "--heads", "2"};
  const auto with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all = words;
    all.insert(all.end(), more.begin(), more.end());
    return run(all);
  };
  ASSERT_EQ(with({"-o", "a.safetensors"}).code, 0);
  const ProcessResult same = with({"--against", "a.safetensors", "--tolerance", "0"});
  EXPECT_EQ(same.code, 0) << same.out << same.err;
  const ProcessResult other =
      with({"--against", "a.safetensors", "--set", "score.scale=1", "--stage", "weights"});
  EXPECT_EQ(other.code, 5);
  EXPECT_THAT(other.err, AllOf(HasSubstr("a.safetensors"), HasSubstr("weights")));
  const std::string bytes = readBytes(folder_.path("a.safetensors"));
  folder_.put("cut.safetensors", bytes.substr(0, bytes.size() - 10));
  const ProcessResult cut = with({"--against", "cut.safetensors"});
  EXPECT_EQ(cut.code, 3);
  EXPECT_THAT(cut.err, AllOf(HasSubstr("cut.safetensors"), HasSubstr("byte")));
}

TEST_F(Sources, InfoListsTheTensorsOfSafetensors) {
  bring("mha-packed.safetensors");
  const ProcessResult result = run({"info", "mha-packed.safetensors"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("in_proj_weight"), HasSubstr("[18, 6]"), HasSubstr("float32"),
                                HasSubstr("out_proj.bias")));
  const Result<Value> value = parseJson(run({"info", "mha-packed.safetensors", "--json"}).out);
  ASSERT_TRUE(value);
  EXPECT_EQ(value->find("tensors")->list().size(), 5U);
}

TEST_F(Sources, WhatTorchSavesIsNotReadAndTheWayOutIsTold) {
  folder_.put("layer.pt", std::string("PK\x03\x04") + "layer/data.pkl");
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"info", "layer.pt"},
                                             {"new", "--mha", "layer.pt", "--x", "layer.pt", "--heads", "2"},
                                             {"new", "--qkv", "layer.pt"},
                                             {"compute", "--text", "a b", "--against", "layer.pt"}}) {
    const ProcessResult result = run(words);
    EXPECT_EQ(result.code, 3) << words[0];
    EXPECT_THAT(result.out, Not(HasSubstr("{"))) << words[0];
    EXPECT_THAT(result.err, AllOf(HasSubstr("layer.pt"), HasSubstr("from safetensors.torch import save_file"),
                                  HasSubstr("save_file(layer.state_dict()")))
        << words[0];
  }
}

TEST_F(Sources, TheSourceModelIsRefusedByName) {
  const ProcessResult result =
      run({"compute", "--text", "a b", "--set", R"(source={"kind":"model","folder":"gpt2"})"});
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.err, AllOf(HasSubstr("source.kind"), HasSubstr("\"model\""), HasSubstr("\"mha\"")));
}

TEST_F(Sources, AMistakeIsAnnouncedWhereverNumbersAreTold) {
  const std::vector<std::string> set{"--text", "one two three", "--set", "mistake.softmax_over=queries"};
  std::vector<std::string> words{"describe"};
  words.insert(words.end(), set.begin(), set.end());
  const std::string told = run(words).out;
  EXPECT_THAT(told,
              AllOf(HasSubstr("Deliberately wrong"), HasSubstr("queries"), HasSubstr("do not sum to 1")));
  EXPECT_THAT(run({"describe", "--text", "one two three"}).out, Not(HasSubstr("wrong")));
}

}  // namespace
}  // namespace headlight::test
