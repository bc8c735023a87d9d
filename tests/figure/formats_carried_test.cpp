#include <cstdlib>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/experiment/carried_files.h"
#include "core/experiment/tensor_record.h"
#include "core/files/data_pack.h"
#include "core/files/embedded.h"
#include "tests/figure/decode_png.h"
#include "tests/figure/other_programs.h"
#include "tests/figure/rendered.h"
#include "tests/files/by_hand.h"

namespace headlight {
namespace {

namespace fs = std::filesystem;
using namespace test;
using testing::HasSubstr;
using testing::Not;

constexpr FigureFormat kFormats[] = {FigureFormat::png, FigureFormat::svg, FigureFormat::pdf};
const char kTitled[] =
    R"("title": "Zanzibar (ü) <7>", "notes": "Mombasa", "shape": {"heads": 2, "d_k": 8}, "tokens": {"text": "a b c"})";

const char* ending(FigureFormat format) {
  return format == FigureFormat::png ? ".png" : format == FigureFormat::svg ? ".svg" : ".pdf";
}

TEST(FormatsCarried, TheReopenedExperimentIsTheSameToTheByte) {
  const auto evaluation = evaluated(kTitled);
  for (FigureFormat format : kFormats) {
    for (const FigureLayoutInfo& layout : tokenLayouts()) {
      FigureSpec spec = specOf(std::string(layout.id), format);
      spec.dpi = 72;
      if (layout.id == "difference") spec.heads = {0, 1};
      const auto carried = readCarried(rendered(*evaluation, spec).bytes);
      ASSERT_TRUE(carried) << carried.error().text() << layout.id;
      EXPECT_EQ(carried->experiment, toText(evaluation->experiment));
      EXPECT_EQ(carried->data, "");
    }
  }
}

TEST(FormatsCarried, AllFormatsTellTitleAndDescription) {
  const auto evaluation = evaluated(kTitled);
  for (FigureFormat format : kFormats) {
    const FigureResult figure = rendered(*evaluation, specOf("single", format));
    ASSERT_FALSE(figure.altText.empty());
    if (format == FigureFormat::png) {
      const DecodedPng png = decodePng(figure.bytes);
      EXPECT_THAT(png.chunks.at("iTXt"), HasSubstr("Zanzibar (ü) <7>"));
      EXPECT_THAT(png.chunks.at("iTXt"),
                  HasSubstr(std::string("Description") + std::string(5, '\0') + figure.altText));
    } else if (format == FigureFormat::svg) {
      EXPECT_THAT(figure.bytes, HasSubstr("role=\"img\" aria-labelledby=\"title-h"));
      EXPECT_THAT(figure.bytes, HasSubstr("Zanzibar (ü) &lt;7&gt;"));
    } else {
      EXPECT_THAT(figure.bytes, HasSubstr("Zanzibar (ü) &lt;7&gt;"));  // XMP
      EXPECT_THAT(figure.bytes, HasSubstr("<dc:description>"));
      EXPECT_THAT(figure.bytes, HasSubstr("/Alt "));
      EXPECT_THAT(figure.bytes, HasSubstr("/S /Figure"));
    }
  }
}

TEST(FormatsCarried, StrippedFilesSayNothingOfWhereTheyCameFrom) {
  const auto evaluation = evaluated(kTitled);
  for (FigureFormat format : kFormats) {
    for (bool outline : {false, true}) {
      FigureSpec spec = specOf("heads", format);
      spec.strip = true;
      spec.outline = outline;
      spec.embedData = true;
      spec.showTitle = false;
      const FigureResult figure = rendered(*evaluation, spec);
      EXPECT_FALSE(readCarried(figure.bytes));
      std::string all = figure.bytes;
      if (format == FigureFormat::pdf && hasProgram("pdfinfo")) {
        const testing_files::TemporaryFolder scratch;
        const std::string file = scratch.put("f.pdf", figure.bytes);
        all += printedBy("pdfinfo " + file) + printedBy("pdfinfo -meta " + file) +
               printedBy("pdfdetach -list " + file);
        EXPECT_THAT(all, HasSubstr("0 embedded files"));
      }
      for (char& c : all) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      for (const char* word : {"zanzibar", "mombasa", "headlight", "experiment", "seed", "/home/", "/tmp/",
                               "<desc", "<title", "aria-", "<metadata", "/alt", "description"}) {
        if (format == FigureFormat::pdf && std::string(word) == "/tmp/") continue;  // named by the command
        EXPECT_THAT(all, Not(HasSubstr(word))) << ending(format);
      }
      if (format == FigureFormat::png) {
        for (const auto& [type, data] : decodePng(figure.bytes).chunks) {
          EXPECT_THAT(type, testing::AnyOf("IHDR", "sRGB", "pHYs", "PLTE", "tRNS", "IDAT", "IEND"));
        }
      }
    }
  }
}

TEST(FormatsCarried, DatesAreFixedOrThoseOfTheEpoch) {
  if (!hasProgram("pdfinfo")) GTEST_SKIP() << "needs pdfinfo";
  const testing_files::TemporaryFolder scratch;
  const auto evaluation = evaluated(kTitled);
  const FigureSpec spec = specOf("single", FigureFormat::pdf);
  ::unsetenv("SOURCE_DATE_EPOCH");
  const std::string fixed = rendered(*evaluation, spec).bytes;
  EXPECT_THAT(printedBy("pdfinfo -isodates " + scratch.put("f.pdf", fixed)),
              HasSubstr("1970-01-01T00:00:00"));
  ::setenv("SOURCE_DATE_EPOCH", "1700000000", 1);
  const std::string dated = rendered(*evaluation, spec).bytes;
  ::unsetenv("SOURCE_DATE_EPOCH");
  const std::string said = printedBy("pdfinfo -isodates " + scratch.put("g.pdf", dated));
  EXPECT_THAT(said, HasSubstr("CreationDate:    2023-11-14T22:13:20"));
  EXPECT_THAT(said, HasSubstr("ModDate:         2023-11-14T22:13:20"));
  EXPECT_EQ(fixed, rendered(*evaluation, spec).bytes);
}

/// An experiment that reads q and k from a file, in a folder of its own.
struct Reading {
  Reading() {
    fs::create_directories(folder.path("work/arrays"));
    fs::create_directories(folder.path("cache"));
    std::vector<float> numbers;
    numbers.reserve(24);
    for (int i = 0; i < 2 * 3 * 4; ++i) numbers.push_back(static_cast<float>(i % 5) - 2);
    const std::string array = testing_files::npyOf("<f4", "(2, 3, 4)", testing_files::raw(numbers));
    folder.put("work/arrays/q.npy", array);
    folder.put("work/arrays/k.npy", array);
    auto decoded =
        fromText(R"({"type": "headlight/experiment", "version": 1, "tokens": {"text": "it was tired"},
      "source": {"kind": "qkv", "q": "arrays/q.npy", "k": "arrays/k.npy"}})");
    EXPECT_TRUE(decoded) << decoded.error().text();
    auto made = evaluate(forSaving(decoded->experiment, work(), work()), work(), nullptr, pool());
    EXPECT_TRUE(made) << made.error().text();
    evaluation = *made;
  }
  std::string work() const { return folder.path("work"); }
  testing_files::TemporaryFolder folder;
  std::shared_ptr<const Evaluation> evaluation;
};

/// Opens a figure as the program does and draws it once more.
std::string drawnAgain(const std::string& path, const std::string& cache, const FigureSpec& spec) {
  auto decoded = readExperiment(path);
  EXPECT_TRUE(decoded) << decoded.error().text();
  std::string folder = fs::path(path).parent_path().string();
  if (!decoded->data.empty()) folder = *folderOfCarried(decoded->data, folder, cache);
  auto made = evaluate(decoded->experiment, folder, nullptr, pool());
  EXPECT_TRUE(made) << made.error().text();
  EXPECT_EQ((*made)->prepared->warnings, std::vector<std::string>{});
  return rendered(**made, spec).bytes;
}

TEST(FormatsCarried, AFigureAndItsFilesMoveTogether) {
  for (FigureFormat format : kFormats) {
    const Reading reading;
    const FigureSpec spec = specOf("single", format);
    const std::string name = std::string("work/figure") + ending(format);
    const std::string bytes = rendered(*reading.evaluation, spec).bytes;
    reading.folder.put(name, bytes);
    EXPECT_THAT(bytes, Not(HasSubstr(reading.work())));
    fs::rename(reading.work(), reading.folder.path("moved"));
    EXPECT_EQ(drawnAgain(reading.folder.path(std::string("moved/figure") + ending(format)), "", spec), bytes);
    // All in one folder: found by their names.
    fs::create_directories(reading.folder.path("flat"));
    for (const auto& entry : fs::recursive_directory_iterator(reading.folder.path("moved")))
      if (entry.is_regular_file()) fs::copy(entry.path(), reading.folder.path("flat"));
    EXPECT_EQ(drawnAgain(reading.folder.path(std::string("flat/figure") + ending(format)), "", spec), bytes);
  }
}

TEST(FormatsCarried, AFigureWithItsFilesInsideNeedsNothingBeside) {
  for (FigureFormat format : kFormats) {
    const Reading reading;
    FigureSpec spec = specOf("single", format);
    spec.embedData = true;
    const std::string bytes = rendered(*reading.evaluation, spec).bytes;
    const std::string path = reading.folder.put(std::string("alone") + ending(format), bytes);
    fs::remove_all(reading.work());
    EXPECT_EQ(readExperiment(path)->experiment, reading.evaluation->experiment);
    EXPECT_EQ(drawnAgain(path, reading.folder.path("cache"), spec), bytes);
  }
}

TEST(FormatsCarried, FilesBeyondTheLimitAreRefused) {
  const Reading reading;
  const std::vector<float> many(std::size_t{3} << 20);
  reading.folder.put("work/arrays/k.npy",
                     testing_files::npyOf("<f4", "(3, 1048576)", testing_files::raw(many)));
  FigureSpec spec = specOf("single", FigureFormat::svg);
  spec.embedData = true;
  const auto figure = renderFigure(*reading.evaluation, spec, pool());
  ASSERT_FALSE(figure);
  EXPECT_THAT(figure.error().text(), HasSubstr("at most 8.0 MiB"));
  EXPECT_THAT(figure.error().text(), HasSubstr("arrays/k.npy (12 MiB)"));
}

}  // namespace
}  // namespace headlight
