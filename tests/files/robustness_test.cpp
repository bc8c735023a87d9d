// Untrusted bytes: whatever is flipped or cut off, a reader answers, with numbers or an error.
#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/files/embedded.h"
#include "core/files/npz_writer.h"
#include "core/files/tensor_file.h"
#include "tests/files/by_hand.h"

namespace headlight {
namespace {

using namespace testing_files;

/// The bytes with up to four of them changed, by the number of the trial.
std::string flipped(std::string bytes, std::uint64_t trial) {
  const std::uint64_t flips = 1 + randomBits(1, {trial, 0, 0, 0}) % 4;
  for (std::uint64_t i = 1; i <= flips; ++i) {
    const std::uint64_t random = randomBits(1, {trial, i, 0, 0});
    bytes[static_cast<std::size_t>(random >> 16) % bytes.size()] = static_cast<char>(random & 0xff);
  }
  if (trial % 5 == 0) bytes.resize(static_cast<std::size_t>(randomBits(2, {trial, 0, 0, 0})) % bytes.size());
  return bytes;
}

void readAll(const std::string& path) {
  const auto file = TensorFile::open(path, ReadLimits{.tensorBytes = 1 << 24});
  if (!file) {
    EXPECT_FALSE(file.error().what.empty());
    return;
  }
  for (const TensorInfo& info : file->tensors()) {
    const auto tensor = file->read(info.name, Precision::float32);
    EXPECT_TRUE(!tensor || static_cast<std::int64_t>(tensor->floats.size()) == info.size());
    if (info.size() > 0) (void)file->readSlice(info.name, info.size() - 1, 1, Precision::float64).ok();
    (void)file->summarize(info.name).ok();
  }
}

TEST(Robustness, NpyNpzCsv) {
  const TemporaryFolder scratch;
  const std::string array = npyOf("<f4", "(2, 3)", raw<float>({1, 2, 3, 4, 5, 6}), true);
  StringSink ours;
  NpzWriter writer(ours);
  Tensor tensor;
  tensor.shape = {3};
  tensor.floats = {1, 2, 3};
  ASSERT_TRUE(writer.add("q", tensor) && writer.finish());
  const std::vector<std::pair<std::string, std::string>> seeds{
      {"a.npy", array},
      {"b.npz",
       zip({{.name = "q.npy", .data = array, .wideDirectory = true}, {.name = "k.npy", .data = array}})},
      {"c.npz",
       zip({{.name = "q.npy", .data = array, .deflate = true, .local = ZipPart::Local::descriptor}})},
      {"d.npz", ours.text()},
      {"e.csv", "1,2.5,-inf\r\n3e-3,nan,\"4\"\r\n"}};
  for (const auto& [name, bytes] : seeds) {
    for (std::uint64_t trial = 0; trial < 1500; ++trial) readAll(scratch.put(name, flipped(bytes, trial)));
    for (std::size_t n = 0; n < bytes.size(); ++n) readAll(scratch.put(name, bytes.substr(0, n)));
  }
}

TEST(Robustness, Figures) {
  const std::string json = "{\"a\": [1, 2, 3]}";
  const std::string png =
      withEmbeddedPng(std::string("\x89PNG\r\n\x1a\n\0\0\0\0IEND\xae\x42\x60\x82", 20), json);
  ASSERT_TRUE(readEmbedded(png));
  const std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\">" + svgMetadata(json) + "<g/></svg>";
  for (const std::string& bytes : {png, svg}) {
    for (std::uint64_t trial = 0; trial < 5000; ++trial) {
      const auto read = readEmbedded(flipped(bytes, trial));
      EXPECT_TRUE(read || !read.error().what.empty());
    }
  }
}

}  // namespace
}  // namespace headlight
