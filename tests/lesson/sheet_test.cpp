// Answer sheets: predictions are locked, sheets come back as they were, grading measures.
#include "tests/lesson/lessons.h"

namespace headlight::test {
namespace {

TEST(AnswerSheet, LocksAPrediction) {
  AnswerSheet sheet{"05-why-divide", "", {}, {}};
  EXPECT_TRUE(sheet.answer({"spread", 2, {}, {}}, true));
  EXPECT_FALSE(sheet.answer({"spread", 1, {}, {}}, true));
  EXPECT_EQ(sheet.find("spread")->option, 2U);
  EXPECT_TRUE(sheet.answer({"few", {}, {}, {{"shape.d_k", 4}}}, false));
  EXPECT_TRUE(sheet.answer({"few", {}, {}, {{"shape.d_k", 256}}}, false));
  EXPECT_EQ(sheet.find("few")->changes.front().second.integer(), 256);
}

TEST(AnswerSheet, ComesBackAsItWas) {
  AnswerSheet sheet{"05-why-divide",
                    "Zoë \"Z\"",
                    {{"spread", 1, {}, {}}, {"n", {}, 2.5, {}}, {"few", {}, {}, {{"shape.d_k", 256}}}},
                    {"spread"}};
  const auto read = readSheet(sheetText(sheet));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->answers, sheet.answers);
  EXPECT_EQ(read->name, sheet.name);
  EXPECT_EQ(read->done, sheet.done);
}

TEST(AnswerSheet, SaysWhatIsWrong) {
  const auto wrong = [](const std::string& text) {
    const auto read = readSheet(text);
    EXPECT_FALSE(read) << text;
    return read ? "" : read.error().text();
  };
  const std::string head = R"({"type": "headlight/answers", "version": 1, "lesson": "5", )";
  EXPECT_THAT(wrong("{}"), testing::HasSubstr("headlight/answers"));
  EXPECT_THAT(wrong(head + R"("answers": [{"option": 1}]})"), testing::HasSubstr("answers[0].step"));
  EXPECT_THAT(wrong(head + R"("answers": [{"step": "a", "option": "1"}]})"),
              testing::HasSubstr("answers[0].option"));
  EXPECT_THAT(wrong(head + R"("answers": [{"step": "a"}, {"step": "a"}]})"),
              testing::HasSubstr("second answer"));
  EXPECT_THAT(wrong("nonsense"), testing::HasSubstr("byte"));
}

TEST(Grading, CountsWhatIsRightAndNamesWhatIsNot) {
  const Lesson lesson = lessonOf("5");
  Bench bench = lesson.bench(".", pool());
  AnswerSheet sheet{lesson.id, "A", {{"spread", 1, {}, {}}, {"few", {}, {}, {{"shape.d_k", 4}}}}, {}};
  const auto grade = gradeSheet(lesson, sheet, bench);
  ASSERT_TRUE(grade) << grade.error().text();
  EXPECT_EQ(grade->asked, 5);
  EXPECT_EQ(grade->right, 1);
  EXPECT_TRUE(grade->steps[0].right);
  EXPECT_EQ(grade->steps[0].expected, "2 times as wide");
  EXPECT_TRUE(grade->steps[1].answered);
  EXPECT_FALSE(grade->steps[1].right);
  EXPECT_THAT(grade->steps[1].expected, testing::HasSubstr("is not less than 1.50"));
  EXPECT_FALSE(grade->steps[2].answered);

  sheet.lesson = "04-shift-and-stretch";
  EXPECT_FALSE(gradeSheet(lesson, sheet, bench));
  sheet.lesson = lesson.id;
  sheet.answers = {{"spread", 7, {}, {}}};
  EXPECT_FALSE(gradeSheet(lesson, sheet, bench));
  sheet.answers = {{"no such step", 0, {}, {}}};
  EXPECT_FALSE(gradeSheet(lesson, sheet, bench));
}

TEST(Grading, TakesNumbersWithinTheirTolerance) {
  const auto read =
      readLesson(lessonText(R"({"id": "p", "kind": "predict", "say": "x",
      "ask": {"question": "?", "measure": "keys", "relative": 0.1}})",
                            R"("keys": {"quantity": "effective_keys", "with": {"score.scale": 0}})"),
                 "mine");
  ASSERT_TRUE(read) << read.error().text();
  Bench bench = read->lesson.bench(".", pool());
  const auto right = [&](double number) {
    return gradeAnswer(read->lesson.steps[0], {"p", {}, number, {}}, bench, read->lesson.start)->right;
  };
  EXPECT_TRUE(right(4));
  EXPECT_TRUE(right(3.7));
  EXPECT_FALSE(right(3.5));
  EXPECT_FALSE(right(4.5));
}

}  // namespace
}  // namespace headlight::test
