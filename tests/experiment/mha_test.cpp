#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "tests/experiment/support.h"

namespace headlight {
namespace {

using test::errorOf;
using test::evaluated;
using test::experimentOf;
using test::NamedTensor;
using test::npzBytes;
using test::TemporaryFolder;
using testing::AllOf;
using testing::HasSubstr;

std::int64_t modulo(std::int64_t a, std::int64_t b) {
  return (a % b + b) % b;
}

/// [rows, cols] of make(row, column).
template <class Make>
std::vector<float> filled(std::int64_t rows, std::int64_t cols, Make make) {
  std::vector<float> values;
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < cols; ++j) values.push_back(make(i, j));
  }
  return values;
}

float fraction(std::int64_t above, float below) {
  return static_cast<float>(above) / below;
}

/// The layer of golden G-2: E = 4, H = 2, with its queries x and other keys and values.
std::vector<NamedTensor> goldenLayer() {
  const auto at = [](auto i, auto j, std::int64_t a, std::int64_t b, std::int64_t m, std::int64_t less) {
    return modulo(a * i + b * j, m) - less;
  };
  return {
      {"in_proj_weight",
       {12, 4},
       filled(12, 4, [&](auto i, auto j) { return fraction(at(i, j, 7, 3, 5, 2), 4); })},
      {"in_proj_bias", {12}, filled(1, 12, [&](auto, auto i) { return fraction(modulo(2 * i, 3) - 1, 10); })},
      {"out_proj.weight",
       {4, 4},
       filled(4, 4, [&](auto i, auto j) { return fraction(at(i, j, 3, 5, 7, 3), 6); })},
      {"out_proj.bias", {4}, filled(1, 4, [&](auto, auto i) { return fraction(i, 100); })},
      {"x", {2, 4}, filled(2, 4, [&](auto i, auto j) { return fraction(at(i, j, 3, 5, 7, 3), 3); })},
      {"memory", {3, 4}, filled(3, 4, [&](auto i, auto j) { return fraction(at(i, j, 2, 3, 5, 2), 2); })},
      {"value", {3, 4}, filled(3, 4, [&](auto i, auto j) { return fraction(at(i, j, 5, 2, 7, 3), 3); })}};
}

std::vector<NamedTensor> with(std::vector<NamedTensor> tensors, const std::vector<NamedTensor>& more) {
  for (const NamedTensor& tensor : more) {
    const auto same = std::find_if(tensors.begin(), tensors.end(),
                                   [&](const NamedTensor& t) { return t.name == tensor.name; });
    if (same == tensors.end()) {
      tensors.push_back(tensor);
    } else {
      *same = tensor;
    }
  }
  return tensors;
}

std::vector<NamedTensor> without(std::vector<NamedTensor> tensors, std::string_view name) {
  std::erase_if(tensors, [&](const NamedTensor& tensor) { return tensor.name == name; });
  return tensors;
}

class Mha : public testing::Test {
 protected:
  void SetUp() override { put(goldenLayer()); }
  void put(const std::vector<NamedTensor>& tensors) { folder_.put("layer.npz", npzBytes(tensors)); }

  static constexpr std::string_view kCross =
      R"("source": {"kind": "mha", "file": "layer.npz", "x": "layer.npz:x", "memory": "layer.npz:memory",
                    "memory_value": "layer.npz:value"}, "shape": {"heads": 2})";
  static constexpr std::string_view kSelf =
      R"("source": {"kind": "mha", "file": "layer.npz", "x": "layer.npz:x"}, "shape": {"heads": 2})";

  std::shared_ptr<const Evaluation> run(std::string_view body) {
    return evaluated(experimentOf(body), folder_.path());
  }
  std::string problem(std::string_view body) {
    const auto prepared = prepare(experimentOf(body), folder_.path());
    return prepared ? "" : prepared.error().text();
  }
  TemporaryFolder folder_;
};

void expectRows(const Evaluation& e, Stage stage, int head, const std::vector<std::vector<double>>& rows) {
  const auto field = Field::make(e.run, stage, head);
  ASSERT_TRUE(field) << field.error().text();
  ASSERT_EQ(field->rows(), static_cast<std::int64_t>(rows.size()));
  ASSERT_EQ(field->cols(), static_cast<std::int64_t>(rows[0].size()));
  for (std::int64_t i = 0; i < field->rows(); ++i) {
    for (std::int64_t j = 0; j < field->cols(); ++j) {
      const double expected = rows[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
      EXPECT_NEAR(field->cell(i, j), expected, 2e-6) << info(stage).id << " [" << i << ", " << j << "]";
    }
  }
}

std::vector<float> cellsOf(const Evaluation& e, Stage stage, int head = 0) {
  const auto field = Field::make(e.run, stage, head);
  EXPECT_TRUE(field) << field.error().text();
  std::vector<float> all(static_cast<std::size_t>(field->rows() * field->cols()));
  field->block(0, field->rows(), 0, field->cols(), all.data(), nullptr, field->cols());
  return all;
}

// Assertion 12: head split, order of the packed rows and transposes.
TEST_F(Mha, GoldenLayerGivesThePrintedWeightsAndOutput) {
  const auto e = run(kCross);
  expectRows(*e, Stage::weights, 0, {{.29039241, .38192988, .32767772}, {.53250229, .18193851, .28555920}});
  expectRows(*e, Stage::weights, 1, {{.32018824, .13485180, .54495995}, {.42403233, .33155558, .24441208}});
  expectRows(*e, Stage::weights, kMeanHead,
             {{.30529033, .25839084, .43631883}, {.47826731, .25674705, .26498564}});
  expectRows(*e, Stage::output, 0,
             {{.13923645, .27545801, -.11746546, .34009446}, {.03762234, .29165386, -.19765096, .32554431}});
  EXPECT_EQ(e->prepared->origin.chip, "weights from layer.npz");
  EXPECT_EQ(e->run->sizes.dK, 2);
  EXPECT_THAT(e->prepared->warnings, testing::IsEmpty());
}

// Assertion 13: true hides for nn.MultiheadAttention and keeps for scaled_dot_product_attention.
TEST_F(Mha, AMaskSaysWhatItsTrueMeans) {
  put(with(goldenLayer(), {{"mask", {2, 3}, {0, 0, 1, 0, 1, 0}}}));
  const std::string mask = R"(, "mask": [{"kind": "tensor", "tensor": "layer.npz:mask", "meaning": )";
  const auto drop = run(std::string(kCross) + mask + R"("drop"}])");
  expectRows(*drop, Stage::weights, 0, {{.43192441, .56807559, 0}, {.65093187, 0, .34906813}});
  expectRows(*drop, Stage::weights, 1, {{.70364849, .29635151, 0}, {.63435691, 0, .36564309}});
  expectRows(*drop, Stage::output, 0,
             {{.30776077, .30625263, -.44700283, .31374799}, {-.00161974, .45045454, -.11239193, .45248448}});
  const auto keep = run(std::string(kCross) + mask + R"("keep"}])");
  expectRows(*keep, Stage::weights, 0, {{0, 0, 1}, {0, 1, 0}});
}

/// Two elements, three heads, E = 6, five tokens.
std::vector<NamedTensor> batchedLayer() {
  const auto wave = [](std::int64_t i, std::int64_t j) {
    return fraction(modulo(5 * i * i + 3 * j + i * j, 11) - 5, 8);
  };
  return {{"in_proj_weight", {18, 6}, filled(18, 6, wave)},
          {"out_proj.weight", {6, 6}, filled(6, 6, [&](auto i, auto j) { return wave(i + 3, 2 * j); })},
          {"x", {2, 5, 6}, filled(10, 6, [&](auto i, auto j) { return wave(j + 1, i); })}};
}
constexpr std::string_view kBatched =
    R"("source": {"kind": "mha", "file": "layer.npz", "x": "layer.npz:x"}, "shape": {"heads": 3})";

// Assertion 14.
TEST_F(Mha, AMaskPerHeadIsCountedByElementThenHead) {
  std::vector<float> hidden(6 * 5 * 5, 0.0f);
  for (std::size_t i = 0; i < 5; ++i) hidden[3 * 25 + i * 5 + 2] = 1;
  put(with(batchedLayer(), {{"mask", {6, 5, 5}, hidden}}));
  const std::string masked =
      std::string(kBatched) +
      R"(, "mask": [{"kind": "tensor", "tensor": "layer.npz:mask", "meaning": "drop"}])";
  for (const int batch : {0, 1}) {
    const std::string view = R"(, "view": {"batch": )" + std::to_string(batch) + "}";
    const auto with = run(masked + view);
    const auto plain = run(std::string(kBatched) + view);
    for (int head = 0; head < 3; ++head) {
      const bool same = cellsOf(*with, Stage::weights, head) == cellsOf(*plain, Stage::weights, head);
      EXPECT_EQ(same, !(batch == 1 && head == 0)) << batch << ", " << head;
    }
  }
}

// Assertion 15.
TEST_F(Mha, KeyPaddingHidesColumnsOfItsElementAlone) {
  put(with(batchedLayer(), {{"padding", {2, 5}, {0, 0, 1, 0, 0, 0, 0, 0, 0, 0}}}));
  const std::string padded =
      std::string(kBatched) +
      R"(, "mask": [{"kind": "tensor", "tensor": "layer.npz:padding", "meaning": "drop",
                                            "axes": "bk"}])";
  const auto first = run(padded);
  for (int head = 0; head < 3; ++head) {
    const auto weights = Field::make(first->run, Stage::weights, head);
    for (std::int64_t i = 0; i < 5; ++i) {
      float sum = 0;
      for (std::int64_t j = 0; j < 5; ++j) sum += weights->cell(i, j);
      EXPECT_EQ(weights->cell(i, 2), 0.0f);
      EXPECT_NEAR(sum, 1, 1e-6);
    }
  }
  const std::string second = R"(, "view": {"batch": 1})";
  EXPECT_EQ(cellsOf(*run(padded + second), Stage::output),
            cellsOf(*run(std::string(kBatched) + second), Stage::output));
}

TEST_F(Mha, BatchesMayStandFirstOrSecond) {
  const std::vector<NamedTensor> layer = batchedLayer();
  const std::vector<float>& x = layer[2].values;
  std::vector<float> turned(x.size());
  for (std::size_t b = 0; b < 2; ++b) {
    for (std::size_t t = 0; t < 5; ++t) {
      std::copy_n(x.data() + (b * 5 + t) * 6, 6, turned.data() + (t * 2 + b) * 6);
    }
  }
  put(with(layer, {{"turned", {5, 2, 6}, turned}}));
  const std::string second =
      R"("source": {"kind": "mha", "file": "layer.npz", "x": "layer.npz:turned", "batch_first": false},
         "shape": {"heads": 3})";
  for (const char* view : {R"(, "view": {"batch": 0})", R"(, "view": {"batch": 1})"}) {
    const auto a = run(std::string(kBatched) + view);
    const auto b = run(second + view);
    EXPECT_EQ(a->prepared->batches, 2);
    EXPECT_EQ(b->prepared->batches, 2);
    EXPECT_EQ(*a->prepared->plan.inputs.x, *b->prepared->plan.inputs.x);
    EXPECT_EQ(cellsOf(*a, Stage::output), cellsOf(*b, Stage::output));
  }
  EXPECT_THAT(problem(std::string(kBatched) + R"(, "view": {"batch": 2})"), HasSubstr("view.batch"));
}

// Assertion 16.
TEST_F(Mha, ExtraKeysStandLastAndNoMaskHidesThem) {
  const std::vector<float> biasK{.5f, -1, 2, .25f};
  const std::vector<float> biasV{1, 2, -3, .5f};
  put(with(goldenLayer(), {{"bias_k", {1, 1, 4}, biasK}, {"bias_v", {1, 1, 4}, biasV}}));
  const std::string source =
      R"("source": {"kind": "mha", "file": "layer.npz", "x": "layer.npz:memory", "add_zero_attn": true},
         "shape": {"heads": 2}, "mask": "causal")";
  const auto e = run(source);
  EXPECT_EQ(e->run->sizes.keys, 5);
  EXPECT_EQ(e->run->sizes.extraKeys, 2);
  ASSERT_EQ(e->prepared->keyTokens.size(), 5u);
  EXPECT_EQ(e->prepared->keyTokens[3].label, "[bias]");
  EXPECT_EQ(e->prepared->keyTokens[4].label, "[zero]");
  for (int head = 0; head < 2; ++head) {
    const auto k = Field::make(e->run, Stage::k, head);
    const auto v = Field::make(e->run, Stage::v, head);
    for (std::int64_t d = 0; d < 2; ++d) {
      const auto at = static_cast<std::size_t>(head * 2 + d);
      EXPECT_EQ(k->cell(3, d), biasK[at]);  // not multiplied by W_k, no bias added
      EXPECT_EQ(v->cell(3, d), biasV[at]);
      EXPECT_EQ(k->cell(4, d), 0.0f);
      EXPECT_EQ(v->cell(4, d), 0.0f);
    }
    const auto q = Field::make(e->run, Stage::q, head);
    const auto scaled = Field::make(e->run, Stage::scaled, head);
    const auto weights = Field::make(e->run, Stage::weights, head);
    const auto out = Field::make(e->run, Stage::headOutput, head);
    for (std::int64_t i = 0; i < 3; ++i) {
      EXPECT_EQ(scaled->cell(i, 4), 0.0f);
      // The same from the keys side by side: those up to i, and the two at the end.
      std::vector<double> exponentials(5, 0.0);
      double sum = 0;
      for (std::int64_t j = 0; j < 5; ++j) {
        if (j > i && j < 3) continue;
        const double dot = static_cast<double>(q->cell(i, 0)) * static_cast<double>(k->cell(j, 0)) +
                           static_cast<double>(q->cell(i, 1)) * static_cast<double>(k->cell(j, 1));
        sum += exponentials[static_cast<std::size_t>(j)] = std::exp(dot / std::sqrt(2.0));
      }
      for (std::int64_t d = 0; d < 2; ++d) {
        double mixed = 0;
        for (std::int64_t j = 0; j < 5; ++j) {
          const double weight = exponentials[static_cast<std::size_t>(j)] / sum;
          EXPECT_NEAR(weights->cell(i, j), weight, 2e-6);
          mixed += weight * static_cast<double>(v->cell(j, d));
        }
        EXPECT_NEAR(out->cell(i, d), mixed, 1e-5);
      }
    }
  }
}

// Assertion 17.
TEST_F(Mha, SeparateProjectionsEqualPackedOnes) {
  const auto packed = run(kCross);
  std::vector<NamedTensor> layer = without(goldenLayer(), "in_proj_weight");
  const std::vector<float> weight = goldenLayer()[0].values;
  for (std::int64_t part = 0; part < 3; ++part) {
    const auto begin = weight.begin() + part * 16;
    layer.push_back({std::string(1, "qkv"[part]) + "_proj_weight", {4, 4}, {begin, begin + 16}});
  }
  put(layer);
  const auto separate = run(kCross);
  for (const int head : {0, 1}) {
    EXPECT_EQ(cellsOf(*packed, Stage::weights, head), cellsOf(*separate, Stage::weights, head));
  }
  EXPECT_EQ(cellsOf(*packed, Stage::output), cellsOf(*separate, Stage::output));
  put(without(without(goldenLayer(), "in_proj_bias"), "out_proj.bias"));
  const auto bare = run(kCross);
  EXPECT_TRUE(bare->prepared->plan.inputs.wQ->bias.empty());
  EXPECT_TRUE(bare->prepared->plan.inputs.wO->bias.empty());
}

TEST_F(Mha, APrefixIsFoundOrNamed) {
  const auto plain = run(kSelf);
  std::vector<NamedTensor> nested;
  for (NamedTensor tensor : goldenLayer()) {
    if (tensor.name != "x") tensor.name = "encoder.layers.0.self_attn." + tensor.name;
    nested.push_back(tensor);
  }
  nested.push_back({"encoder.layers.0.linear1.weight", {2, 2}, {1, 2, 3, 4}});
  put(nested);
  EXPECT_EQ(cellsOf(*run(kSelf), Stage::output), cellsOf(*plain, Stage::output));
  std::vector<NamedTensor> two = nested;
  for (NamedTensor tensor : goldenLayer()) {
    tensor.name = "decoder.attn." + tensor.name;
    two.push_back(tensor);
  }
  put(two);
  EXPECT_THAT(problem(kSelf), AllOf(HasSubstr("source.prefix"), HasSubstr("2 layers"),
                                    HasSubstr("encoder.layers.0.self_attn."), HasSubstr("decoder.attn.")));
  for (const std::string prefix : {"encoder.layers.0.self_attn", "encoder.layers.0.self_attn."}) {
    const std::string named =
        R"("source": {"kind": "mha", "file": "layer.npz", "x": "layer.npz:x", "prefix": ")" + prefix +
        R"("}, "shape": {"heads": 2})";
    EXPECT_EQ(cellsOf(*run(named), Stage::output), cellsOf(*plain, Stage::output));
  }
  EXPECT_THAT(
      problem(R"("source": {"kind": "mha", "file": "layer.npz", "x": "layer.npz:x", "prefix": "decoder.atn"},
                         "shape": {"heads": 2})"),
      AllOf(HasSubstr("source.prefix"), HasSubstr("Did you mean \"decoder.attn.\"?")));
}

TEST_F(Mha, TheNumberOfHeadsIsAskedFor) {
  const std::string source = R"("source": {"kind": "mha", "file": "layer.npz", "x": "layer.npz:x"})";
  EXPECT_THAT(problem(source), AllOf(HasSubstr("shape.heads"), HasSubstr("layer.npz"),
                                     HasSubstr("divisor of its width: 1, 2 or 4"), HasSubstr("num_heads")));
  EXPECT_THAT(problem(source + R"(, "shape": {"heads": 3})"),
              AllOf(HasSubstr("found 3 heads"), HasSubstr("1, 2 or 4")));
  EXPECT_THAT(problem(source + R"(, "shape": {"heads": 2, "d_model": 8})"),
              HasSubstr("shape.d_model: found 8, the source's file has 4"));
  EXPECT_THAT(problem(source + R"(, "shape": {"heads": 2, "kv_heads": 1})"), HasSubstr("shape.kv_heads"));
  EXPECT_EQ(problem(source + R"(, "shape": {"heads": 4, "d_k": 1})"), "");
}

TEST_F(Mha, WhatIsMissingIsAskedFor) {
  EXPECT_THAT(errorOf(R"("source": {"kind": "mha", "file": "layer.npz"}, "shape": {"heads": 2})"),
              AllOf(HasSubstr("source: found no x"), HasSubstr("file:tensor")));
  EXPECT_THAT(errorOf(R"("source": {"kind": "mha", "x": "x.npy"}, "shape": {"heads": 2})"),
              HasSubstr("source: found no file"));
  EXPECT_THAT(problem(std::string(kSelf) + R"(, "memory": {"count": 3})"),
              AllOf(HasSubstr("memory: "), HasSubstr("source.memory")));
  EXPECT_THAT(problem(std::string(kCross) + R"(, "memory": {"count": 4})"),
              HasSubstr("memory: found 4 tokens, source.memory has 3"));
  EXPECT_THAT(problem(std::string(kSelf) + R"(, "tokens": {"count": 4})"),
              HasSubstr("tokens: found 4 tokens, source.x has 2"));
  put(without(goldenLayer(), "out_proj.weight"));
  EXPECT_THAT(problem(kSelf), AllOf(HasSubstr("source.file"), HasSubstr("out_proj.weight")));
  put({{"x", {2, 4}, goldenLayer()[4].values}});
  EXPECT_THAT(problem(kSelf),
              AllOf(HasSubstr("no nn.MultiheadAttention in layer.npz"), HasSubstr("[3E, E]")));
}

TEST_F(Mha, ShapesThatDoNotFitNameBothTensors) {
  put(with(goldenLayer(), {{"out_proj.weight", {2, 8}, std::vector<float>(16)}}));
  EXPECT_THAT(problem(kSelf),
              AllOf(HasSubstr("out_proj.weight [2, 8]"), HasSubstr("in_proj_weight [12, 4]")));
  put(with(goldenLayer(), {{"in_proj_bias", {4}, std::vector<float>(4)}}));
  EXPECT_THAT(problem(kSelf), AllOf(HasSubstr("in_proj_bias [4]"), HasSubstr("accepted is [12]")));
  put(with(goldenLayer(), {{"bias_k", {1, 1, 4}, std::vector<float>(4)}}));
  EXPECT_THAT(problem(kSelf), AllOf(HasSubstr("no bias_v"), HasSubstr("bias_k [1, 1, 4]")));
  put(with(goldenLayer(), {{"x", {2, 3}, std::vector<float>(6)}}));
  EXPECT_THAT(problem(kSelf),
              AllOf(HasSubstr("source.x"), HasSubstr("x [2, 3]"), HasSubstr("in_proj_weight [12, 4]")));
  put(with(goldenLayer(), {{"x", {8}, std::vector<float>(8)}}));
  EXPECT_THAT(problem(kSelf), AllOf(HasSubstr("x [8]"), HasSubstr("[batch, tokens, width]")));
  put(with(goldenLayer(), {{"memory", {2, 3, 4}, std::vector<float>(24)}}));
  EXPECT_THAT(problem(kCross),
              AllOf(HasSubstr("x [2, 4]"), HasSubstr("memory [2, 3, 4]"), HasSubstr("batch")));
  put(with(goldenLayer(), {{"value", {2, 4}, std::vector<float>(8)}}));
  EXPECT_THAT(problem(kCross), AllOf(HasSubstr("memory [3, 4]"), HasSubstr("memory_value [2, 4]")));
  const std::vector<NamedTensor> separate{{"q_proj_weight", {4, 4}, std::vector<float>(16)},
                                          {"k_proj_weight", {4, 5}, std::vector<float>(20)},
                                          {"v_proj_weight", {4, 3}, std::vector<float>(12)}};
  put(with(without(goldenLayer(), "in_proj_weight"), separate));
  EXPECT_THAT(problem(kSelf),
              AllOf(HasSubstr("source.memory"), HasSubstr("x [2, 4]"), HasSubstr("k_proj_weight [4, 5]")));
}

// The seeds' case: nn.MultiheadAttention(256, 8, batch_first=True) on (4, 100, 256), mean over heads.
TEST_F(Mha, ALayerOfAModelOpensWithItsBatch) {
  const auto wave = [](std::int64_t i, std::int64_t j) {
    return fraction(modulo(i * i * 7 + j * 13 + i * j, 101) - 50, 800);
  };
  put({{"in_proj_weight", {768, 256}, filled(768, 256, wave)},
       {"in_proj_bias", {768}, filled(1, 768, wave)},
       {"out_proj.weight", {256, 256}, filled(256, 256, wave)},
       {"out_proj.bias", {256}, filled(1, 256, wave)},
       {"x", {4, 100, 256}, filled(400, 256, [&](auto i, auto j) { return 8 * wave(j, i); })}});
  const std::string layer =
      R"("source": {"kind": "mha", "file": "layer.npz", "x": "layer.npz:x"}, "shape": {"heads": 8},
         "view": {"head": "mean", "batch": 3})";
  const auto e = run(layer);
  EXPECT_EQ(e->prepared->batches, 4);
  EXPECT_EQ(e->run->sizes.queries, 100);
  EXPECT_EQ(e->run->sizes.dK, 32);
  EXPECT_EQ(e->prepared->queryTokens.size(), 100u);
  const std::vector<float> mean = cellsOf(*e, Stage::weights, kMeanHead);
  std::vector<double> sums(mean.size(), 0.0);
  for (int head = 0; head < 8; ++head) {
    const std::vector<float> one = cellsOf(*e, Stage::weights, head);
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += static_cast<double>(one[i]) / 8;
  }
  for (std::size_t i = 0; i < sums.size(); ++i) ASSERT_NEAR(mean[i], sums[i], 1e-6);
  const std::string first =
      R"("source": {"kind": "mha", "file": "layer.npz", "x": "layer.npz:x"}, "shape": {"heads": 8})";
  EXPECT_NE(cellsOf(*e, Stage::output), cellsOf(*run(first), Stage::output));
}

}  // namespace
}  // namespace headlight
