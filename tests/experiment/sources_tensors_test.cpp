#include <cmath>
#include <limits>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/experiment/file_tensors.h"
#include "core/experiment/json.h"
#include "tests/experiment/support.h"

namespace headlight {
namespace {

using test::npzBytes;
using test::TemporaryFolder;
using testing::AllOf;
using testing::HasSubstr;

std::vector<float> counted(std::size_t n) {
  std::vector<float> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<float>(i % 65536);
  return values;
}

TEST(FileTensors, ReadsPartsOfSmallAndOfLargeTensors) {
  const TemporaryFolder folder;
  const std::int64_t large = static_cast<std::int64_t>(kKeptBytes) / 4 + 1000;
  folder.put("a.npz", npzBytes({{"small", {2, 3}, counted(6)},
                                {"large", {large}, counted(static_cast<std::size_t>(large))}}));
  const auto tensors = fileTensors(folder.path());
  const auto small = tensors->open("a.npz:small", "mask[0].tensor");
  ASSERT_TRUE(small) << small.error().text();
  EXPECT_THAT((*small)->shape(), testing::ElementsAre(2, 3));
  std::vector<float> out(3);
  ASSERT_TRUE((*small)->read(2, 3, out.data()));
  EXPECT_THAT(out, testing::ElementsAre(2, 3, 4));
  const auto parts = tensors->open("a.npz:large", "mask[0].tensor");
  ASSERT_TRUE(parts) << parts.error().text();
  ASSERT_TRUE((*parts)->read(large - 3, 3, out.data()));
  EXPECT_EQ(out[2], static_cast<float>((large - 1) % 65536));
  // Beyond the end there is nothing.
  EXPECT_FALSE((*parts)->read(large - 2, 3, out.data()));
  EXPECT_TRUE(std::isnan(out[0]));
  EXPECT_FALSE((*small)->read(-1, 2, out.data()));
  // One tensor of a name, however often it is opened.
  EXPECT_EQ(*tensors->open("a.npz:small", "x"), *small);
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int n = 0; n < 4; ++n) {
    threads.emplace_back([&, n] {
      float value = 0;
      for (std::int64_t i = n; i < 1000; i += 7) {
        EXPECT_TRUE((*parts)->read(i, 1, &value));
        EXPECT_EQ(value, static_cast<float>(i));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(FileTensors, ErrorsNameThePlaceAndTheFile) {
  const TemporaryFolder folder;
  folder.put("a.npz", npzBytes({{"a", {2}, {1, 2}}, {"b", {2}, {1, 2}}}));
  const auto tensors = fileTensors(folder.path());
  const auto error = [&](const std::string& address) {
    const auto opened = tensors->open(address, "mask[1].tensor");
    return opened ? "" : opened.error().text();
  };
  EXPECT_THAT(error("missing.npz"), AllOf(HasSubstr("mask[1].tensor"), HasSubstr("missing.npz")));
  EXPECT_THAT(error("a.npz:c"), AllOf(HasSubstr("mask[1].tensor"), HasSubstr("\"c\""), HasSubstr("a, b")));
  EXPECT_THAT(error("a.npz"), HasSubstr("none was named"));
  EXPECT_EQ(error("a.npz:b"), "");
}

TEST(FileTensors, AFileWrittenAgainHasAnotherStampAndOtherNumbers) {
  const TemporaryFolder folder;
  folder.put("a.npz", npzBytes({{"a", {2}, {1, 2}}}));
  const auto tensors = fileTensors(folder.path());
  const std::uint64_t stamp = tensors->stamp("a.npz:a");
  EXPECT_NE(stamp, 0u);
  EXPECT_EQ(tensors->stamp("a.npz:a"), stamp);
  EXPECT_NE(tensors->stamp("a.npz:b"), stamp);
  const auto old = tensors->open("a.npz:a", "");
  std::filesystem::remove(folder.path() + "/a.npz");
  EXPECT_EQ(tensors->stamp("a.npz:a"), 0u);
  folder.put("a.npz", npzBytes({{"a", {2}, {7, 8}}}));
  EXPECT_NE(tensors->stamp("a.npz:a"), stamp);
  const auto now = tensors->open("a.npz:a", "");
  float value = 0;
  ASSERT_TRUE((*now)->read(0, 1, &value));
  EXPECT_EQ(value, 7.0f);
  ASSERT_TRUE((*old)->read(0, 1, &value));
  EXPECT_EQ(value, 1.0f);
}

TEST(FileTensors, LargeTensorsThatChangedAreNotANumber) {
  const TemporaryFolder folder;
  const std::size_t large = static_cast<std::size_t>(kKeptBytes) / 4 + 1;
  folder.put("a.npz", npzBytes({{"a", {static_cast<std::int64_t>(large)}, counted(large)}}));
  const auto opened = fileTensors(folder.path())->open("a.npz", "");
  ASSERT_TRUE(opened);
  std::filesystem::remove(folder.path() + "/a.npz");
  float value = 0;
  EXPECT_FALSE((*opened)->read(5, 1, &value));
  EXPECT_TRUE(std::isnan(value));
}

TEST(FileTensors, TextIsReadWhole) {
  const TemporaryFolder folder;
  folder.put("m.csv", "0,1\n1,0\n");
  const auto opened = fileTensors(folder.path())->open("m.csv", "mask[0].tensor");
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_THAT((*opened)->shape(), testing::ElementsAre(2, 2));
  float value = 0;
  ASSERT_TRUE((*opened)->read(2, 1, &value));
  EXPECT_EQ(value, 1.0f);
}

TEST(FileTensors, NonFiniteNumbersOfMasksAndBiasesAreToldWithTheirPlace) {
  const TemporaryFolder folder;
  const float infinity = std::numeric_limits<float>::infinity();
  folder.put("m.npz", npzBytes({{"mask", {2, 2}, {0, -infinity, 0, std::nanf("")}},
                                {"bias", {2, 2}, {0, -infinity, infinity, 0}}}));
  const auto loaded = fromText(R"({"type": "headlight/experiment", "version": 1, "tokens": {"count": 2},
    "score": {"bias": [{"kind": "tensor", "tensor": "m.npz:bias"}]},
    "mask": [{"kind": "tensor", "tensor": "m.npz:mask", "meaning": "additive"}]})");
  ASSERT_TRUE(loaded) << loaded.error().text();
  const auto prepared = prepare(loaded->experiment, folder.path());
  ASSERT_TRUE(prepared) << prepared.error().text();
  EXPECT_THAT(
      prepared->warnings,
      testing::ElementsAre(
          "m.npz:bias (score.bias[0].tensor) holds 2 values that are NaN or infinite, the first at [0, 1]",
          "m.npz:mask (mask[0].tensor) holds 1 value that is NaN or infinite, at [1, 1]"));
  const auto again = prepare(loaded->experiment, folder.path(), &*prepared);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->warnings, prepared->warnings);
}

}  // namespace
}  // namespace headlight
