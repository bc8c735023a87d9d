#include "core/experiment/examples.h"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "tests/experiment/support.h"

namespace headlight {
namespace {

const std::string kFolder = std::string(HEADLIGHT_SOURCE_DIR) + "/assets/examples";

TEST(Examples, TheOpeningOneComesFirst) {
  EXPECT_EQ(exampleNames().front(), "who-is-meant");
  EXPECT_THAT(exampleNames(),
              testing::UnorderedElementsAre("who-is-meant", "causal-random", "translation", "padded",
                                            "from-arrays", "trained-minilm", "image-patches"));
}

TEST(Examples, EachOpensAndComputesWithoutWarnings) {
  for (const std::string& name : exampleNames()) {
    const auto decoded = fromText(*exampleText(name));
    ASSERT_TRUE(decoded) << name << ": " << decoded.error().text();
    EXPECT_THAT(decoded->warnings, testing::IsEmpty()) << name;
    const auto e = test::evaluated(decoded->experiment, kFolder);
    ASSERT_TRUE(e) << name;
    EXPECT_THAT(e->prepared->warnings, testing::IsEmpty()) << name;
    EXPECT_FALSE(decoded->experiment.title.empty()) << name;
  }
}

TEST(Examples, AreWrittenAsTheyAreSaved) {
  for (const std::string& name : exampleNames()) {
    EXPECT_EQ(toText(fromText(*exampleText(name))->experiment), *exampleText(name)) << name;
  }
}

TEST(Examples, EmbeddedBytesAreTheFiles) {
  for (const Asset& asset : exampleFiles()) {
    std::ostringstream bytes;
    bytes << std::ifstream(kFolder + "/" + std::string(asset.name), std::ios::binary).rdbuf();
    EXPECT_EQ(bytes.str(), asset.bytes) << asset.name;
  }
}

TEST(Examples, ItMeansTheAnimal) {
  const auto e = test::evaluated(fromText(*exampleText("who-is-meant"))->experiment);
  const auto weights = Field::make(e->run, Stage::weights, 2);
  EXPECT_EQ(e->prepared->queryTokens[7].label, "it");
  EXPECT_EQ(e->prepared->keyTokens[1].label, "animal");
  EXPECT_NEAR(weights->cell(7, 1), 0.75, 0.05);
  EXPECT_EQ(e->run->sizes.dK, 8);
  const auto random = test::evaluated(fromText(*exampleText("causal-random"))->experiment);
  EXPECT_EQ(Field::make(random->run, Stage::weights, 0)->cell(0, 1), 0.0f);
}

TEST(Examples, WordsAreTranslated) {
  const auto e = test::evaluated(fromText(*exampleText("translation"))->experiment);
  const auto& tokens = *e->prepared;
  const auto lookedAt = [&](std::int64_t row) {
    return tokens.keyTokens[static_cast<std::size_t>(test::largestKey(*e->run, 0, row))].label;
  };
  EXPECT_EQ(lookedAt(1), "noir");
  EXPECT_EQ(lookedAt(2), "chat");
  EXPECT_EQ(lookedAt(7), "canapé");
}

}  // namespace
}  // namespace headlight
