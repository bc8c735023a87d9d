// The lessons of the program: every right answer passes, every wrong one fails, as measured.
#include "tests/lesson/lessons.h"

#include <algorithm>
#include <regex>

#include "core/base/number.h"
#include "core/experiment/parameters.h"

namespace headlight::test {
namespace {

class Lessons : public testing::TestWithParam<std::string> {
 protected:
  Lesson lesson_ = lessonOf(GetParam());
  Bench bench_ = lesson_.bench(".", pool());
};
std::vector<std::string> ids() {
  std::vector<std::string> all;
  for (const LessonFile& file : lessonFiles()) all.push_back(file.id);
  return all;
}
INSTANTIATE_TEST_SUITE_P(All, Lessons, testing::ValuesIn(ids()), [](const auto& made) {
  std::string name = made.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(LessonFiles, AreTheTwelveInTheirOrder) {
  ASSERT_EQ(lessonFiles().size(), 12U);
  for (std::size_t n = 0; n < lessonFiles().size(); ++n) {
    EXPECT_EQ(std::stoul(lessonFiles()[n].id.substr(0, 2)), n + 1) << lessonFiles()[n].id;
  }
}

TEST_P(Lessons, MeasureWithoutAFault) {
  for (const Error& fault : lessonFaults(lesson_, bench_)) ADD_FAILURE() << fault.text();
}

TEST_P(Lessons, HoldTheirRightAnswersRightAndTheWrongOnesWrong) {
  const auto starts = stepStarts(lesson_);
  ASSERT_TRUE(starts);
  int asked = 0;
  for (std::size_t n = 0; n < lesson_.steps.size(); ++n) {
    const LessonStep& step = lesson_.steps[n];
    const Experiment& learner = (*starts)[n];
    const auto grade = [&](const LessonAnswer& answer) {
      const auto graded = gradeAnswer(step, answer, bench_, learner);
      EXPECT_TRUE(graded) << step.id << ": " << graded.error().text();
      return graded && graded->right;
    };
    if (step.kind == LessonStep::Kind::see) continue;
    ++asked;
    if (step.kind == LessonStep::Kind::attempt) {
      for (const auto& changes : step.right) EXPECT_TRUE(grade({step.id, {}, {}, changes})) << step.id;
      for (const auto& changes : step.wrong) EXPECT_FALSE(grade({step.id, {}, {}, changes})) << step.id;
      EXPECT_FALSE(grade({step.id, {}, {}, {}})) << step.id << " is passed before anything was done";
      continue;
    }
    int right = 0;
    for (std::size_t option = 0; option < step.ask.options.size(); ++option) {
      right += grade({step.id, option, {}, {}}) ? 1 : 0;
    }
    EXPECT_EQ(right, 1) << step.id;
  }
  EXPECT_GE(asked, 3);
}

TEST_P(Lessons, BeginWithAPredictionAndEndWithAnExplanation) {
  const auto kindAt = [&](LessonStep::Kind kind) {
    return std::find_if(lesson_.steps.begin(), lesson_.steps.end(),
                        [&](const LessonStep& s) { return s.kind == kind; });
  };
  ASSERT_NE(kindAt(LessonStep::Kind::predict), lesson_.steps.end());
  ASSERT_NE(kindAt(LessonStep::Kind::attempt), lesson_.steps.end());
  EXPECT_EQ(lesson_.steps.back().kind, LessonStep::Kind::explain);
}

TEST_P(Lessons, SayNoMeasuredNumberThatWasNotMeasured) {
  // A decimal fraction in a text is a result, and results come from the core; 0.95 and the like are goals.
  const std::regex fraction(R"(\d\.\d+)");
  for (const LessonStep& step : lesson_.steps) {
    const std::string text = step.reveal;
    for (std::sregex_iterator it(text.begin(), text.end(), fraction), end; it != end; ++it) {
      const double said = *parseNumber(it->str());
      EXPECT_TRUE(said == 88.72 || said == 0.0625 || it->str() == "0.95" || said == 8.72)
          << step.id << ": " << it->str();
    }
  }
}

TEST_P(Lessons, NameParametersThatThereAre) {
  for (const std::string& id : lesson_.controls) EXPECT_NE(parameter(id), nullptr) << id;
  EXPECT_FALSE(lesson_.controls.empty());
}

// Numbers that are known from elsewhere, measured with our generator.
TEST(LessonNumbers, AreThoseOfTheTextbooks) {
  const auto number = [](const std::string& lesson, const std::string& measure) {
    const Lesson read = lessonOf(lesson);
    Bench bench = read.bench(".", pool());
    const auto found = bench.number(measure);
    EXPECT_TRUE(found) << measure << ": " << found.error().text();
    return found ? *found : -1;
  };
  EXPECT_NEAR(number("1", "weight_a"), 0.844, 5e-4);  // softmax(3, 1, 0)
  EXPECT_NEAR(number("1", "weight_b"), 0.114, 5e-4);
  EXPECT_NEAR(number("1", "weight_c"), 0.042, 5e-4);
  EXPECT_NEAR(number("4", "w1"), 0.165, 0.01);  // normal scores of 32 keys, stretched
  EXPECT_NEAR(number("4", "w8"), 0.81, 0.02);
  EXPECT_NEAR(number("5", "spread_64"), 8, 0.4);
  EXPECT_NEAR(number("5", "spread_256"), 16, 0.8);
  EXPECT_NEAR(number("7", "sink_left"), 6 / (6 + std::exp(5.0)), 1e-6);
  EXPECT_NEAR(number("8", "c_of"), 0.03, 1e-6);  // weight × length
  EXPECT_NEAR(number("8", "c_fire"), 0.6, 1e-6);
  EXPECT_NEAR(number("8", "c_rain"), 0.1 * std::sqrt(2.0), 1e-6);
  EXPECT_EQ(number("10", "params_4"), 16384);
  EXPECT_NEAR(number("11", "a_5"), 0.490, 5e-4);
  EXPECT_NEAR(number("11", "a_10"), 0.4999, 5e-5);
  EXPECT_NEAR(number("11", "one_within"), 0.048, 0.015);
  EXPECT_NEAR(number("11", "two_within"), 0.819, 0.02);
  EXPECT_NEAR(number("12", "b2"), 0.67, 0.005);
  EXPECT_NEAR(number("12", "b6"), 0.990, 0.001);
}

}  // namespace
}  // namespace headlight::test
