// What the safetensors package writes is read, and it reads what we write: the true thing where python has it
// (HEADLIGHT_PYTHON names another than /usr/bin/python3).
#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/files/safetensors_writer.h"
#include "core/files/tensor_file.h"
#include "tests/files/by_hand.h"

namespace headlight {
namespace {

using testing::ElementsAre;
using namespace testing_files;

class SafetensorsPackage : public testing::Test {
 protected:
  void SetUp() override {
    const char* named = std::getenv("HEADLIGHT_PYTHON");
    if (named != nullptr) python_ = named;
    if (std::system((python_ + " -c 'import safetensors.numpy' 2>/dev/null").c_str()) != 0) {
      GTEST_SKIP() << "no safetensors";
    }
  }
  void python(const std::string& script) {
    const std::string file = scratch_.put(
        "script.py", "import numpy as np\nfrom safetensors.numpy import save_file, load_file\n" + script);
    ASSERT_EQ(std::system(("cd " + scratch_.path("") + " && " + python_ + " " + file).c_str()), 0);
  }
  std::string python_ = "/usr/bin/python3";
  TemporaryFolder scratch_;
};

TEST_F(SafetensorsPackage, A36ItsFilesAreRead) {
  python(R"(
a = np.arange(24).reshape(2, 3, 4)
names = ['float16', 'float32', 'float64', 'int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64']
arrays = {name: a.astype(name) for name in names}
arrays |= {'bool': a % 2 == 1, 'layers.0.ünï "q"': a.astype('f4'), 'scalar': np.array(5, 'f4'), 'empty': np.zeros((0, 3), 'f4')}
save_file(arrays, 'all.safetensors', metadata={'format': 'np', 'by': 'ü'})
)");
  std::vector<double> counted(24);
  for (int i = 0; i < 24; ++i) counted[static_cast<std::size_t>(i)] = i;
  const auto file = TensorFile::open(scratch_.path("all.safetensors"));
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_EQ(file->tensors().size(), 15u);
  EXPECT_TRUE(file->notes().empty());
  EXPECT_EQ(file->metadata().at("by"), "ü");
  int arrays = 0;
  for (const TensorInfo& info : file->tensors()) {
    if (info.name == "bool" || info.name == "scalar" || info.name == "empty") continue;
    const auto tensor = file->read(info.name, Precision::float64);
    ASSERT_TRUE(tensor) << tensor.error().text();
    EXPECT_EQ(tensor->doubles, counted) << info.name;
    EXPECT_THAT(tensor->shape, ElementsAre(2, 3, 4));
    EXPECT_TRUE(info.name == info.dtype || info.name == "layers.0.ünï \"q\"");
    ++arrays;
  }
  EXPECT_EQ(arrays, 12);
  EXPECT_EQ(file->read("bool", Precision::float32)->floats[3], 1);
  EXPECT_EQ(file->read("scalar", Precision::float32)->floats, std::vector<float>{5});
  EXPECT_THAT(file->read("empty", Precision::float32)->shape, ElementsAre(0, 3));
}

TEST_F(SafetensorsPackage, A36ItReadsOurs) {
  StringSink sink;
  SafetensorsWriter writer(sink, {{"q", {2, 3}, FloatWidth::float32},
                                  {"layers.0/\"ü\"", {3}, FloatWidth::float64},
                                  {"one", {}, FloatWidth::float32},
                                  {"none", {0, 4}, FloatWidth::float32}});
  Tensor q;
  q.shape = {2, 3};
  q.floats = {0, 1, 2, 3, 4, 5};
  Tensor wide;
  wide.shape = {3};
  wide.doubles = {0, 0.1, -2};
  Tensor one;
  one.floats = {7};
  Tensor none;
  none.shape = {0, 4};
  ASSERT_TRUE(writer.add("q", q) && writer.add("layers.0/\"ü\"", wide) && writer.add("one", one) &&
              writer.add("none", none));
  ASSERT_TRUE(writer.finish());
  scratch_.put("x.safetensors", sink.text());
  python(R"(
z = load_file('x.safetensors')
assert sorted(z) == sorted(['q', 'layers.0/"ü"', 'one', 'none']), list(z)
assert z['q'].dtype == np.float32 and (z['q'] == np.arange(6).reshape(2, 3)).all()
assert z['layers.0/"ü"'].dtype == np.float64 and (z['layers.0/"ü"'] == [0, .1, -2]).all()
assert z['one'].shape == () and z['one'] == 7
assert z['none'].shape == (0, 4)
)");
}

}  // namespace
}  // namespace headlight
