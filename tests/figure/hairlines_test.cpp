#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/figure/other_programs.h"
#include "tests/figure/rendered.h"
#include "tests/files/by_hand.h"

namespace headlight {
namespace {

using namespace test;
using testing_files::TemporaryFolder;

struct Ppm {
  int width = 0;
  int height = 0;
  std::string rgb;
  bool is(int x, int y, const unsigned char* colour, int slack = 0) const {
    for (int c = 0; c < 3; ++c) {
      const auto at = static_cast<std::size_t>((y * width + x) * 3 + c);
      if (std::abs(static_cast<unsigned char>(rgb[at]) - colour[c]) > slack) return false;
    }
    return true;
  }
};

Ppm readPpm(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string kind;
  int most = 0;
  Ppm ppm;
  file >> kind >> ppm.width >> ppm.height >> most;
  file.get();
  ppm.rgb.resize(static_cast<std::size_t>(ppm.width) * static_cast<std::size_t>(ppm.height) * 3);
  file.read(ppm.rgb.data(), static_cast<std::streamsize>(ppm.rgb.size()));
  EXPECT_EQ(kind, "P6") << path;
  return ppm;
}

// A map of equal weights is one colour: the highest of viridis, #fde725.
TEST(Hairlines, AUniformMapShowsNoLineAtAnyResolution) {
  if (!hasProgram("pdftoppm")) GTEST_SKIP() << "needs pdftoppm";
  constexpr unsigned char kHighest[] = {0xfd, 0xe7, 0x25};
  const TemporaryFolder scratch;
  for (const char* count : {"20", "64", "100"}) {
    const auto evaluation = evaluated(std::string(R"("tokens": {"count": )") + count +
                                      R"(}, "score": {"scale": 0}, "view": {"range": "zero_max"})");
    FigureSpec spec = specOf("single", FigureFormat::pdf);
    spec.widthMm = 61.7;
    spec.numbers = FigureNumbers::none;
    const std::string pdf = scratch.path("uniform.pdf");
    std::ofstream(pdf, std::ios::binary) << rendered(*evaluation, spec).bytes;
    for (const char* dpi : {"72", "110", "150"}) {
      int status = 0;
      const std::string said = printedBy(
          "pdftoppm -r " + std::string(dpi) + " -singlefile " + pdf + " " + scratch.path("page"), &status);
      ASSERT_EQ(status, 0) << said;
      const Ppm page = readPpm(scratch.path("page.ppm"));
      // The map's corners: the first and last rows with a long run of the colour.
      int left = page.width;
      int right = 0;
      int top = page.height;
      int bottom = 0;
      for (int y = 0; y < page.height; ++y) {
        int run = 0;
        for (int x = 0; x <= page.width; ++x) {
          if (x < page.width && page.is(x, y, kHighest)) {
            ++run;
            continue;
          }
          if (run > page.width / 2) {
            left = std::min(left, x - run);
            right = std::max(right, x);
            top = std::min(top, y);
            bottom = std::max(bottom, y + 1);
          }
          run = 0;
        }
      }
      ASSERT_GT(right - left, page.width / 2) << count << " at " << dpi;
      ASSERT_NEAR(right - left, bottom - top, 4) << count << " at " << dpi;
      // Poppler rounds a colour by one step where it enlarges an image.
      const int slack = std::string(count) == "100" ? 1 : 0;
      int off = 0;
      for (int y = top; y < bottom; ++y) {
        for (int x = left; x < right; ++x) off += page.is(x, y, kHighest, slack) ? 0 : 1;
      }
      EXPECT_EQ(off, 0) << count << " cells at " << dpi << " dpi";
    }
  }
}

}  // namespace
}  // namespace headlight
