// Batches, grids and images: what stands between the words of a document and its rows of X.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "core/attention/field.h"
#include "core/experiment/generator.h"
#include "core/experiment/image_patches.h"
#include "core/experiment/sequence.h"
#include "core/experiment/tensor_record.h"
#include "tests/experiment/support.h"

namespace headlight {
namespace {

using test::document;
using test::evaluated;
using test::experimentOf;
using test::TemporaryFolder;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> labels(const std::vector<Token>& tokens) {
  std::vector<std::string> texts;
  texts.reserve(tokens.size());
  for (const Token& token : tokens) texts.push_back(token.label);
  return texts;
}

std::string big(std::uint64_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(value >> shift & 0xff);
  return text;
}

std::string chunk(const std::string& type, const std::string& data) {
  const std::string body = type + data;
  return big(data.size()) + body +
         big(crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size())));
}

/// A PNG of one colour a column of four pixels, all rows alike: red, green, blue, white, each `wide` pixels.
std::string stripes(std::uint32_t wide, std::uint32_t height) {
  std::string rows;
  for (std::uint32_t y = 0; y < height; ++y) {
    rows += '\0';
    for (const char* colour : {"\xff\0\0", "\0\xff\0", "\0\0\xff", "\xff\xff\xff"}) {
      for (std::uint32_t x = 0; x < wide; ++x) rows.append(colour, 3);
    }
  }
  uLongf size = compressBound(static_cast<uLong>(rows.size()));
  std::string packed(size, '\0');
  compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(rows.data()),
           static_cast<uLong>(rows.size()));
  packed.resize(size);
  const std::string form("\x08\x02\0\0\0", 5);
  return std::string("\x89PNG\r\n\x1a\n") + chunk("IHDR", big(4 * wide) + big(height) + form) +
         chunk("IDAT", packed) + chunk("IEND", "");
}

TEST(Batch, IsPaddedRightToTheLongestElement) {
  const std::string batch =
      R"("tokens": {"batch": [{"text": "a b"}, {"list": ["x"]}, {"count": 4}]}, "view": {"batch": )";
  const auto first = evaluated(experimentOf(batch + "0}"));
  EXPECT_THAT(labels(first->prepared->queryTokens), ElementsAre("a", "b", "[PAD]", "[PAD]"));
  EXPECT_EQ(first->prepared->batches, 3);
  EXPECT_EQ(first->prepared->plan.batches, 3);
  const auto second = evaluated(experimentOf(batch + "1}"), "", first.get());
  EXPECT_THAT(labels(second->prepared->queryTokens), ElementsAre("x", "[PAD]", "[PAD]", "[PAD]"));
  EXPECT_EQ(second->prepared->plan.batch, 1);
  const auto third = evaluated(experimentOf(batch + "2}"));
  EXPECT_THAT(labels(third->prepared->queryTokens), ElementsAre("0", "1", "2", "3"));
  EXPECT_TRUE(third->prepared->plan.inputs.paddedKeys.empty());
}

TEST(Batch, AnElementIsComputedAsItWouldBeAlone) {
  const auto alone = evaluated(experimentOf(R"("tokens": {"list": ["x", "y", "[PAD]"]}, "mask": "padding")"));
  const auto inBatch = evaluated(experimentOf(
      R"("tokens": {"batch": [{"count": 3}, {"list": ["x", "y"]}]}, "mask": "padding", "view": {"batch": 1})"));
  const auto a = Field::make(alone->run, Stage::weights, 2);
  const auto b = Field::make(inBatch->run, Stage::weights, 2);
  ASSERT_TRUE(a && b);
  for (std::int64_t i = 0; i < 3; ++i) {
    for (std::int64_t j = 0; j < 3; ++j) EXPECT_EQ(a->cell(i, j), b->cell(i, j));
    EXPECT_EQ(b->cell(i, 2), 0.0f) << "padding takes no part";
  }
}

TEST(Batch, ItsElementIsPartOfTheNumbersAndOfNoStepBack) {
  const Experiment zero = experimentOf(R"("tokens": {"batch": [{"count": 2}, {"text": "a b"}]})");
  Experiment one = zero;
  one.view.batch = 1;
  EXPECT_FALSE(sameNumbers(zero, one));
  EXPECT_TRUE(sameButView(zero, one));
}

TEST(Batch, MemoryIsOneForAllOrOneEach) {
  const auto single = evaluated(experimentOf(
      R"("tokens": {"batch": [{"count": 2}, {"count": 3}]}, "memory": {"text": "m n"}, "view": {"batch": 1})"));
  EXPECT_THAT(labels(single->prepared->keyTokens), ElementsAre("m", "n"));
  const auto each = evaluated(experimentOf(
      R"("tokens": {"batch": [{"count": 2}, {"count": 3}]}, "memory": {"batch": [{"text": "m n"}, {"text": "o"}]},
         "view": {"batch": 1})"));
  EXPECT_THAT(labels(each->prepared->keyTokens), ElementsAre("o", "[PAD]"));
}

TEST(Batch, FilesOfTokensCountWhenTheyAreRead) {
  const TemporaryFolder folder;
  folder.put("words.txt", "one\ntwo\nthree\n");
  const auto e = evaluated(
      experimentOf(R"("tokens": {"batch": [{"count": 2}, {"file": "words.txt"}]}, "view": {"batch": 0})"),
      folder.path());
  EXPECT_THAT(labels(e->prepared->queryTokens), ElementsAre("0", "1", "[PAD]"));
}

TEST(TokenFile, SaysThatItIsNotSplit) {
  const auto decoded = fromText(document(R"("tokens": {"file": "words.txt", "split": "bytes"})"));
  ASSERT_TRUE(decoded) << decoded.error().text();
  EXPECT_THAT(decoded->warnings, ElementsAre(AllOf(HasSubstr("tokens.split"), HasSubstr("a token"))));
  EXPECT_THAT(toText(decoded->experiment), HasSubstr(R"("split": "bytes")"));
}

TEST(Grid, IsRowMajorAndMayBeginWithAClassToken) {
  const auto plain = evaluated(experimentOf(R"("tokens": {"grid": [2, 3]})"));
  EXPECT_THAT(labels(plain->prepared->queryTokens), ElementsAre("0,0", "0,1", "0,2", "1,0", "1,1", "1,2"));
  const auto classed = evaluated(experimentOf(R"("tokens": {"grid": [1, 2], "class_token": true})"));
  EXPECT_THAT(labels(classed->prepared->queryTokens), ElementsAre("[CLS]", "0,0", "0,1"));
}

TEST(Patches, AreTheirPixelsLessTheMeanOfTheImage) {
  const auto pixels = decodePngPixels(stripes(16, 32));
  ASSERT_TRUE(pixels) << pixels.error().text();
  const PatchReader reader(*pixels, 1, 4);
  std::vector<float> patch(static_cast<std::size_t>(kPatchWidth));
  reader.read(0, 0, patch.data());  // red; half of all pixels are red in each channel
  for (std::size_t i = 0; i < patch.size(); i += 3) {
    EXPECT_NEAR(patch[i], 0.5, 1e-6);
    EXPECT_NEAR(patch[i + 1], -0.5, 1e-6);
    EXPECT_NEAR(patch[i + 2], -0.5, 1e-6);
  }
  reader.read(0, 3, patch.data());
  for (const float value : patch) EXPECT_NEAR(value, 0.5, 1e-6);
}

TEST(Patches, AreResampledByArea) {
  // Two patches of two columns each, eight cells wide: a cell is a quarter of a column.
  const auto pixels = decodePngPixels(stripes(1, 3));
  ASSERT_TRUE(pixels);
  const PatchReader reader(*pixels, 1, 2);
  std::vector<float> patch(static_cast<std::size_t>(kPatchWidth));
  reader.read(0, 0, patch.data());
  EXPECT_NEAR(patch[0], 0.5, 1e-6);
  EXPECT_NEAR(patch[3 * 3 + 1], -0.5, 1e-6);
  EXPECT_NEAR(patch[4 * 3 + 1], 0.5, 1e-6) << "the second column is green";
  // Three patches over four columns: the first one ends within the second column.
  const PatchReader thirds(*pixels, 1, 3);
  thirds.read(0, 0, patch.data());
  EXPECT_NEAR(patch[6 * 3 + 1], 0.5, 1e-6);
  EXPECT_NEAR(patch[5 * 3 + 1], -0.5, 1e-6);
}

class Image : public testing::Test {
 protected:
  Image() { folder_.put("cat.png", stripes(8, 8)); }
  TemporaryFolder folder_;
};

TEST_F(Image, BecomesXByAGeneratedMatrix) {
  const auto e = evaluated(
      experimentOf(
          R"("tokens": {"grid": [1, 4], "image": "cat.png", "class_token": true}, "shape": {"d_model": 8})"),
      folder_.path());
  EXPECT_THAT(e->prepared->origin.chip, HasSubstr("pixels, untrained"));
  const Matrix& x = *e->prepared->plan.inputs.x;
  ASSERT_EQ(x.rows(), 5);
  Matrix weight(kPatchWidth, 8);
  generateHead(1, Generated::pixels, 0, 0.25, 8, weight, 0);
  const auto pixels = decodePngPixels(stripes(8, 8));
  const PatchReader reader(*pixels, 1, 4);
  std::vector<float> patch(static_cast<std::size_t>(kPatchWidth));
  for (std::int64_t p = 0; p < 4; ++p) {
    reader.read(0, p, patch.data());
    for (std::int64_t column = 0; column < 8; ++column) {
      double sum = 0;
      for (std::int64_t k = 0; k < kPatchWidth; ++k)
        sum +=
            static_cast<double>(patch[static_cast<std::size_t>(k)]) * static_cast<double>(weight(k, column));
      EXPECT_NEAR(x(1 + p, column), sum, 1e-4);
    }
  }
  // [CLS] is embedded as the word it is.
  const Matrix word = generateEmbedding(1, tokensFromLabels(std::vector<std::string>{"[CLS]"}), 8);
  for (std::int64_t column = 0; column < 8; ++column) EXPECT_EQ(x(0, column), word(0, column));
}

TEST_F(Image, IsRecordedWhenItIsSavedAndMissedByItsHash) {
  const Experiment saved = forSaving(experimentOf(R"("tokens": {"grid": [2, 2], "image": "cat.png"})"),
                                     folder_.path(), folder_.path());
  ASSERT_EQ(saved.files.size(), 1u);
  EXPECT_EQ(saved.files[0].path, "cat.png");
  const auto opened = fromText(toText(saved));
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_EQ(opened->experiment, saved);
  EXPECT_THAT(evaluated(saved, folder_.path())->prepared->warnings, testing::IsEmpty());
  folder_.put("cat.png", stripes(16, 8));
  EXPECT_THAT(evaluated(saved, folder_.path())->prepared->warnings,
              ElementsAre(HasSubstr("cat.png is not the file that was saved with the experiment")));
  std::filesystem::remove(folder_.path() + "/cat.png");
  const auto missing = prepare(saved, folder_.path());
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().text(),
              AllOf(HasSubstr("tokens.image"), HasSubstr("cat.png"), HasSubstr(saved.files[0].sha256)));
}

TEST_F(Image, ThatIsNoneIsRefusedWithItsPath) {
  folder_.put("dog.png", "no picture");
  const auto refused = prepare(
      experimentOf(
          R"("tokens": {"batch": [{"count": 1}, {"grid": [2, 2], "image": "dog.png"}]}, "view": {"batch": 1})"),
      folder_.path());
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().where, AllOf(HasSubstr("tokens.batch[1].image"), HasSubstr("dog.png")));
}

TEST(NamedTensors, OfMasksAndBiasesAreRecordedLikeThoseOfASource) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() + "/sub");
  const std::string keep = folder.put("keep.npz", test::npzBytes({{"m", {3}, {1, 0, 1}}}));
  folder.put("add.npz", test::npzBytes({{"b", {3, 3}, {0, 1, 2, 3, 4, 5, 6, 7, 8}}}));
  const Experiment experiment = experimentOf(
      R"("tokens": {"count": 3}, "mask": {"kind": "tensor", "tensor": "keep.npz:m", "meaning": "keep"},
         "score": {"bias": {"kind": "tensor", "tensor": "add.npz:b"}})");
  const auto before = evaluated(experiment, folder.path());
  const auto weights = Field::make(before->run, Stage::weights, 0);
  EXPECT_EQ(weights->cell(0, 1), 0.0f);
  const Experiment saved = forSaving(experiment, folder.path(), folder.path() + "/sub");
  EXPECT_EQ(*saved.mask[0].find("tensor"), Value("../keep.npz:m"));
  EXPECT_EQ(*saved.biases[0].find("tensor"), Value("../add.npz:b"));
  ASSERT_EQ(saved.files.size(), 2u);
  const auto opened = fromText(toText(saved));
  ASSERT_TRUE(opened) << opened.error().text();
  const auto after = evaluated(opened->experiment, folder.path() + "/sub");
  EXPECT_THAT(after->prepared->warnings, testing::IsEmpty());
  const auto again = Field::make(after->run, Stage::weights, 0);
  for (std::int64_t j = 0; j < 3; ++j) EXPECT_EQ(again->cell(2, j), weights->cell(2, j));
  std::filesystem::remove(keep);
  const auto missing = prepare(opened->experiment, folder.path() + "/sub");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().text(),
              AllOf(HasSubstr("mask[0].tensor"), HasSubstr("keep.npz"), HasSubstr("SHA-256")));
}

}  // namespace
}  // namespace headlight
