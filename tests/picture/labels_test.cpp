#include "core/picture/labels.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headlight {

bool operator==(const MathPiece& a, const MathPiece& b) {
  return a.text == b.text && a.level == b.level;
}

namespace {

TEST(LabelStep, IsTheFirstRoundStepThatFits) {
  EXPECT_EQ(labelStep(20, 12), 1);
  EXPECT_EQ(labelStep(12, 12), 1);
  EXPECT_EQ(labelStep(11.9, 12), 2);
  EXPECT_EQ(labelStep(1, 12), 20);
  EXPECT_EQ(labelStep(0.01, 12), 2000);
  EXPECT_GT(labelStep(0, 12), 1'000'000'000);
}

TEST(LabelStep, DrawnLabelsNeverOverlap) {
  std::mt19937 random(3);
  for (int n = 0; n < 2000; ++n) {
    const double cell = 0.001 + static_cast<double>(random() % 100000) / 1000;
    const double label = 1 + static_cast<double>(random() % 100000) / 1000;
    const auto step = static_cast<double>(labelStep(cell, label));
    EXPECT_GE(step * cell, label);
  }
}

TEST(MathPieces, SplitsRaisedAndLowered) {
  using testing::ElementsAre;
  EXPECT_THAT(mathPieces("QK^T ÷ √d_k"),
              ElementsAre(MathPiece{"QK", 0}, MathPiece{"T", 1}, MathPiece{" ÷ √d", 0}, MathPiece{"k", -1}));
  EXPECT_THAT(mathPieces("e^{s − max}"), ElementsAre(MathPiece{"e", 0}, MathPiece{"s − max", 1}));
  EXPECT_THAT(mathPieces("e^(q·k) = 1"),
              ElementsAre(MathPiece{"e", 0}, MathPiece{"q·k", 1}, MathPiece{" = 1", 0}));
  EXPECT_THAT(mathPieces("e^() e^(s"), ElementsAre(MathPiece{"e^() e^(s", 0}));
  EXPECT_EQ(mathPlain("e^(q·k)"), "e^(q·k)");
  EXPECT_THAT(mathPieces("z_h W_O^h"), ElementsAre(MathPiece{"z", 0}, MathPiece{"h", -1}, MathPiece{" W", 0},
                                                   MathPiece{"O", -1}, MathPiece{"h", 1}));
  EXPECT_THAT(mathPieces("d_model"), ElementsAre(MathPiece{"d", 0}, MathPiece{"model", -1}));
  EXPECT_THAT(mathPieces("x_∞ y"), ElementsAre(MathPiece{"x", 0}, MathPiece{"∞", -1}, MathPiece{" y", 0}));
}

TEST(MathPieces, LeavesWhatIsNoMarkup) {
  using testing::ElementsAre;
  EXPECT_THAT(mathPieces("a_"), ElementsAre(MathPiece{"a_", 0}));
  EXPECT_THAT(mathPieces("a^ b"), ElementsAre(MathPiece{"a^ b", 0}));
  EXPECT_THAT(mathPieces("a^{b"), ElementsAre(MathPiece{"a^{b", 0}));
  EXPECT_THAT(mathPieces(""), testing::IsEmpty());
}

TEST(MathPlain, IsReadable) {
  EXPECT_EQ(mathPlain("QK^T ÷ √d_k"), "QK^T ÷ √d_k");
  EXPECT_EQ(mathPlain("d_{model}"), "d_model");
  EXPECT_EQ(mathPlain("e^{s − max}"), "e^(s − max)");
}

}  // namespace
}  // namespace headlight
