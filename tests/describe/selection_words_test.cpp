#include "core/describe/selection_words.h"

#include <gmock/gmock.h>

#include "core/attention/field.h"
#include "core/experiment/json.h"
#include "tests/describe/evaluated.h"

namespace headlight {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using test::evaluated;

constexpr const char* kCausal =
    R"("tokens": {"text": "one two three four"}, "shape": {"heads": 2, "d_k": 4}, "mask": "causal")";

TEST(SelectionWords, AWeightWithItsRow) {
  const auto made = evaluated(kCausal);
  const std::string text = describeSelection(*made, Stage::weights, 1, SelectedCell{2, 1});
  EXPECT_THAT(text, StartsWith("Attention weights of H1: 4 queries in rows, 4 keys in columns.\n"));
  EXPECT_THAT(text, HasSubstr("“three” (query 2) attends to “two” (key 1) with weight 0."));
  EXPECT_THAT(text, HasSubstr("The largest weights of “three” (query 2): "));
  EXPECT_THAT(text, HasSubstr("they all add up to 1.000."));
  EXPECT_THAT(text, HasSubstr("effective keys of 3 kept."));
  EXPECT_THAT(text, HasSubstr("Mask causal: each token attends to itself and to the tokens before it.\n"));
  EXPECT_THAT(text, HasSubstr("H1: Pattern"));
  EXPECT_TRUE(text.ends_with('\n'));
}

TEST(SelectionWords, AScoreIsCalledOne) {
  const auto made = evaluated(kCausal);
  EXPECT_THAT(describeSelection(*made, Stage::masked, 1, SelectedCell{2, 1}),
              HasSubstr("“three” (query 2) attends to “two” (key 1): masked score "));
}

TEST(SelectionWords, AMaskedCellSaysWhy) {
  const auto made = evaluated(kCausal);
  const std::string text = describeSelection(*made, Stage::weights, 0, SelectedCell{1, 3});
  EXPECT_THAT(
      text, HasSubstr("The pair “two” (query 1) and “four” (key 3) is masked by causal: key 3 > query 1.\n"));
}

TEST(SelectionWords, AMatrixHasDimensions) {
  const auto made = evaluated(kCausal);
  const std::string text = describeSelection(*made, Stage::k, 0, SelectedCell{3, 2});
  EXPECT_THAT(text, AllOf(HasSubstr("4 keys in rows, 4 dimensions in columns."),
                          HasSubstr("“four” (key 3), dimension 2: "), Not(HasSubstr("Mask"))));
}

TEST(SelectionWords, WithoutACellTheStageAlone) {
  const auto made = evaluated(kCausal);
  const std::string whole = describeSelection(*made, Stage::weights, 0, {});
  EXPECT_THAT(whole, Not(HasSubstr("The largest weights of")));
  EXPECT_EQ(describeSelection(*made, Stage::weights, 0, SelectedCell{9, 0}), whole) << "a cell that is none";
}

TEST(SelectionWords, IndicesAreNamedOnceAndEmptyRowsAreTold) {
  const auto made = evaluated(R"("tokens": {"count": 3}, "mask": [{"kind": "causal", "offset": -1}])");
  const std::string text = describeSelection(*made, Stage::weights, 0, SelectedCell{0, 0});
  EXPECT_THAT(text, HasSubstr("The pair query 0 and key 0 is masked"));
  EXPECT_THAT(text, HasSubstr("query 0 attends to no key."));
  EXPECT_THAT(text, HasSubstr("1 query keeps no key and is left out of averages."));
}

TEST(SelectionWords, TheMeanAndAnAbsentStage) {
  const auto made = evaluated(kCausal);
  EXPECT_THAT(describeSelection(*made, Stage::weights, kMeanHead, SelectedCell{2, 1}),
              HasSubstr("of the mean of the heads"));
  EXPECT_THAT(describeSelection(*made, Stage::memory, 0, {}),
              StartsWith(std::string(info(Stage::memory).title)));
}

TEST(RangeSentence, NamesEndsAndRule) {
  Range range;
  range.high = 0.77142F;
  range.rule = "0 to shared maximum";
  EXPECT_EQ(rangeSentence(range), "Colours span 0.000 to 0.771: 0 to shared maximum.");
  range.clippedHigh = true;
  range.logarithmic = true;
  EXPECT_THAT(rangeSentence(range), AllOf(HasSubstr("on a logarithmic scale"), HasSubstr("lie beyond")));
}

}  // namespace
}  // namespace headlight
