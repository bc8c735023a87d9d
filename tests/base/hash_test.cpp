#include "core/base/hash.h"

#include <set>

#include <gtest/gtest.h>

namespace headlight {
namespace {

TEST(Hash, Sha256KnowsTheStandardsExamples) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Hash, Sha256PieceByPieceIsTheSame) {
  Sha256 sum;
  sum.add("a");
  const std::string before = sum.hex();
  sum.add("bc");
  EXPECT_EQ(before, sha256("a"));
  EXPECT_EQ(sum.hex(), sha256("abc"));
  EXPECT_EQ(sum.hex(), sha256("abc"));
}

TEST(Hash, KeysTellApartWhatDiffers) {
  std::set<std::uint64_t> keys;
  EXPECT_TRUE(keys.insert(KeyHash().key()).second);
  EXPECT_TRUE(keys.insert(KeyHash().add("").key()).second);
  EXPECT_TRUE(keys.insert(KeyHash().add("a").add("bc").key()).second);
  EXPECT_TRUE(keys.insert(KeyHash().add("ab").add("c").key()).second);
  EXPECT_TRUE(keys.insert(KeyHash().add("abc").key()).second);
  EXPECT_TRUE(keys.insert(KeyHash().add(std::string_view("\0", 1)).key()).second);
  EXPECT_TRUE(keys.insert(KeyHash().add(1.0).key()).second);
  EXPECT_TRUE(keys.insert(KeyHash().add(std::uint64_t{1}).key()).second);
  EXPECT_TRUE(keys.insert(KeyHash().add(std::uint64_t{1}).add(std::uint64_t{2}).key()).second);
  EXPECT_TRUE(keys.insert(KeyHash().add(std::uint64_t{2}).add(std::uint64_t{1}).key()).second);
}

TEST(Hash, KeysAreTheSameEverywhere) {
  EXPECT_EQ(KeyHash().add("headlight").add(2.5).add(std::uint64_t{7}).key(), 0x3ec52391e8e93635u);
  EXPECT_EQ(KeyHash().add(0.0 / 0.0).key(), KeyHash().add(-(0.0 / 0.0)).key());
}

}  // namespace
}  // namespace headlight
