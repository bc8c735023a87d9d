#include "core/figure/typed_marks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/figure/rendered.h"

namespace headlight {
namespace {

using namespace test;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr char kWords[] =
    R"("tokens": {"list": ["The","animal","slept",":","it","it"]}, "shape": {"d_k": 5})";
constexpr char kCross[] = R"("tokens": {"list": ["a","b"]}, "memory": {"list": ["x","y","z"]})";

using Ends = std::array<std::int64_t, 4>;
Ends endsOf(const Result<FigureCrop>& crop) {
  if (!crop) return {-1, -1, -1, -1};
  return {crop->rowFirst, crop->rowEnd, crop->colFirst, crop->colEnd};
}
Result<FigureCrop> crop(std::string_view text, const Evaluation& evaluation,
                        std::optional<Stage> stage = std::nullopt) {
  const auto spans = readCrop("--crop", text);
  if (!spans) return spans.error();
  return placeCrop("--crop", *spans, evaluation, stage);
}

TEST(TypedMarks, ACropIsTwoHalfOpenSpans) {
  const auto evaluation = evaluated(kWords);
  EXPECT_EQ(endsOf(crop("1:3,2:6", *evaluation)), (Ends{1, 3, 2, 6}));
  EXPECT_EQ(endsOf(crop(":3,2:", *evaluation)), (Ends{0, 3, 2, 6}));
  EXPECT_EQ(endsOf(crop(":,:", *evaluation)), (Ends{0, 6, 0, 6}));
  EXPECT_EQ(endsOf(crop("0:6,0:5", *evaluation, Stage::q)), (Ends{0, 6, 0, 5}));
  for (const FigureCrop& one : {FigureCrop{1, 3, 2, 6}, FigureCrop{0, 1, 5, 6}})
    EXPECT_EQ(*crop(cropText(one), *evaluation), one);
}

TEST(TypedMarks, AWrongCropSaysWhereWhatAndHow) {
  const auto evaluation = evaluated(kWords);
  for (const char* text :
       {"", "1:3", "1:3;2:4", "3:3,0:1", "4:3,0:1", "-1:3,0:1", "a:b,c:d", "1:3,0:1,0:1"}) {
    const auto refused = crop(text, *evaluation);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code, ErrorCode::usage);
    EXPECT_EQ(refused.error().where, "--crop");
    EXPECT_THAT(refused.error().what, AllOf(StartsWith("found \""), HasSubstr("accepted is"))) << text;
  }
  EXPECT_THAT(crop("0:7,0:6", *evaluation).error().what,
              AllOf(HasSubstr("\"0:7\""), HasSubstr("b ≤ 6"), HasSubstr("6 queries")));
  EXPECT_THAT(crop("0:6,6:", *evaluation).error().what, AllOf(HasSubstr("\"6:\""), HasSubstr("6 keys")));
  EXPECT_THAT(crop("0:6,0:6", *evaluation, Stage::q).error().what, HasSubstr("5 dimensions"));
}

TEST(TypedMarks, TokensAreNamedByIndexOrByTheirText) {
  const auto evaluation = evaluated(kWords);
  const auto cell = [&](std::string_view text) { return placeHighlight("cells", text, *evaluation); };
  EXPECT_THAT(*cell("4:1"), ElementsAre(4, 1));
  EXPECT_THAT(*cell("slept:animal"), ElementsAre(2, 1));
  EXPECT_THAT(*cell(":::"), ElementsAre(3, 3)) << "a token that is a colon";
  EXPECT_THAT(*cell("::0"), ElementsAre(3, 0));
  for (const char* text : {"41", "", "6:0", "0:6", "x:0", "0:", ":"}) {
    ASSERT_FALSE(cell(text)) << text;
    EXPECT_THAT(cell(text).error().text(), AllOf(StartsWith("cells: found \""), HasSubstr("accepted is")));
  }
  EXPECT_EQ(cell("anmal:0").error().hint, "Did you mean animal?");
  EXPECT_THAT(cell("it:0").error().text(), AllOf(HasSubstr("several times"), HasSubstr("4 or 5")));
  EXPECT_TRUE(checkHighlight("cells", "7:1"));
  EXPECT_FALSE(checkHighlight("cells", "71"));
}

TEST(TypedMarks, ABracketStandsOnBothAxesOrOne) {
  const auto evaluation = evaluated(kWords);
  const auto bracket = [&](std::string_view text) { return placeBracket("brackets", text, *evaluation); };
  const FigureBracket np{0, 1, "NP"};
  EXPECT_EQ(bracket("0:1=NP")->queries, np);
  EXPECT_EQ(bracket("0:1=NP")->keys, np);
  EXPECT_EQ(bracket("The:animal=NP")->keys, np);
  EXPECT_EQ(bracket("q:0:1=NP")->queries, np);
  EXPECT_EQ(bracket("q:0:1=NP")->keys, std::nullopt);
  EXPECT_EQ(bracket("k:0:1=NP")->queries, std::nullopt);
  EXPECT_EQ(bracket("2=V = 1")->keys, (FigureBracket{2, 2, "V = 1"}));
  EXPECT_EQ(bracket("slept::=x")->keys, (FigureBracket{2, 3, "x"})) << "a token that is a colon";
  EXPECT_THAT(bracket("4:5=")->keys->name, IsEmpty());
  for (const char* text : {"0:1", "=NP", "", "3:1=x", "0:6=x", "q:=x", "0:nowhere=x"}) {
    ASSERT_FALSE(bracket(text)) << text;
    EXPECT_THAT(bracket(text).error().text(), AllOf(StartsWith("brackets: found \""), HasSubstr("accepted")));
  }
  EXPECT_TRUE(checkBracket("brackets", "9:12=x")) << "in some experiment";
  EXPECT_FALSE(checkBracket("brackets", "9:12"));
}

TEST(TypedMarks, OfTwoSequencesABracketNamesTheOneItIsOver) {
  const auto evaluation = evaluated(kCross);
  const auto both = placeBracket("--bracket", "0:1=X", *evaluation);
  ASSERT_FALSE(both);
  EXPECT_THAT(both.error().hint, AllOf(HasSubstr("q:0:1=X"), HasSubstr("k:0:1=X")));
  EXPECT_EQ(placeBracket("--bracket", "k:y:z=X", *evaluation)->keys, (FigureBracket{1, 2, "X"}));
  EXPECT_FALSE(placeBracket("--bracket", "q:y:z=X", *evaluation));
}

}  // namespace
}  // namespace headlight
