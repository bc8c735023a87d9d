#include "core/experiment/generator.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "tests/experiment/support.h"

namespace headlight {
namespace {

using test::evaluated;
using test::experimentOf;

std::vector<Token> words(std::initializer_list<std::string> list) {
  return tokensFromLabels(std::vector<std::string>(list));
}

TEST(Generator, TheseBitsNeverChange) {
  const Matrix x = generateEmbedding(1, words({"animal"}), 3);
  EXPECT_EQ(x(0, 0), 0x1.bcbc42p-2f);
  EXPECT_EQ(x(0, 1), 0x1.5600cep+0f);
  EXPECT_EQ(x(0, 2), 0x1.2f0f4p-4f);
  const Matrix w = generateProjection(7, Generated::wQ, 2, 2, 2);
  EXPECT_EQ(w(1, 3), 0x1.199258p-1f);
  const Matrix o = generateOutput(7, 2, 2, 3);
  EXPECT_EQ(o(3, 2), 0x1.8a8b52p-2f);
}

TEST(Generator, EqualTokensGetEqualRows) {
  const Matrix x = generateEmbedding(4, words({"the", "cat", "the"}), 16);
  for (std::int64_t c = 0; c < 16; ++c) {
    EXPECT_EQ(x(0, c), x(2, c));
    EXPECT_NE(x(0, c), x(1, c));
  }
}

TEST(Generator, AddingATokenChangesNoOtherRow) {
  const Matrix before = generateEmbedding(4, words({"the", "cat", "sat"}), 16);
  const Matrix after = generateEmbedding(4, words({"look", "the", "cat", "sat"}), 16);
  for (std::int64_t i = 0; i < 3; ++i) {
    for (std::int64_t c = 0; c < 16; ++c) EXPECT_EQ(before(i, c), after(i + 1, c));
  }
}

TEST(Generator, WiderKeepsTheColumnsThatWereThere) {
  const Matrix narrow = generateEmbedding(4, words({"cat"}), 8);
  const Matrix wide = generateEmbedding(4, words({"cat"}), 32);
  for (std::int64_t c = 0; c < 8; ++c) EXPECT_EQ(narrow(0, c), wide(0, c));
}

/// A generated weight times √d_model: what stays when the sizes change.
double plain(const Matrix& w, std::int64_t row, std::int64_t column) {
  return static_cast<double>(w(row, column)) * std::sqrt(static_cast<double>(w.rows()));
}

TEST(Generator, ChangingSizesKeepsTheNumbersUpToTheirScale) {
  constexpr std::int64_t kWidth = 4;
  const Matrix base = generateProjection(9, Generated::wK, 8, 2, kWidth);
  const Matrix moreHeads = generateProjection(9, Generated::wK, 8, 5, kWidth);
  const Matrix wider = generateProjection(9, Generated::wK, 8, 2, 7);
  const Matrix larger = generateProjection(9, Generated::wK, 20, 2, kWidth);
  for (std::int64_t row = 0; row < 8; ++row) {
    for (std::int64_t head = 0; head < 2; ++head) {
      for (std::int64_t column = 0; column < kWidth; ++column) {
        const double expected = plain(base, row, head * kWidth + column);
        EXPECT_EQ(base(row, head * kWidth + column), moreHeads(row, head * kWidth + column));
        EXPECT_EQ(base(row, head * kWidth + column), wider(row, head * 7 + column));
        EXPECT_NEAR(expected, plain(larger, row, head * kWidth + column), 1e-6);
      }
    }
  }
  const Matrix two = generateOutput(9, 2, 3, 6);
  const Matrix four = generateOutput(9, 4, 3, 6);
  for (std::int64_t row = 0; row < 6; ++row) {
    for (std::int64_t c = 0; c < 6; ++c)
      EXPECT_NEAR(two(row, c) * std::sqrt(6.0), four(row, c) * std::sqrt(12.0), 1e-6);
  }
}

TEST(Generator, HasTheStatedSpread) {
  const Matrix w = generateProjection(3, Generated::wV, 100, 4, 50);
  double sum = 0;
  double squares = 0;
  for (std::int64_t i = 0; i < w.size(); ++i) {
    sum += w.data()[i];
    squares += static_cast<double>(w.data()[i]) * w.data()[i];
  }
  const auto n = static_cast<double>(w.size());
  EXPECT_NEAR(sum / n, 0, 0.003);
  EXPECT_NEAR(squares / n, 1.0 / 100, 0.0005);
}

TEST(Generator, SeedsAndMatricesDiffer) {
  const Matrix a = generateProjection(1, Generated::wQ, 4, 1, 4);
  EXPECT_NE(a, generateProjection(2, Generated::wQ, 4, 1, 4));
  EXPECT_NE(a, generateProjection(1, Generated::wK, 4, 1, 4));
}

TEST(Generator, MemoryEmbedsTheSameWordTheSameWay) {
  const auto e = evaluated(experimentOf(R"("tokens": {"text": "cat"}, "memory": {"text": "a cat"})"));
  const Inputs& inputs = e->prepared->plan.inputs;
  for (std::int64_t c = 0; c < 64; ++c) EXPECT_EQ((*inputs.x)(0, c), (*inputs.memory)(1, c));
}

TEST(Generator, MatricesTooLargeToKeepHaveTheSameNumbers) {
  // More than fit where blocks are kept.
  Matrix large(64, 40000);
  generateHead(5, Generated::wQ, 3, 0.5, 48, large, 39000);
  Matrix small(64, 48);
  generateHead(5, Generated::wQ, 3, 0.5, 48, small, 0);
  for (std::int64_t row = 0; row < small.rows(); ++row) {
    for (std::int64_t column = 0; column < small.cols(); ++column)
      ASSERT_EQ(large(row, 39000 + column), small(row, column));
  }
  const Matrix output = generateOutput(5, 2, 600, 2000);
  for (const std::int64_t row : {0, 599, 600, 1199}) {
    for (std::int64_t column = 0; column < output.cols(); column += 7) {
      const std::uint64_t bits =
          randomBits(5, {static_cast<std::uint64_t>(Generated::wO), static_cast<std::uint64_t>(row / 600),
                         static_cast<std::uint64_t>(row % 600), static_cast<std::uint64_t>(column)});
      ASSERT_EQ(output(row, column), static_cast<float>(normalFromBits(bits) * (1.0 / std::sqrt(1200.0))));
    }
  }
}

}  // namespace
}  // namespace headlight
