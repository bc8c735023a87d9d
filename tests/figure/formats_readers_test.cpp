#include <cmath>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "core/attention/field.h"
#include "core/figure/show_text.h"
#include "core/picture/colormap.h"
#include "core/picture/picture.h"
#include "tests/figure/decode_png.h"
#include "tests/figure/other_programs.h"
#include "tests/figure/rendered.h"
#include "tests/files/by_hand.h"

namespace headlight {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::Not;
using testing_files::TemporaryFolder;

const char kScripts[] = R"("shape": {"heads": 2, "d_k": 8}, "title": "😀 مرحبا नमस्ते 漢字 Zoë",
  "tokens": {"list": ["😀", "مرحبا", "नमस्ते", "漢字", "한국", "Zoë", "👩🏽‍🚀", "naïve − x"]},
  "mask": "causal")";

TEST(FormatsPng, EveryChunkIsWhole) {
  const auto evaluation = evaluated(kScripts);
  for (FigureGround ground : {FigureGround::light, FigureGround::transparent}) {
    FigureSpec spec = specOf("heads", FigureFormat::png);
    spec.ground = ground;
    const std::string png = rendered(*evaluation, spec).bytes;
    ASSERT_EQ(png.substr(0, 8), "\x89PNG\r\n\x1a\n");
    std::string last;
    std::size_t at = 8;
    while (at < png.size()) {
      ASSERT_LE(at + 12, png.size());
      const std::uint32_t length = wordAt(png, at);
      ASSERT_LE(at + 12 + length, png.size());
      const auto* body = reinterpret_cast<const Bytef*>(png.data() + at + 4);
      EXPECT_EQ(crc32(0, body, 4 + length), wordAt(png, at + 8 + length));
      last = png.substr(at + 4, 4);
      at += 12 + length;
    }
    EXPECT_EQ(last, "IEND");
    EXPECT_EQ(at, png.size());
  }
}

TEST(FormatsPdf, FontsAreEmbeddedAndNeverOfType3) {
  if (!hasProgram("pdffonts")) GTEST_SKIP() << "needs pdffonts";
  const TemporaryFolder scratch;
  const auto evaluation = evaluated(kScripts);
  for (FigureFont font : {FigureFont::sans, FigureFont::serif}) {
    FigureSpec spec = specOf("heads", FigureFormat::pdf);
    spec.font = font;
    const std::string fonts =
        printedBy("pdffonts " + scratch.put("f.pdf", rendered(*evaluation, spec).bytes));
    EXPECT_THAT(fonts, Not(HasSubstr("Type 3"))) << fonts;
    std::istringstream lines(fonts);
    std::string line;
    int count = 0;
    for (int n = 0; std::getline(lines, line); ++n) {
      if (n < 2) continue;
      ++count;
      EXPECT_THAT(line, HasSubstr(" yes yes ")) << line;  // embedded, and of it what is used
    }
    EXPECT_GE(count, 3) << fonts;
    spec.outline = true;
    EXPECT_THAT(printedBy("pdffonts " + scratch.put("o.pdf", rendered(*evaluation, spec).bytes) + " | wc -l"),
                HasSubstr("2"));
  }
}

TEST(FormatsPdf, ReadersFindOnePageOfTheSize) {
  if (!hasProgram("pdfinfo")) GTEST_SKIP() << "needs pdfinfo";
  const TemporaryFolder scratch;
  const auto evaluation = evaluated(kScripts);
  for (bool strip : {false, true}) {
    FigureSpec spec = specOf("single", FigureFormat::pdf);
    spec.widthMm = 88.9;
    spec.strip = strip;
    const FigureResult figure = rendered(*evaluation, spec);
    int status = 1;
    const std::string said = printedBy("pdfinfo " + scratch.put("f.pdf", figure.bytes), &status);
    EXPECT_EQ(status, 0);
    EXPECT_THAT(said, Not(HasSubstr("rror"))) << said;
    EXPECT_THAT(said, HasSubstr("Pages:           1"));
    EXPECT_THAT(said, HasSubstr(strip ? "Tagged:          no" : "Tagged:          yes"));
    std::smatch size;
    ASSERT_TRUE(std::regex_search(said, size, std::regex("Page size: +([0-9.]+) x ([0-9.]+) pts"))) << said;
    EXPECT_NEAR(std::stod(size[1]) * 25.4 / 72, 88.9, 0.1);
    EXPECT_NEAR(std::stod(size[2]) * 25.4 / 72, figure.heightMm, 0.1);
  }
}

/// The middle of every cell of the first map, in millimetres on the page, from the SVG of the same figure.
struct Place {
  std::int64_t row;
  std::int64_t col;
  double x;
  double y;
};
std::vector<Place> places(const std::string& svg, std::int64_t count) {
  const std::size_t from = svg.find("<g id=\"map-");
  const std::string group = svg.substr(from, svg.find("</g>", from) - from);
  const std::regex rect("<rect x=\"([0-9.]+)\" y=\"([0-9.]+)\" width=\"([0-9.]+)\" height=\"([0-9.]+)\"");
  double left = 1e9;
  double top = 1e9;
  double right = 0;
  double bottom = 0;
  for (std::sregex_iterator it(group.begin(), group.end(), rect), end; it != end; ++it) {
    left = std::min(left, std::stod((*it)[1]));
    top = std::min(top, std::stod((*it)[2]));
    right = std::max(right, std::stod((*it)[1]) + std::stod((*it)[3]));
    bottom = std::max(bottom, std::stod((*it)[2]) + std::stod((*it)[4]));
  }
  std::vector<Place> all;
  for (std::int64_t r = 0; r < count; ++r) {
    for (std::int64_t c = 0; c < count; ++c) {
      all.push_back({r, c,
                     left + (static_cast<double>(c) + 0.3) * (right - left) / static_cast<double>(count),
                     top + (static_cast<double>(r) + 0.75) * (bottom - top) / static_cast<double>(count)});
    }
  }
  return all;
}

TEST(Formats, CellsHaveTheColoursOfTheirNumbersInPngAndPdf) {
  const auto evaluation = evaluated(R"("shape": {"heads": 2, "d_k": 8}, "tokens": {"count": 10})");
  FigureSpec spec = specOf("single", FigureFormat::svg);
  spec.numbers = FigureNumbers::none;
  const std::vector<Place> cells = places(rendered(*evaluation, spec).bytes, 10);
  const auto field = Field::make(evaluation->run, Stage::weights, 0);
  ASSERT_TRUE(field);
  const MapLook look = makeLook(Range{0, 1}, *colormap("viridis"), Theme::light);
  const auto check = [&](const Picture& picture, double dpi, const std::string& name) {
    for (const Place& cell : cells) {
      const auto x = static_cast<std::size_t>(cell.x * dpi / 25.4);
      const auto y = static_cast<std::size_t>(cell.y * dpi / 25.4);
      const std::uint8_t* pixel = &picture.rgba[4 * (y * static_cast<std::size_t>(picture.width) + x)];
      const Rgb wanted =
          flatColour(look, field->cell(cell.row, cell.col), field->cellClass(cell.row, cell.col));
      EXPECT_NEAR(pixel[0], wanted.r, 1) << name << cell.row << "," << cell.col;
      EXPECT_NEAR(pixel[1], wanted.g, 1) << name << cell.row << "," << cell.col;
      EXPECT_NEAR(pixel[2], wanted.b, 1) << name << cell.row << "," << cell.col;
    }
  };
  spec.format = FigureFormat::png;
  spec.dpi = 200;
  check(decodePng(rendered(*evaluation, spec).bytes).picture, 200, "png ");
  if (!hasProgram("pdftoppm")) GTEST_SKIP() << "needs pdftoppm";
  spec.format = FigureFormat::pdf;
  const TemporaryFolder scratch;
  const std::string pdf = scratch.put("f.pdf", rendered(*evaluation, spec).bytes);
  const std::string ppm = printedBy("pdftoppm -r 200 " + pdf);
  std::istringstream head(ppm);
  std::string kind;
  Picture page;
  int most = 0;
  head >> kind >> page.width >> page.height >> most;
  ASSERT_EQ(kind, "P6");
  const auto start = static_cast<std::size_t>(head.tellg()) + 1;
  for (std::size_t i = 0; start + i + 2 < ppm.size(); i += 3) {
    for (std::size_t c = 0; c < 3; ++c) page.rgba.push_back(static_cast<std::uint8_t>(ppm[start + i + c]));
    page.rgba.push_back(255);
  }
  check(page, 200, "pdf ");
}

TEST(FormatsSvg, AnXmlParserReadsItAndIdsAreItsOwn) {
  const auto first = evaluated(kScripts);
  const auto second = evaluated(R"("shape": {"heads": 2, "d_k": 8})");
  std::map<std::string, int> ids;
  const std::regex id(" id=\"([^\"]*)\"");
  const TemporaryFolder scratch;
  for (bool outline : {false, true}) {
    for (const auto& evaluation : {first, second}) {
      for (const char* layout : {"heads", "pipeline"}) {
        FigureSpec spec = specOf(layout, FigureFormat::svg);
        spec.outline = outline;
        const std::string svg = rendered(*evaluation, spec).bytes;
        EXPECT_THAT(svg, testing::StartsWith("<svg "));
        EXPECT_THAT(svg, outline ? testing::Matcher<std::string>(Not(HasSubstr("<text")))
                                 : testing::Matcher<std::string>(HasSubstr("<text")));
        std::set<std::string> here;
        for (std::sregex_iterator it(svg.begin(), svg.end(), id), end; it != end; ++it) {
          EXPECT_TRUE(here.insert((*it)[1]).second) << (*it)[1] << " is there twice";
          EXPECT_EQ(++ids[(*it)[1]], 1) << (*it)[1];
          EXPECT_THAT((*it)[1].str(), testing::MatchesRegex("[a-z][a-z0-9_-]*-h[0-9a-f]+"));
        }
        for (std::size_t at = 0; (at = svg.find("url(#", at)) != std::string::npos; ++at)
          EXPECT_TRUE(here.count(svg.substr(at + 5, svg.find(')', at) - at - 5)));
        if (!hasProgram("xmllint")) continue;
        int status = 1;
        const std::string said = printedBy("xmllint --noout --nonet " + scratch.put("f.svg", svg), &status);
        EXPECT_EQ(status, 0) << said;
      }
    }
  }
}

TEST(FormatsSvg, OutlinesAreAsLongAsTheText) {
  TextPiece piece;
  piece.text =
      "random weights: the pattern carries no meaning, however long the line that says so may become …";
  TextPiece raised = piece;
  raised.level = 1;
  raised.gapMm = 3;
  const Text line{{piece, raised}};
  double right = 0;
  double top = 0;
  for (const TextOutline& outline : outlined(line, 300).outlines) {
    for (const OutlineStep& step : outline.steps) {
      right = std::max(right, step.points[0].x);
      top = std::min(top, step.points[0].y);
    }
  }
  const TextExtent extent = measure(line);
  EXPECT_GT(extent.width, 150);
  EXPECT_NEAR(right, extent.width, 0.5);
  EXPECT_GT(-top, 0.5 * extent.ascent);
  EXPECT_LT(-top, extent.ascent);
  const OutlinedText emoji = outlined({{TextPiece{"a😀b", FontFace::words, 400, 7, {}, 0, 0, 0}}}, 300);
  ASSERT_EQ(emoji.images.size(), 1u);
  EXPECT_EQ(emoji.outlines.size(), 2u);
  EXPECT_GT(emoji.images[0].area.x + emoji.images[0].area.width, 2);
}

TEST(FormatsPdf, OutlinesCoverTheInkOfTheText) {
  if (!hasProgram("pdftoppm")) GTEST_SKIP() << "needs pdftoppm";
  const TemporaryFolder scratch;
  const auto evaluation = evaluated(kScripts);
  FigureSpec spec = specOf("single", FigureFormat::pdf);
  const auto ink = [&](bool outline) {
    spec.outline = outline;
    const std::string ppm =
        printedBy("pdftoppm -gray -r 300 " + scratch.put("f.pdf", rendered(*evaluation, spec).bytes));
    double sum = 0;
    for (const char c : ppm) sum += 255 - static_cast<unsigned char>(c);
    return sum;
  };
  const double text = ink(false);
  EXPECT_NEAR(ink(true) / text, 1, 0.01);
}

TEST(Formats, WithoutPaperTheGroundIsTransparent) {
  const auto evaluation = evaluated(kScripts);
  FigureSpec spec = specOf("single", FigureFormat::png);
  const Picture opaque = decodePng(rendered(*evaluation, spec).bytes).picture;
  spec.ground = FigureGround::transparent;
  const DecodedPng clear = decodePng(rendered(*evaluation, spec).bytes);
  ASSERT_EQ(opaque.rgba.size(), clear.picture.rgba.size());
  EXPECT_EQ(clear.picture.rgba[3], 0);
  // Laid on the paper's colour it is the opaque figure, the edges of letters included.
  const Rgb paper{opaque.rgba[0], opaque.rgba[1], opaque.rgba[2]};
  const int ground[] = {paper.r, paper.g, paper.b};
  int partly = 0;
  int worst = 0;
  for (std::size_t i = 0; i < opaque.rgba.size(); i += 4) {
    const int alpha = clear.picture.rgba[i + 3];
    if (alpha > 0 && alpha < 255) ++partly;
    for (std::size_t c = 0; c < 3; ++c) {
      const int laid = (clear.picture.rgba[i + c] * alpha + ground[c] * (255 - alpha) + 127) / 255;
      worst = std::max(worst, std::abs(laid - opaque.rgba[i + c]));
    }
  }
  EXPECT_GT(partly, 100);
  EXPECT_LE(worst, 3);
  for (FigureFormat format : {FigureFormat::svg, FigureFormat::pdf}) {
    spec.format = format;
    const std::string without = rendered(*evaluation, spec).bytes;
    if (format == FigureFormat::svg) {
      EXPECT_THAT(without.substr(without.find("</desc>"), 40), Not(HasSubstr("<rect width")));
    } else if (hasProgram("pdftoppm") && hasProgram("pdftocairo")) {
      const TemporaryFolder scratch;
      const std::string pdf = scratch.put("f.pdf", without);
      const std::string out = scratch.path("f");
      printedBy(
          std::string("pdftocairo -png -transp -singlefile -r 72 ").append(pdf).append(" ").append(out));
      const DecodedPng png = decodePng(testing_files::contents(out + ".png"));
      ASSERT_FALSE(png.picture.rgba.empty());
      EXPECT_EQ(png.picture.rgba[3], 0);
    }
  }
}

}  // namespace
}  // namespace headlight
