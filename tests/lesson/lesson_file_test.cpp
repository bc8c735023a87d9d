// Reading lesson files: what is wrong is named with its step.
#include "tests/lesson/lessons.h"

namespace headlight::test {
namespace {

using testing::Test;

std::string firstProblem(const std::string& text) {
  const auto all = lessonProblems(text, "mine");
  return all.empty() ? "" : all.front().text();
}

const std::string kSee = R"({"id": "look", "kind": "see", "say": "Look."})";

TEST(LessonFile, ReadsWhatItSays) {
  const auto read = readLesson(
      lessonText(R"({"id": "p", "kind": "predict", "say": ["One line", "and another."],
        "ask": {"question": "How many?", "measure": "keys", "relative": 0.1}})",
                 R"("keys": {"quantity": "effective_keys", "head": 1, "with": {"score.scale": 0}})"),
      "mine");
  ASSERT_TRUE(read) << read.error().text();
  const Lesson& lesson = read->lesson;
  EXPECT_EQ(lesson.id, "mine");
  EXPECT_EQ(lesson.steps[0].say, "One line and another.");
  EXPECT_TRUE(lesson.steps[0].ask.relative);
  EXPECT_EQ(findMeasure(lesson.measures, "keys")->call.find("head")->integer(), 1);
  Bench bench = lesson.bench(".", pool());
  EXPECT_NEAR(*bench.number("keys"), 4, 1e-5);
}

TEST(LessonFile, NamesTheStepOfWhatIsWrong) {
  EXPECT_THAT(firstProblem(lessonText(R"({"id": "p", "kind": "predict", "say": "x"})")),
              testing::AllOf(testing::HasSubstr("steps[0]"), testing::HasSubstr("step \"p\""),
                             testing::HasSubstr("ask")));
  EXPECT_THAT(firstProblem(lessonText(R"({"id": "p", "kind": "predikt", "say": "x"})")),
              testing::HasSubstr("\"predict\""));
  EXPECT_THAT(firstProblem(lessonText(
                  R"({"id": "t", "kind": "try", "say": "x", "check": {"measure": "keyz", "value": 1},
      "right": [{}], "wrong": [{}]})",
                  R"("keys": {"quantity": "effective_keys"})")),
              testing::AllOf(testing::HasSubstr("steps[0].check.measure"), testing::HasSubstr("keys")));
  EXPECT_THAT(firstProblem(lessonText(R"({"id": "t", "kind": "try", "say": "x"})")),
              testing::HasSubstr("a try needs"));
  EXPECT_THAT(firstProblem(lessonText(kSee + "," + kSee)), testing::HasSubstr("an earlier step has"));
  EXPECT_THAT(firstProblem(lessonText(R"({"id": "s", "kind": "see", "say": "x", "pannels": []})")),
              testing::HasSubstr("panels"));
  EXPECT_THAT(firstProblem(lessonText("")), testing::HasSubstr("1 to 64 steps"));
  EXPECT_THAT(firstProblem(lessonText(kSee, "", R"("controls": ["shape.dk"], )")),
              testing::HasSubstr("shape.d_k"));
}

TEST(LessonFile, NamesTheMeasureOfWhatIsWrong) {
  EXPECT_THAT(
      firstProblem(lessonText(kSee, R"("a": {"quantity": "effective_key"})")),
      testing::AllOf(testing::HasSubstr("measures.a.quantity"), testing::HasSubstr("effective_keys")));
  EXPECT_THAT(firstProblem(lessonText(kSee, R"("a": {"quantity": "row_sum", "query": -1})")),
              testing::HasSubstr("measures.a.query"));
  EXPECT_THAT(firstProblem(lessonText(kSee, R"("a": {"quantity": "row_sum", "against": {}})")),
              testing::HasSubstr("one state"));
  EXPECT_THAT(firstProblem(lessonText(kSee, R"("a": {"ratio": ["a", "a"]})")),
              testing::HasSubstr("name of a measure"));
  EXPECT_THAT(firstProblem(lessonText(kSee, R"("a": {"quantity": "row_sum", "heads": 1})")),
              testing::HasSubstr("\"head\""));
}

TEST(LessonFile, NamesTheExperimentOfWhatIsWrong) {
  EXPECT_THAT(firstProblem(R"({"type": "headlight/lesson", "version": 1, "title": "t", "goal": "g",
      "start": {"mask": "causl"}, "steps": [)" +
                           kSee + "]}"),
              testing::AllOf(testing::HasSubstr("start.mask"), testing::HasSubstr("causal")));
  EXPECT_THAT(firstProblem(R"({"type": "headlight/lesson", "version": 2})"), testing::HasSubstr("version"));
  EXPECT_THAT(firstProblem("[1, 2"), testing::HasSubstr("byte"));
}

TEST(LessonFile, IsFoundByNumberNameAndIdWithTheNearest) {
  EXPECT_EQ(lessonOf("5").id, "05-why-divide");
  EXPECT_EQ(lessonOf("why-divide").id, "05-why-divide");
  EXPECT_EQ(lessonOf("05-why-divide").id, "05-why-divide");
  const auto missing = openLesson("why-devide");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().text(), testing::HasSubstr("why-divide"));
  EXPECT_FALSE(openLesson("13"));
}

TEST(LessonFaults, TellWhatMeasuringShows) {
  const auto faultsOf = [](const std::string& text) {
    const auto read = readLesson(text, "mine");
    EXPECT_TRUE(read) << read.error().text();
    Bench bench = read->lesson.bench(".", pool());
    std::string all;
    for (const Error& fault : lessonFaults(read->lesson, bench)) all += fault.text() + "\n";
    return all;
  };
  const std::string keys =
      R"("keys": {"quantity": "effective_keys"}, "now": {"quantity": "effective_keys", "now": true})";
  const auto predict = [](const std::string& first, const std::string& second) {
    return R"({"id": "p", "kind": "predict", "say": "x", "ask": {"question": "?", "options": [
      {"text": "a", "when": {"measure": "keys", "op": "<", "value": )" +
           first + R"(}},
      {"text": "b", "when": {"measure": "keys", "op": "<", "value": )" +
           second + "}}]}}";
  };
  EXPECT_EQ(faultsOf(lessonText(predict("100", "0"), keys)), "");
  EXPECT_THAT(faultsOf(lessonText(predict("100", "50"), keys)),
              testing::HasSubstr("\"a\" and \"b\" are right"));
  EXPECT_THAT(faultsOf(lessonText(predict("0", "0"), keys)), testing::HasSubstr("no option is right"));
  const auto attempt = [](const std::string& right, const std::string& wrong) {
    return R"({"id": "t", "kind": "try", "say": "x", "check": {"measure": "now", "op": ">", "value": 3.9999},
      "right": [)" +
           right + R"(], "wrong": [)" + wrong + "]}";
  };
  const std::string flat = R"({"score.scale": 0})";
  const std::string steep = R"({"score.scale": 9})";
  EXPECT_EQ(faultsOf(lessonText(attempt(flat, steep), keys)), "");
  EXPECT_THAT(faultsOf(lessonText(attempt(steep, steep), keys)), testing::HasSubstr("right 0 does not pass"));
  EXPECT_THAT(faultsOf(lessonText(attempt(flat, flat), keys)), testing::HasSubstr("wrong 0 passes"));
  EXPECT_THAT(faultsOf(lessonText(attempt(R"({"shape.d_q": 0})", steep), keys)),
              testing::HasSubstr("right 0"));
  EXPECT_THAT(faultsOf(lessonText(R"({"id": "s", "kind": "see", "say": "{kees} keys"})", keys)),
              testing::HasSubstr("keys"));
}

}  // namespace
}  // namespace headlight::test
