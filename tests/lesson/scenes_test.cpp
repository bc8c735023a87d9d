// The scenes of the program: what they measure, and that every number they say is measured.
#include <algorithm>
#include <cmath>
#include <regex>

#include "core/experiment/parameters.h"
#include "tests/lesson/lessons.h"

namespace headlight::test {
namespace {

class Scenes : public testing::TestWithParam<std::string> {
 protected:
  Lesson scene_ = lessonOf(GetParam());
  Bench bench_ = scene_.bench(".", pool());
};
std::vector<std::string> ids() {
  std::vector<std::string> all;
  for (const LessonFile& file : sceneFiles()) all.push_back(file.id);
  return all;
}
INSTANTIATE_TEST_SUITE_P(All, Scenes, testing::ValuesIn(ids()), [](const auto& made) {
  std::string name = made.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(SceneFiles, HaveOneForEachIdea) {
  const std::vector<std::string> all = ids();
  for (const char* id : {"01-library", "02-saturation", "03-heads", "04-self-cross-decoder", "06-cost",
                         "07-sparse-and-linear"}) {
    EXPECT_THAT(all, testing::Contains(id));
  }
  for (const std::string& id : all) {
    const std::string name = id.substr(3);
    EXPECT_EQ(lessonOf(name).id, id) << "found by its name";
  }
}

TEST_P(Scenes, MeasureWithoutAFault) {
  for (const Error& fault : lessonFaults(scene_, bench_)) ADD_FAILURE() << fault.text();
}

TEST_P(Scenes, ShowWhatCanBeDrawnAtEveryStep) {
  const auto starts = stepStarts(scene_);
  ASSERT_TRUE(starts) << starts.error().text();
  int shown = 0;
  for (std::size_t n = 0; n < scene_.steps.size(); ++n) {
    const LessonStep& step = scene_.steps[n];
    EXPECT_NE(step.kind, LessonStep::Kind::predict) << step.id;
    shown += step.kind == LessonStep::Kind::see ? 1 : 0;
    const auto prepared = prepare((*starts)[n], ".");
    ASSERT_TRUE(prepared) << step.id << ": " << prepared.error().text();
    EXPECT_THAT(prepared->warnings, testing::IsEmpty()) << step.id;
  }
  EXPECT_GE(shown, 2);
}

TEST_P(Scenes, HoldTheirRightAnswersRightAndTheWrongOnesWrong) {
  const auto starts = stepStarts(scene_);
  ASSERT_TRUE(starts);
  for (std::size_t n = 0; n < scene_.steps.size(); ++n) {
    const LessonStep& step = scene_.steps[n];
    const auto grade = [&](const LessonAnswer& answer) {
      const auto graded = gradeAnswer(step, answer, bench_, (*starts)[n]);
      EXPECT_TRUE(graded) << step.id << ": " << graded.error().text();
      return graded && graded->right;
    };
    if (step.kind == LessonStep::Kind::attempt) {
      for (const auto& changes : step.right) EXPECT_TRUE(grade({step.id, {}, {}, changes})) << step.id;
      for (const auto& changes : step.wrong) EXPECT_FALSE(grade({step.id, {}, {}, changes})) << step.id;
    }
    if (step.ask.options.empty()) continue;
    int right = 0;
    for (std::size_t option = 0; option < step.ask.options.size(); ++option)
      right += grade({step.id, option, {}, {}}) ? 1 : 0;
    EXPECT_EQ(right, 1) << step.id;
  }
}

TEST_P(Scenes, SayNoMeasuredNumberThatWasNotMeasured) {
  const std::regex fraction(R"(\d\.\d)");
  const auto check = [&](const std::string& text, const std::string& step) {
    EXPECT_FALSE(std::regex_search(text, fraction)) << step << ": " << text;
  };
  for (const LessonStep& step : scene_.steps) {
    // What a try asks for is a goal, not a result.
    if (step.kind != LessonStep::Kind::attempt) check(step.say, step.id);
    check(std::regex_replace(step.reveal, std::regex("temperature of 0\\.1"), ""), step.id);
  }
}

TEST_P(Scenes, UseEveryMeasure) {
  std::string used;
  const auto add = [&](const std::vector<Check>& checks) {
    for (const Check& check : checks) used += "{" + check.measure + "}{" + check.other + "}";
  };
  for (const LessonStep& step : scene_.steps) {
    used += step.say + step.reveal + "{" + step.ask.measure + "}";
    add(step.check);
    for (const LessonOption& option : step.ask.options) add(option.when);
  }
  for (const auto& row : scene_.measures) used += "{" + row.second.first + "}{" + row.second.second + "}";
  for (const auto& row : scene_.measures)
    EXPECT_NE(used.find("{" + row.first + "}"), std::string::npos)
        << row.first << " is measured and never said";
}

TEST_P(Scenes, SayThatPatternsAreConstructed) {
  if (scene_.start.source.kind != "patterns") return;
  EXPECT_THAT(scene_.steps.front().say, testing::HasSubstr("constructed"));
  EXPECT_THAT(scene_.steps.front().say, testing::HasSubstr("not learned"));
}

// The example of the library as it is done on paper: small whole numbers and powers of two.
TEST(Library, IsWhatPaperSays) {
  const Lesson scene = lessonOf("library");
  Bench bench = scene.bench(".", pool());
  const int queries[2][2] = {{1, 1}, {1, 0}};
  const int cards[5][2] = {{1, 1}, {1, 0}, {0, 1}, {0, 0}, {1, -1}};
  const int books[5][2] = {{10, 5}, {10, 0}, {0, 10}, {0, 0}, {20, 30}};
  const auto cell = [&](const char* stage, int row, int column) {
    Measure measure;
    measure.call = {"cell", {{"stage", stage}, {"row", row}, {"column", column}}};
    const auto found = bench.number(measure);
    EXPECT_TRUE(found) << found.error().text();
    return found ? *found : -99;
  };
  for (int i = 0; i < 2; ++i) {
    double total = 0;
    double powers[5] = {};
    double mixture[2] = {};
    for (int j = 0; j < 5; ++j) {
      const int score = queries[i][0] * cards[j][0] + queries[i][1] * cards[j][1];
      EXPECT_EQ(cell("dot", i, j), score);
      EXPECT_EQ(cell("k", j, 0), cards[j][0]);
      EXPECT_EQ(cell("v", j, 1), books[j][1]);
      powers[j] = std::pow(2.0, score);
      total += powers[j];
    }
    EXPECT_EQ(total, i == 0 ? 10 : 8);
    for (int j = 0; j < 5; ++j) {
      EXPECT_NEAR(cell("weights", i, j), powers[j] / total, 1e-6) << i << ", " << j;
      mixture[0] += powers[j] * books[j][0] / total;
      mixture[1] += powers[j] * books[j][1] / total;
    }
    EXPECT_NEAR(mixture[0], i == 0 ? 8 : 10, 1e-12);
    EXPECT_NEAR(mixture[1], i == 0 ? 7 : 10, 1e-12);
    EXPECT_NEAR(cell("head_output", i, 0), mixture[0], 1e-5);
    EXPECT_NEAR(cell("head_output", i, 1), mixture[1], 1e-5);
  }
}

// Known from theory: the spread of q·k is √d_k, and the Jacobian's norm rises before it falls.
TEST(Saturation, FollowsTheSquareRoot) {
  const Lesson scene = lessonOf("saturation");
  Bench bench = scene.bench(".", pool());
  const auto number = [&](const std::string& name) {
    const auto found = bench.number(name);
    EXPECT_TRUE(found) << name << ": " << found.error().text();
    return found ? *found : -99;
  };
  EXPECT_EQ(number("rows"), 2000);
  EXPECT_NEAR(number("spread_1"), 1, 0.05);
  EXPECT_NEAR(number("spread_64"), 8, 0.4);
  EXPECT_NEAR(number("spread_1024"), 32, 1.6);
  EXPECT_NEAR(number("scaled_spread_1024"), 1, 0.05);
  EXPECT_GT(number("gradient_4"), number("gradient_1"));
  EXPECT_LT(number("gradient_1024"), 0.1);
  EXPECT_NEAR(number("keys_1024"), 1.15, 0.05);
  EXPECT_NEAR(number("scaled_keys_1024"), 20.6, 0.6);
}

}  // namespace
}  // namespace headlight::test
