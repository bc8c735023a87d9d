#include "core/experiment/generated_block.h"

#include <cmath>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/experiment/generator.h"

namespace headlight {
namespace {

constexpr std::uint64_t kSeed = 918273;

double numberAt(const GeneratedName& name, std::int64_t row, std::int64_t column) {
  return normalFromBits(randomBits(name.seed, {name.matrix, name.head, static_cast<std::uint64_t>(row),
                                               static_cast<std::uint64_t>(column)}));
}

void expectRight(const GeneratedName& name, std::int64_t rows, std::int64_t columns) {
  const auto block = generatedBlock(name, rows, columns);
  ASSERT_GE(block->rows, rows);
  ASSERT_GE(block->columns, columns);
  for (std::int64_t i = 0; i < block->rows; ++i) {
    for (std::int64_t j = 0; j < block->columns; ++j) {
      ASSERT_EQ(block->row(i)[j], numberAt(name, i, j)) << name.head << ": " << i << ", " << j;
    }
  }
}

TEST(GeneratedBlock, GrowsInBothDirectionsToTheSameNumbers) {
  const GeneratedName name{kSeed, 2, 0};
  expectRight(name, 6, 5);
  expectRight(name, 6, 9);   // wider
  expectRight(name, 11, 9);  // taller
  expectRight(name, 13, 12);
  expectRight(name, 20, 3);  // taller than it was, narrower than it was
  expectRight(name, 2, 30);
  expectRight(name, 1, 1);
}

TEST(GeneratedBlock, NamesAreApart) {
  for (const GeneratedName& name :
       {GeneratedName{kSeed, 2, 1}, {kSeed, 3, 1}, {kSeed, 2, 2}, {kSeed + 1, 2, 1}, {kSeed, 2, 1}})
    expectRight(name, 4, 7);
}

TEST(GeneratedBlock, WhatIsThereIsNotMadeAgain) {
  const GeneratedName name{kSeed, 4, 0};
  const auto large = generatedBlock(name, 30, 40);
  EXPECT_EQ(generatedBlock(name, 30, 40), large);
  EXPECT_EQ(generatedBlock(name, 12, 3), large);
}

TEST(GeneratedBlock, KeepsToItsBoundAndForgetsTheOldestFirst) {
  constexpr std::int64_t kRows = 1 << 10;
  constexpr std::int64_t kColumns = 1 << 9;  // 4 MiB
  constexpr std::uint64_t kHeads = 17;       // one more than the bound has room for
  std::vector<std::weak_ptr<const GeneratedBlock>> blocks;
  for (std::uint64_t head = 0; head < kHeads; ++head) {
    blocks.emplace_back(generatedBlock({kSeed, 5, head}, kRows, kColumns));
    EXPECT_LE(generatedBytesKept(), kGeneratedBytes);
  }
  EXPECT_TRUE(blocks.front().expired());
  EXPECT_FALSE(blocks.back().expired());
  EXPECT_FALSE(blocks[1].expired());
  const auto again = generatedBlock({kSeed, 5, 0}, kRows, kColumns);
  EXPECT_EQ(again->row(kRows - 1)[kColumns - 1], numberAt({kSeed, 5, 0}, kRows - 1, kColumns - 1));
  EXPECT_TRUE(blocks[1].expired());
}

TEST(GeneratedBlock, LargerThanTheBoundIsMadeAndNotKept) {
  const GeneratedName name{kSeed, 6, 0};
  constexpr std::int64_t kRows = (std::int64_t{1} << 12) + 1;
  constexpr std::int64_t kColumns = std::int64_t{1} << 11;  // 64 MiB and a row
  const std::size_t before = generatedBytesKept();
  const auto block = generatedBlock(name, kRows, kColumns);
  EXPECT_EQ(block->row(kRows - 1)[3], numberAt(name, kRows - 1, 3));
  EXPECT_EQ(generatedBytesKept(), before);
}

TEST(GeneratedBlock, ThreadsMayAskAtOnce) {
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([t, &wrong] {
      for (std::int64_t n = 1; n < 60; ++n) {
        const GeneratedName name{kSeed, 7, static_cast<std::uint64_t>(n) % 3};
        const auto block = generatedBlock(name, n, static_cast<std::int64_t>(t) * 5 + 1);
        if (block->row(n - 1)[0] != numberAt(name, n - 1, 0)) ++wrong[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

TEST(GeneratedBlock, WeightsAreTheSameWhateverWasAskedBefore) {
  const auto expectWeights = [](std::int64_t dModel, int heads, std::int64_t width) {
    const Matrix w = generateProjection(kSeed, Generated::wQ, dModel, heads, width);
    const Matrix o = generateOutput(kSeed, heads, width, dModel);
    const double scale = 1.0 / std::sqrt(static_cast<double>(dModel));
    const double ofOutput = 1.0 / std::sqrt(static_cast<double>(heads) * static_cast<double>(width));
    for (int head = 0; head < heads; ++head) {
      const auto h = static_cast<std::uint64_t>(head);
      for (std::int64_t i = 0; i < dModel; ++i) {
        for (std::int64_t j = 0; j < width; ++j) {
          ASSERT_EQ(w(i, head * width + j), static_cast<float>(numberAt({kSeed, 2, h}, i, j) * scale));
          ASSERT_EQ(o(head * width + j, i), static_cast<float>(numberAt({kSeed, 5, h}, j, i) * ofOutput));
        }
      }
    }
  };
  expectWeights(12, 2, 6);
  expectWeights(12, 3, 5);
  expectWeights(16, 2, 7);
  expectWeights(8, 4, 6);
}

}  // namespace
}  // namespace headlight
