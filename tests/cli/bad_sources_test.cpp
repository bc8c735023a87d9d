// Experiments whose files, masks or biases do not fit: exit 3, the JSON path, what was found, what is
// accepted.
#include <limits>

#include <gmock/gmock.h>

#include "tests/cli/process.h"

namespace headlight::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

struct Case {
  std::string members;            ///< of the experiment
  std::vector<std::string> said;  ///< in the message
};

/// One layer with 3 heads of width 2 on 5 tokens, and arrays that fit and that do not.
class BadSources : public testing::Test {
 protected:
  BadSources() {
    const std::string golden =
        std::string(HEADLIGHT_SOURCE_DIR) + "/tests/golden/torch/mha-packed.safetensors";
    const std::string bytes = readBytes(golden);
    folder_.put("l.safetensors", bytes);
    folder_.put("cut.safetensors", bytes.substr(0, bytes.size() - 100));
    folder_.put("head.safetensors", bytes.substr(0, 100));
    folder_.put("six.safetensors", bytes.substr(0, 6));
    folder_.put("huge.safetensors", std::string(7, '\x7f') + bytes.substr(7));
    zeros("x7.npy", {5, 7});
    zeros("x4.npy", {1, 1, 5, 6});
    zeros("m56.npy", {5, 6});
    zeros("m4.npy", {4, 5, 5});
    zeros("k5.npy", {5});
    zeros("t30.npy", {30, 3});
    folder_.put("half.npy", npyBytes({5}, {0, 1, 0.5F, 1, 1}));
    folder_.put("w.npy", npyBytes({1, 2, 2}, {1, 0, 0.5F, 0.5F}));
    zeros("q.npy", {3, 5, 4});
    zeros("k2.npy", {2, 5, 4});
    zeros("k6.npy", {3, 5, 6});
    zeros("v7.npy", {3, 7, 4});
    zeros("o.npy", {11, 6});
    folder_.put("words.csv", "a,b\n");
  }
  void zeros(const std::string& name, const std::vector<long>& shape) const {
    long count = 1;
    for (const long length : shape) count *= length;
    folder_.put(name, npyBytes(shape, std::vector<float>(static_cast<std::size_t>(count), 0)));
  }
  ProcessResult compute(const std::string& members) const {
    const std::string file =
        folder_.put("e.headlight.json", R"({"type": "headlight/experiment", "version": 1, )" + members + "}");
    return headlight({"compute", file});
  }
  void expectRefused(const std::vector<Case>& cases) const {
    for (const Case& one : cases) {
      const ProcessResult result = compute(one.members);
      EXPECT_EQ(result.code, 3) << one.members << "\n" << result.err;
      EXPECT_THAT(result.err, StartsWith("headlight: ")) << one.members;
      EXPECT_THAT(result.out, IsEmpty()) << one.members;
      for (const std::string& words : one.said) EXPECT_THAT(result.err, HasSubstr(words)) << one.members;
    }
  }

  TemporaryFolder folder_;
};

const std::string kLayer =
    R"("source": {"kind": "mha", "file": "l.safetensors", "x": "l.safetensors:x"}, "shape": {"heads": 3})";

std::string layer(const std::string& more) {
  return R"("source": {"kind": "mha", )" + more + R"(}, "shape": {"heads": 3})";
}

TEST_F(BadSources, TheSourceItselfFits) {
  EXPECT_EQ(compute(kLayer).code, 0) << compute(kLayer).err;
}

TEST_F(BadSources, OfALayer) {
  const std::string file = R"("file": "l.safetensors", )";
  expectRefused({
      {layer(R"("file": "none.safetensors", "x": "x7.npy")"), {"source.file", "none.safetensors"}},
      {layer(file + R"("x": "l.safetensors:y")"), {"source.x", "\"y\"", "in_proj_bias"}},
      {layer(R"("file": "l.safetensors")"), {"source", "no x"}},
      {layer(file + R"("x": "x7.npy")"), {"source.x", "[5, 7]", "in_proj_weight [18, 6]"}},
      {layer(file + R"("x": "x4.npy")"), {"source.x", "[1, 1, 5, 6]", "[batch, tokens, width]"}},
      {layer(file + R"("x": "words.csv")"), {"source.x", "words.csv", "line 1, column 1", "\"a\""}},
      {layer(file + R"("x": "l.safetensors:x", "prefix": "encoder")"), {"source.prefix", "\"encoder\""}},
      {R"("source": {"kind": "mha", "file": "l.safetensors", "x": "l.safetensors:x"})",
       {"shape.heads", "1, 2, 3 or 6"}},
      {R"("source": {"kind": "mha", "file": "l.safetensors", "x": "l.safetensors:x"}, "shape": {"heads": 4})",
       {"shape.heads", "4 heads"}},
      {kLayer + R"(, "tokens": {"text": "one two"})", {"tokens", "2 tokens", "5"}},
  });
}

TEST_F(BadSources, OfASafetensorsFileThatIsBroken) {
  const auto file = [](const std::string& name) {
    return layer(R"("file": ")" + name + R"(", "x": "x7.npy")");
  };
  expectRefused({
      {file("cut.safetensors"), {"source.file", "cut.safetensors, byte ", "data_offsets"}},
      {file("head.safetensors"), {"head.safetensors, byte 0", "are left"}},
      {file("six.safetensors"), {"six.safetensors, byte 6", "found 6 bytes"}},
      {file("huge.safetensors"), {"huge.safetensors, byte 0", "accepted are at most"}},
  });
}

TEST_F(BadSources, OfMasks) {
  const auto mask = [](const std::string& entry) { return kLayer + R"(, "mask": [{)" + entry + "}]"; };
  const auto tensor = [&](const std::string& file, const std::string& more) {
    return mask(R"("kind": "tensor", "tensor": ")" + file + "\"" + more);
  };
  const std::string drop = R"(, "meaning": "drop")";
  expectRefused({
      {tensor("m56.npy", drop), {"mask[0].tensor", "m56.npy", "[5, 6]", "[5, 5]"}},
      {tensor("m4.npy", drop), {"mask[0].tensor", "[4, 5, 5]", "[3, 5, 5]"}},
      {tensor("half.npy", drop), {"mask[0].tensor", "0.5", "[2]", "additive"}},
      {tensor("k5.npy", ""), {"mask[0].meaning", "keep"}},
      {tensor("k5.npy", R"(, "meaning": "kep")"), {"mask[0].meaning", "Did you mean \"keep\"?"}},
      {tensor("k5.npy", drop + R"(, "axes": "bqk")"), {"mask[0].axes", "\"bqk\"", "[5]"}},
      {tensor("none.npy", drop), {"mask[0].tensor", "none.npy"}},
      {tensor("l.safetensors:none", drop), {"mask[0].tensor", "\"none\""}},
      {mask(R"("kind": "documents", "ids": [0, 1])"), {"mask[0].ids", "list of 2", "5 tokens"}},
      {mask(R"("kind": "padding", "keep": [1, 1, 0])"), {"mask[0].keep", "list of 3", "5 keys"}},
      {mask(R"("kind": "block", "size": 2, "layout": [[1, 0], [1, 1]])"), {"mask[0].layout", "3 × 3"}},
      {mask(R"("kind": "longformer", "window": 3, "global": [])"), {"mask[0].window", "even"}},
      {mask(R"("kind": "longformer", "window": 2, "global": [9])"), {"mask[0].global[0]", "0 to 4"}},
      {mask(R"("kind": "cells", "drop": [[0, 7]])"), {"mask[0].drop[0][1]", "found 7", "0 to 4"}},
      {mask(R"("kind": "strided")"), {"mask[0].stride"}},
  });
}

TEST_F(BadSources, OfBiasesNormalizersAndPositions) {
  const auto bias = [](const std::string& entry) {
    return kLayer + R"(, "score": {"bias": [{)" + entry + "}]}";
  };
  expectRefused({
      {bias(R"("kind": "t5", "table": "t30.npy")"), {"score.bias[0].table", "[30, 3]", "[32, 3]"}},
      {bias(R"("kind": "t5")"), {"score.bias[0].table"}},
      {bias(R"("kind": "tensor", "tensor": "m56.npy")"), {"score.bias[0].tensor", "[5, 6]", "[5, 5]"}},
      {bias(R"("kind": "constant", "value": 1, "query": 9)"), {"score.bias[0].query", "0 to 4"}},
      {kLayer + R"(, "score": {"softcap": 0})", {"score.softcap", "> 0"}},
      {kLayer + R"(, "normalizer": "sink")", {"normalizer.logits"}},
      {kLayer + R"(, "normalizer": {"kind": "sink", "logits": [1, 2]})", {"normalizer.logits", "3 heads"}},
      {kLayer + R"(, "normalizer": {"kind": "softmax", "temperature": 0})", {"normalizer.temperature"}},
      {kLayer + R"(, "position": {"kind": "rope", "fraction": 0.5})", {"position.fraction", "d_k 2"}},
      {kLayer + R"(, "mistake": {"softmax_over": "keys"})", {"mistake.softmax_over", "queries"}},
  });
}

TEST_F(BadSources, OfMaps) {
  const auto maps = [](const std::string& more) {
    return R"("source": {"kind": "maps", "file": "w.npy", )" + more + "}";
  };
  expectRefused({
      {maps(R"("layout": "qk")"), {"source.file", "[1, 2, 2]", "hqk"}},
      {maps(R"("layout": "lhqk")"), {"source.file", "[1, 2, 2]"}},
      {maps(R"("layout": "hqk", "is": "logits")"), {"source.is", "\"weights\" or \"scores\""}},
      {maps(R"("layout": "hqk", "v": "v7.npy")"), {"source.v", "[3, 7, 4]"}},
      {maps(R"("layout": "hqk")") + R"(, "shape": {"heads": 4})", {"shape.heads"}},
  });
}

TEST_F(BadSources, OfGivenProjections) {
  const auto qkv = [](const std::string& more) {
    return R"("source": {"kind": "qkv", "layout": "htd", "q": "q.npy", )" + more + "}";
  };
  expectRefused({
      {qkv(R"("k": "k2.npy")"), {"[3, 5, 4]", "[2, 5, 4]", "multiple"}},
      {qkv(R"("k": "k6.npy")"), {"[3, 5, 4]", "[3, 5, 6]"}},
      {qkv(R"("k": "q.npy", "v": "v7.npy")"), {"[3, 5, 4]", "[3, 7, 4]"}},
      {qkv(R"("k": "q.npy", "v": "q.npy", "w_o": "o.npy")"), {"source.w_o", "[11, 6]", "12"}},
  });
}

TEST_F(BadSources, RowsThatDoNotSumToOneAreTold) {
  folder_.put("w.npy", npyBytes({1, 2, 2}, {1, 0, 0.5F, 0.25F}));
  const ProcessResult result = compute(R"("source": {"kind": "maps", "file": "w.npy", "layout": "hqk"})");
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.err, AllOf(HasSubstr("warning"), HasSubstr("1 of 2 rows"), HasSubstr("0.75")));
}

TEST_F(BadSources, NotFiniteInputsOfALayerAreToldAndComputed) {
  std::vector<float> x(30, 1);
  x[15] = std::numeric_limits<float>::quiet_NaN();
  x[20] = std::numeric_limits<float>::infinity();
  folder_.put("x.npy", npyBytes({5, 6}, x));
  const ProcessResult result = compute(layer(R"("file": "l.safetensors", "x": "x.npy")"));
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("warning"), HasSubstr("2 values"), HasSubstr("[2, 3]")));
  EXPECT_THAT(result.out, HasSubstr("NaN"));
}

}  // namespace
}  // namespace headlight::test
