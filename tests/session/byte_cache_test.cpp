#include "app/session/byte_cache.h"

#include <gtest/gtest.h>

namespace headlight {
namespace {

std::shared_ptr<const int> number(int value) {
  return std::make_shared<const int>(value);
}

TEST(ByteCache, HoldsNoMoreThanItMay) {
  ByteCache<int> cache(100);
  for (int i = 0; i < 50; ++i) {
    cache.insert(static_cast<std::uint64_t>(i), number(i), 9);
    EXPECT_LE(cache.bytes(), 100u);
  }
  EXPECT_EQ(cache.size(), 11u);
  EXPECT_EQ(cache.find(0), nullptr);
  EXPECT_EQ(*cache.find(49), 49);
}

TEST(ByteCache, WhatWasLookedAtStaysLongest) {
  ByteCache<int> cache(30);
  cache.insert(1, number(1), 10);
  cache.insert(2, number(2), 10);
  cache.insert(3, number(3), 10);
  EXPECT_NE(cache.find(1), nullptr);
  cache.insert(4, number(4), 10);
  EXPECT_EQ(cache.find(2), nullptr);
  EXPECT_NE(cache.find(1), nullptr);
}

TEST(ByteCache, AKeyTakesItsPlaceOnce) {
  ByteCache<int> cache(100);
  cache.insert(1, number(1), 60);
  cache.insert(1, number(2), 70);
  EXPECT_EQ(cache.bytes(), 70u);
  EXPECT_EQ(cache.size(), 1u);
  EXPECT_EQ(*cache.find(1), 2);
}

TEST(ByteCache, WhatIsLargerThanAllStaysAlone) {
  ByteCache<int> cache(100);
  cache.insert(1, number(1), 10);
  cache.insert(2, number(2), 1000);
  EXPECT_EQ(cache.find(1), nullptr);
  EXPECT_NE(cache.find(2), nullptr);
  cache.insert(3, number(3), 10);
  EXPECT_EQ(cache.find(2), nullptr);
  EXPECT_EQ(cache.bytes(), 10u);
}

}  // namespace
}  // namespace headlight
