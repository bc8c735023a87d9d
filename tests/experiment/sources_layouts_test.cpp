#include <array>

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

constexpr std::int64_t kLayers = 3;
constexpr std::int64_t kBatch = 2;
constexpr std::int64_t kTokens = 4;

struct Shape {
  std::string name;
  std::int64_t heads;
  std::int64_t width;
};
const Shape kShapes[] = {{"q", 6, 3}, {"k", 2, 3}, {"v", 2, 5}};

/// A number that tells where it stands.
float numberAt(std::int64_t layer, std::int64_t batch, std::int64_t head, std::int64_t token,
               std::int64_t column) {
  return static_cast<float>((((layer * 4 + batch) * 8 + head) * 8 + token) * 8 + column) / 4096.0f;
}

/// q, k and v whose axes stand in the order of the layout.
std::vector<NamedTensor> tensorsIn(std::string_view layout) {
  std::vector<NamedTensor> list;
  for (const Shape& shape : kShapes) {
    NamedTensor tensor{shape.name, {}, {}};
    const auto length = [&](char axis) {
      return axis == 'l'   ? kLayers
             : axis == 'b' ? kBatch
             : axis == 'h' ? shape.heads
             : axis == 't' ? kTokens
                           : shape.width;
    };
    std::int64_t size = 1;
    for (const char axis : layout) {
      tensor.shape.push_back(length(axis));
      size *= length(axis);
    }
    for (std::int64_t n = 0; n < size; ++n) {
      std::int64_t rest = n;
      std::array<std::int64_t, 128> at{};
      for (std::size_t axis = layout.size(); axis-- > 0;) {
        at[static_cast<unsigned char>(layout[axis])] = rest % tensor.shape[axis];
        rest /= tensor.shape[axis];
      }
      tensor.values.push_back(numberAt(at['l'], at['b'], at['h'], at['t'], at['d']));
    }
    list.push_back(std::move(tensor));
  }
  return list;
}

class Layouts : public testing::TestWithParam<std::string> {
 protected:
  TemporaryFolder folder_;
};

TEST_P(Layouts, ReadTheNumbersOfTheirLayerAndElement) {
  const std::string layout = GetParam();
  folder_.put("a.npz", npzBytes(tensorsIn(layout)));
  const bool layers = layout.find('l') != std::string::npos;
  const bool batches = layout.find('b') != std::string::npos;
  const std::int64_t layer = layers ? 2 : 0;
  for (int batch = 0; batch < (batches ? 2 : 1); ++batch) {
    const auto e = evaluated(experimentOf(R"("source": {"kind": "qkv", "file": "a.npz", "layout": ")" +
                                          layout + R"(", "layer": )" + std::to_string(layer) +
                                          R"(}, "view": {"batch": )" + std::to_string(batch) + "}"),
                             folder_.path());
    EXPECT_EQ(e->prepared->batches, batches ? kBatch : 0);
    EXPECT_EQ(e->run->sizes.heads, 6);
    EXPECT_EQ(e->run->sizes.kvHeads, 2);
    const Inputs& inputs = e->prepared->plan.inputs;
    for (const auto& [heads, shape] :
         {std::pair{&inputs.q, kShapes[0]}, {&inputs.k, kShapes[1]}, {&inputs.v, kShapes[2]}}) {
      ASSERT_EQ((*heads)->size(), static_cast<std::size_t>(shape.heads));
      for (std::int64_t h = 0; h < shape.heads; ++h) {
        const Matrix& matrix = (**heads)[static_cast<std::size_t>(h)];
        ASSERT_EQ(matrix.rows(), kTokens);
        ASSERT_EQ(matrix.cols(), shape.width);
        for (std::int64_t t = 0; t < kTokens; ++t) {
          for (std::int64_t c = 0; c < shape.width; ++c) {
            ASSERT_EQ(matrix(t, c), numberAt(layer, batch, h, t, c)) << shape.name << h << t << c;
          }
        }
      }
    }
  }
}

/// The view looks at another layer than the source names; the source itself stays.
TEST_P(Layouts, TheViewMayNameTheLayer) {
  const std::string layout = GetParam();
  const bool layers = layout.starts_with('l');
  folder_.put("a.npz", npzBytes(tensorsIn(layout)));
  const std::string source = R"("source": {"kind": "qkv", "file": "a.npz", "layout": ")" + layout +
                             R"(", "layer": )" + (layers ? "1" : "0") + "}";
  const auto plain = evaluated(experimentOf(source), folder_.path());
  EXPECT_EQ(plain->prepared->layers, layers ? kLayers : 0);
  EXPECT_EQ(plain->prepared->layer, layers ? 1 : 0);
  for (int layer = 0; layer < (layers ? 3 : 1); ++layer) {
    const Experiment experiment =
        experimentOf(source + R"(, "view": {"layer": )" + std::to_string(layer) + "}");
    const auto e = evaluated(experiment, folder_.path(), plain.get());
    EXPECT_EQ(e->prepared->layer, layer);
    EXPECT_EQ((*e->prepared->plan.inputs.q)[5](3, 2), numberAt(layer, 0, 5, 3, 2));
    EXPECT_EQ((*e->prepared->plan.inputs.v)[1](3, 4), numberAt(layer, 0, 1, 3, 4));
    EXPECT_FALSE(sameNumbers(experiment, plain->experiment));
    EXPECT_TRUE(sameButView(experiment, plain->experiment));
  }
}

INSTANTIATE_TEST_SUITE_P(All, Layouts, testing::Values("htd", "thd", "bhtd", "bthd", "lhtd", "lbhtd"),
                         [](const auto& one) { return one.param; });

class LayoutProblems : public testing::Test {
 protected:
  std::string problem(std::string_view layout, std::string_view more = "", std::string_view outside = "") {
    const std::string body = R"("source": {"kind": "qkv", "file": "a.npz", "layout": ")" +
                             std::string(layout) + "\"" + std::string(more) + "}" + std::string(outside);
    const auto prepared = prepare(experimentOf(body), folder_.path());
    return prepared ? "" : prepared.error().text();
  }
  TemporaryFolder folder_;
};

TEST_F(LayoutProblems, AnotherRankNamesTheLayoutsThatFit) {
  folder_.put("a.npz", npzBytes(tensorsIn("bhtd")));
  EXPECT_THAT(problem("htd"), AllOf(HasSubstr("found q [2, 6, 4, 3]"), HasSubstr("[heads, tokens, width]"),
                                    HasSubstr("\"bhtd\", \"bthd\" or \"lhtd\"")));
  EXPECT_THAT(problem("lbhtd"), HasSubstr("[layers, batch, heads, tokens, width] (layout lbhtd)"));
  folder_.put("a.npz",
              npzBytes({{"q", {2, 3}, std::vector<float>(6)}, {"k", {2, 3}, std::vector<float>(6)}}));
  EXPECT_THAT(problem("htd"), HasSubstr("For 2 axes the layout is \"td\""));
  folder_.put("a.npz", npzBytes({{"q", {6}, std::vector<float>(6)}, {"k", {6}, std::vector<float>(6)}}));
  EXPECT_THAT(problem("htd"), HasSubstr("No layout has 1 axis"));
}

// Before a projection's output is cut into heads they lie side by side: [tokens, heads · width].
TEST(SideBySide, HeadsAreCutOutOfTheWidth) {
  for (const auto& [apart, together] : {std::pair{"thd", "td"}, std::pair{"bthd", "btd"}}) {
    const TemporaryFolder folder;
    const std::vector<NamedTensor> tensors = tensorsIn(apart);
    std::vector<NamedTensor> joined = tensors;
    for (NamedTensor& tensor : joined) {
      const std::int64_t width = tensor.shape.back();
      tensor.shape.pop_back();
      tensor.shape.back() *= width;
    }
    folder.put("a.npz", npzBytes(tensors));
    folder.put("b.npz", npzBytes(joined));
    const auto body = [](const char* file, const char* layout, const char* shape) {
      return std::string(R"("source": {"kind": "qkv", "file": ")") + file + R"(", "layout": ")" + layout +
             R"("}, "shape": {)" + shape + "}";
    };
    const auto given = evaluated(experimentOf(body("a.npz", apart, "")), folder.path());
    const auto cut =
        evaluated(experimentOf(body("b.npz", together, R"("heads": 6, "kv_heads": 2)")), folder.path());
    ASSERT_TRUE(given && cut);
    EXPECT_EQ(cut->run->sizes.heads, 6);
    EXPECT_EQ(cut->run->sizes.dK, 3);
    EXPECT_EQ(cut->prepared->batches, given->prepared->batches);
    for (int head = 0; head < 6; ++head) {
      const auto a = Field::make(given->run, Stage::headOutput, head);
      const auto b = Field::make(cut->run, Stage::headOutput, head);
      ASSERT_TRUE(a && b);
      for (std::int64_t i = 0; i < a->rows(); ++i) {
        for (std::int64_t j = 0; j < a->cols(); ++j) EXPECT_EQ(a->cell(i, j), b->cell(i, j)) << head;
      }
    }
  }
}

TEST(SideBySide, AWidthThatHeadsCannotShareIsRefused) {
  const TemporaryFolder folder;
  folder.put("a.npz",
             npzBytes({{"q", {2, 6}, std::vector<float>(12)}, {"k", {2, 6}, std::vector<float>(12)}}));
  const auto prepared = prepare(
      experimentOf(R"("source": {"kind": "qkv", "file": "a.npz", "layout": "td"}, "shape": {"heads": 4})"),
      folder.path());
  ASSERT_FALSE(prepared);
  EXPECT_THAT(prepared.error().text(),
              AllOf(HasSubstr("q [2, 6]"), HasSubstr("4 heads"), HasSubstr("shape.heads")));
}

TEST_F(LayoutProblems, ALayerOrElementThatIsNotThereIsRefused) {
  folder_.put("a.npz", npzBytes(tensorsIn("lbhtd")));
  EXPECT_THAT(problem("lbhtd", R"(, "layer": 3)"),
              AllOf(HasSubstr("source.layer: found 3"), HasSubstr("3 layers"), HasSubstr("0 to 2")));
  EXPECT_THAT(problem("lbhtd", "", R"(, "view": {"batch": 2})"), HasSubstr("view.batch"));
  EXPECT_THAT(problem("lbhtd", R"(, "layer": 1)", R"(, "view": {"layer": 3})"),
              AllOf(HasSubstr("view.layer: found 3"), HasSubstr("3 layers"), HasSubstr("0 to 2")));
  folder_.put("a.npz", npzBytes(tensorsIn("bhtd")));
  EXPECT_EQ(problem("bhtd", "", R"(, "view": {"layer": 0})"), "");
  EXPECT_THAT(problem("bhtd", "", R"(, "view": {"layer": 1})"),
              AllOf(HasSubstr("view.layer: found 1"), HasSubstr("no layers")));
  EXPECT_THAT(errorOf(R"("source": {"kind": "qkv", "file": "a.npz", "layout": "thd", "layer": 1})"),
              AllOf(HasSubstr("source.layer"), HasSubstr("layout thd"), HasSubstr("lhtd and lbhtd")));
}

TEST_F(LayoutProblems, TensorsThatDoNotFitAreBothNamed) {
  std::vector<NamedTensor> tensors = tensorsIn("bhtd");
  tensors[1] = {"k", {3, 2, 4, 3}, std::vector<float>(72)};
  folder_.put("a.npz", npzBytes(tensors));
  EXPECT_THAT(problem("bhtd"),
              AllOf(HasSubstr("q [2, 6, 4, 3]"), HasSubstr("k [3, 2, 4, 3]"), HasSubstr("batch elements")));
  tensors = tensorsIn("bhtd");
  tensors[2] = {"v", {2, 2, 3, 5}, std::vector<float>(60)};
  folder_.put("a.npz", npzBytes(tensors));
  EXPECT_THAT(problem("bhtd"), AllOf(HasSubstr("k [2, 2, 4, 3]"), HasSubstr("v [2, 2, 3, 5]")));
}

// Assertion 18: a key-value head serves the query heads beside each other.
TEST(GroupedQueries, HeadsOfAGroupStandBesideEachOther) {
  const TemporaryFolder folder;
  const auto wave = [](std::size_t n, std::size_t step) {
    std::vector<float> values;
    values.reserve(n);
    for (std::size_t i = 0; i < n; ++i) values.push_back(static_cast<float>((i * step + i * i) % 13) / 6 - 1);
    return values;
  };
  std::vector<NamedTensor> tensors{
      {"q", {6, 4, 3}, wave(72, 5)}, {"k", {2, 5, 3}, wave(30, 7)}, {"v", {2, 5, 2}, wave(20, 3)}};
  folder.put("a.npz", npzBytes(tensors));
  std::fill(tensors[1].values.begin() + 15, tensors[1].values.end(), 0.0f);
  std::fill(tensors[2].values.begin() + 10, tensors[2].values.end(), 0.0f);
  folder.put("b.npz", npzBytes(tensors));
  const auto open = [&](const std::string& file) {
    return evaluated(
        experimentOf(R"("mask": "causal", "source": {"kind": "qkv", "file": ")" + file + R"("})"),
        folder.path());
  };
  const auto a = open("a.npz");
  const auto b = open("b.npz");
  for (int head = 0; head < 6; ++head) {
    const auto before = Field::make(a->run, Stage::weights, head);
    const auto after = Field::make(b->run, Stage::weights, head);
    for (std::int64_t i = 0; i < 4; ++i) {
      for (std::int64_t j = 0; j <= i; ++j) {
        if (head < 3) {
          EXPECT_EQ(after->cell(i, j), before->cell(i, j));
        } else {
          EXPECT_NEAR(after->cell(i, j), 1.0 / static_cast<double>(i + 1), 1e-7);
        }
      }
    }
  }
}

}  // namespace
}  // namespace headlight
