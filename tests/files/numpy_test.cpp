// What numpy writes is read, and numpy reads what we write: the true thing where python3 has numpy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/files/csv_writer.h"
#include "core/files/npy_writer.h"
#include "core/files/npz_writer.h"
#include "core/files/tensor_file.h"
#include "tests/files/by_hand.h"

namespace headlight {
namespace {

using testing::ElementsAre;
using namespace testing_files;

class Numpy : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("/usr/bin/python3 -c 'import numpy' 2>/dev/null") != 0) GTEST_SKIP() << "no numpy";
  }
  void python(const std::string& script) {
    const std::string file = scratch_.put("script.py", "import numpy as np, sys, io, zipfile\n" + script);
    ASSERT_EQ(std::system(("cd " + scratch_.path("") + " && /usr/bin/python3 " + file).c_str()), 0);
  }
  TemporaryFolder scratch_;
};

TEST_F(Numpy, ItsArchivesAreRead) {
  python(R"(
a = np.arange(24).reshape(2, 3, 4)
arrays = dict(f2=a.astype('f2'), f4=a.astype('f4'), f8=a.astype('f8'), i8=a.astype('i8'), b1=(a % 2 == 1),
              big=a.astype('>f4'), fortran=np.asfortranarray(a.astype('f4')), turned=a.astype('f4').T,
              scalar=np.float32(5), empty=np.zeros((0, 3), 'f4'))
np.savez('stored.npz', **arrays)
np.savez_compressed('packed.npz', **arrays)
np.savez(sys.stdout.buffer if False else open('stream.npz', 'wb'), **arrays)
np.savez('odd.npz', **{'layers/0.q': a.astype('f4'), 'ünï': a.astype('f4')})
)");
  std::vector<double> counted(24);
  for (int i = 0; i < 24; ++i) counted[static_cast<std::size_t>(i)] = i;
  for (const char* name : {"stored.npz", "packed.npz", "stream.npz"}) {
    const auto file = TensorFile::open(scratch_.path(name));
    ASSERT_TRUE(file) << file.error().text();
    EXPECT_EQ(file->tensors().size(), 10u);
    EXPECT_TRUE(file->notes().empty());
    for (const char* tensor : {"f2", "f4", "f8", "i8", "big", "fortran"}) {
      const auto read = file->read(tensor, Precision::float64);
      ASSERT_TRUE(read) << read.error().text();
      EXPECT_EQ(read->doubles, counted) << tensor;
      EXPECT_THAT(read->shape, ElementsAre(2, 3, 4));
    }
    const auto turned = file->read("turned", Precision::float64);
    EXPECT_THAT(turned->shape, ElementsAre(4, 3, 2));
    EXPECT_EQ(turned->doubles[1], 12);
    EXPECT_EQ(file->read("b1", Precision::float32)->floats[3], 1);
    EXPECT_EQ(file->read("scalar", Precision::float32)->floats, std::vector<float>{5});
    EXPECT_THAT(file->read("empty", Precision::float32)->shape, ElementsAre(0, 3));
  }
  EXPECT_TRUE(TensorFile::open(scratch_.path("odd.npz"))->find("layers/0.q"));
  EXPECT_TRUE(TensorFile::open(scratch_.path("odd.npz"))->find("ünï"));
}

TEST_F(Numpy, ItsStreamsAndTextsAreRead) {
  python(R"(
class Pipe(io.RawIOBase):
    def __init__(self, f): self.f = f
    def writable(self): return True
    def write(self, b): return self.f.write(b)
with open('pipe.npz', 'wb') as f, zipfile.ZipFile(Pipe(f), 'w') as z:
    with z.open('q.npy', 'w') as m: np.save(m, np.arange(3, dtype='f4'))
np.savetxt('t.csv', np.array([[0.5, -np.inf], [np.nan, 3]]), delimiter=',')
np.save('o.npy', np.array([{}], dtype=object), allow_pickle=True)
)");
  const auto pipe = TensorFile::open(scratch_.path("pipe.npz"));
  ASSERT_TRUE(pipe) << pipe.error().text();
  EXPECT_THAT(pipe->read("q", Precision::stored)->floats, ElementsAre(0, 1, 2));
  const auto text = TensorFile::open(scratch_.path("t.csv"));
  ASSERT_TRUE(text) << text.error().text();
  EXPECT_EQ(text->read("", Precision::stored)->doubles[3], 3);
  EXPECT_FALSE(TensorFile::open(scratch_.path("o.npy")));
}

TEST_F(Numpy, ItReadsOurs) {
  Tensor tensor;
  tensor.shape = {2, 3};
  tensor.floats = {0, 1, 2, 3, 4, 5};
  Tensor wide = tensor;
  wide.doubles = {0, 1, 2, 3, 4, 5};
  wide.floats.clear();
  StringSink npz;
  NpzWriter writer(npz);
  ASSERT_TRUE(writer.add("q", tensor) && writer.add("layers.0/wide", wide) && writer.add("ü", tensor));
  ASSERT_TRUE(writer.finish());
  scratch_.put("x.npz", npz.text());
  StringSink npy;
  ASSERT_TRUE(writeNpy(npy, tensor));
  scratch_.put("x.npy", npy.text());
  StringSink csv;
  ASSERT_TRUE(writeCsv(csv, wide));
  scratch_.put("x.csv", csv.text());
  python(R"(
want = np.arange(6).reshape(2, 3)
z = np.load('x.npz')
assert sorted(z.files) == ['layers.0/wide', 'q', 'ü'], z.files
assert z['q'].dtype == np.float32 and (z['q'] == want).all()
assert z['layers.0/wide'].dtype == np.float64 and (z['layers.0/wide'] == want).all()
assert (np.load('x.npy') == want).all()
assert (np.loadtxt('x.csv', delimiter=',') == want).all()
assert zipfile.ZipFile('x.npz').testzip() is None
)");
}

}  // namespace
}  // namespace headlight
