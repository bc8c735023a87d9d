// Handouts and lecturer's notes: what stands on the pages, and that it stands inside of them.
#include "core/lesson/handout.h"

#include <cstdlib>

#include "core/attention/field.h"
#include "core/base/number.h"
#include "core/experiment/scenario_code.h"
#include "core/lesson/step_figures.h"
#include "core/lesson/step_words.h"
#include "tests/figure/other_programs.h"
#include "tests/figure/text_boxes.h"
#include "tests/files/by_hand.h"
#include "tests/lesson/lessons.h"

namespace headlight::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// All words of a page in the order in which they were drawn.
std::string wordsOf(const Drawing& page) {
  std::string all;
  for (const PlacedText& text : page.texts()) all += (all.empty() ? "" : " ") + text.text.plain();
  return all;
}

/// A text as it is drawn: with its math markup gone.
std::string drawn(const std::string& text) {
  return paperText(text, PaperStyle{}).plain();
}

PaperPages pagesOf(const Lesson& lesson, const HandoutOptions& options = {}) {
  Bench bench = lesson.bench(".", pool());
  auto pages = handoutPages(lesson, bench, options);
  EXPECT_TRUE(pages) << lesson.id << ": " << pages.error().text();
  return pages ? std::move(*pages) : PaperPages{};
}

PaperPages notesOf(const Lesson& lesson) {
  Bench bench = lesson.bench(".", pool());
  auto pages = lecturerPages(lesson, bench);
  EXPECT_TRUE(pages) << lesson.id << ": " << pages.error().text();
  return pages ? std::move(*pages) : PaperPages{};
}

void expectInside(const PaperPages& pages, const std::string& what) {
  constexpr double kEdge = 8;  // mm that no printer reaches
  for (std::size_t n = 0; n < pages.pages.size(); ++n) {
    const Drawing& page = pages.pages[n];
    for (const PlacedText& text : page.texts()) {
      const std::string place = what + ", page " + std::to_string(n + 1) + ": " + text.text.plain();
      EXPECT_GE(text.box.x, kEdge) << place;
      EXPECT_GE(text.box.y, kEdge) << place;
      EXPECT_LE(text.box.right(), page.width - kEdge) << place;
      EXPECT_LE(text.box.bottom(), page.height - kEdge) << place;
    }
    const Rect all = page.bounds();
    EXPECT_LE(all.right(), page.width - kEdge) << what << ", page " << n + 1;
    EXPECT_LE(all.bottom(), page.height - kEdge) << what << ", page " << n + 1;
  }
}

TEST(Handout, OfEveryLessonHasAPageAStepWithItsQuestion) {
  for (const LessonFile& file : lessonFiles()) {
    const Lesson lesson = lessonOf(file.id);
    const PaperPages pages = pagesOf(lesson);
    ASSERT_GT(pages.pages.size(), lesson.steps.size()) << file.id;
    EXPECT_LE(pages.pages.size(), lesson.steps.size() + 2) << file.id;
    expectInside(pages, file.id);
    EXPECT_FALSE(pages.figures.empty()) << file.id;
    for (std::size_t n = 0; n < lesson.steps.size(); ++n) {
      const LessonStep& step = lesson.steps[n];
      const std::string words = wordsOf(pages.pages[n]);
      EXPECT_THAT(words, HasSubstr("Step " + std::to_string(n + 1) + " of ")) << file.id;
      EXPECT_THAT(words, HasSubstr(drawn(step.ask.text))) << file.id;
      for (const LessonOption& option : step.ask.options)
        EXPECT_THAT(words, HasSubstr(drawn(option.text))) << file.id << " " << step.id;
      EXPECT_THAT(words, Not(HasSubstr("{"))) << file.id << " " << step.id;
      EXPECT_THAT(words, HasSubstr(step.kind == LessonStep::Kind::see ? "What do you notice" : "Your answer"))
          << file.id << " " << step.id;
    }
    EXPECT_THAT(wordsOf(pages.pages[lesson.steps.size()]), HasSubstr("Answers")) << file.id;
  }
}

TEST(Handout, OfScenesToo) {
  for (const LessonFile& file : sceneFiles()) {
    auto read = readLesson(file.text, file.id);
    ASSERT_TRUE(read) << file.id << ": " << read.error().text();
    const PaperPages pages = pagesOf(read->lesson);
    expectInside(pages, file.id);
    for (std::size_t n = 0; n < pages.pages.size(); ++n) {
      EXPECT_EQ(misplaced(pages.pages[n]), "") << file.id << ", page " << n + 1;
      EXPECT_THAT(wordsOf(pages.pages[n]), Not(HasSubstr("{"))) << file.id << ", page " << n + 1;
    }
    expectInside(notesOf(read->lesson), file.id);
  }
}

TEST(Handout, FitsLetterPaper) {
  HandoutOptions options;
  options.paper = "letter";
  for (const char* name : {"1", "5", "6"}) {
    const PaperPages pages = pagesOf(lessonOf(name), options);
    ASSERT_FALSE(pages.pages.empty());
    EXPECT_DOUBLE_EQ(pages.pages.front().width, 215.9);
    expectInside(pages, name);
  }
  options.paper = "a5";
  const Lesson lesson = lessonOf("1");
  Bench bench = lesson.bench(".", pool());
  const auto refused = handoutPages(lesson, bench, options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::usage);
  EXPECT_THAT(refused.error().text(), HasSubstr("a4 or letter"));
}

TEST(Handout, WordsDoNotCover) {
  for (const LessonFile& file : lessonFiles()) {
    const PaperPages pages = pagesOf(lessonOf(file.id));
    for (std::size_t n = 0; n < pages.pages.size(); ++n)
      EXPECT_EQ(misplaced(pages.pages[n]), "") << file.id << ", page " << n + 1;
  }
}

TEST(Handout, WithoutAnswersGivesNothingAway) {
  const Lesson lesson = lessonOf("5");
  HandoutOptions options;
  options.answers = false;
  const PaperPages pages = pagesOf(lesson, options);
  EXPECT_EQ(pages.pages.size(), lesson.steps.size());
  for (const Drawing& page : pages.pages) {
    EXPECT_THAT(wordsOf(page), Not(HasSubstr("Right:")));
    EXPECT_THAT(wordsOf(page), Not(HasSubstr(lesson.notes)));
  }
}

TEST(Handout, AnswersAreThoseMeasured) {
  const Lesson lesson = lessonOf("5");
  const PaperPages pages = pagesOf(lesson);
  std::string words;
  for (std::size_t n = lesson.steps.size(); n < pages.pages.size(); ++n) words += wordsOf(pages.pages[n]);
  EXPECT_THAT(words, HasSubstr("Right: 2 times as wide"));
  Bench bench = lesson.bench(".", pool());
  const auto reveal = filled(lesson.steps.front().reveal, bench);
  ASSERT_TRUE(reveal);
  EXPECT_THAT(words, HasSubstr(drawn(*reveal)));
  // A try names changes that pass, with the number that shows it.
  EXPECT_THAT(words, HasSubstr(drawn("for example d_k = 256")));
  EXPECT_THAT(words, HasSubstr("is less than 1.50"));
}

TEST(Handout, PrintsSmallMatricesAsTheCoreHasThem) {
  for (const char* name : {"1", "2", "6"}) {
    const Lesson lesson = lessonOf(name);
    Bench bench = lesson.bench(".", pool());
    const auto starts = stepStarts(lesson);
    ASSERT_TRUE(starts);
    const auto evaluation = bench.evaluated(starts->front(), {}, false);
    ASSERT_TRUE(evaluation);
    const PaperTable table = matrixTable(**evaluation, Stage::weights, 0);
    const auto field = Field::make((*evaluation)->run, Stage::weights, 0);
    ASSERT_TRUE(field);
    ASSERT_LE(field->rows(), kMostPrinted);
    ASSERT_EQ(table.cells.size(), static_cast<std::size_t>(field->rows()));
    for (std::int64_t i = 0; i < field->rows(); ++i) {
      for (std::int64_t j = 0; j < field->cols(); ++j) {
        const std::string& cell = table.cells[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
        const bool isMasked = field->cellClass(i, j) == CellClass::masked;
        EXPECT_EQ(cell, isMasked ? "–" : fixed(static_cast<double>(field->cell(i, j)), 2)) << i << " " << j;
      }
    }
    const auto sheet = stepSheet(lesson, lesson.steps[1], (*starts)[1], bench);
    ASSERT_TRUE(sheet);
    EXPECT_EQ(std::count(sheet->tables.begin(), sheet->tables.end(), table), 1) << name;
    const std::string words = wordsOf(pagesOf(lesson).pages[1]);
    for (const std::string& cell : table.cells.back()) EXPECT_THAT(words, HasSubstr(" " + cell)) << name;
  }
}

TEST(Handout, SendsToTheFigureForLargeMatrices) {
  const Lesson lesson = lessonOf("5");
  const PaperPages pages = pagesOf(lesson);
  EXPECT_THAT(wordsOf(pages.pages.front()), HasSubstr("see the figure"));
}

TEST(Handout, MapsTooLargeForPaperAreLeftOut) {
  auto read = readLesson(lessonText(R"({"id": "one", "kind": "see", "say": "Large."})"), "large");
  ASSERT_TRUE(read) << read.error().text();
  Lesson lesson = std::move(read->lesson);
  lesson.start = experimentOf(R"("tokens": {"count": 100000}, "shape": {"d_model": 8, "heads": 2})");
  const PaperPages pages = pagesOf(lesson);
  EXPECT_THAT(wordsOf(pages.pages.front()), HasSubstr("too large for paper"));
  EXPECT_TRUE(pages.figures.empty());
}

TEST(Handout, LongTextsGoOnOnTheNextPage) {
  std::string say;
  for (int n = 0; n < 900; ++n) say += "word" + std::to_string(n) + " ";
  say += std::string(300, 'x');
  auto read = readLesson(lessonText(R"({"id": "one", "kind": "see", "say": ")" + say + "\"}"), "long");
  ASSERT_TRUE(read) << read.error().text();
  const PaperPages pages = pagesOf(read->lesson);
  EXPECT_GT(pages.pages.size(), 1U);
  expectInside(pages, "long");
}

TEST(LecturerNotes, HaveEverythingThatTheScreenHasNot) {
  for (const LessonFile& file : lessonFiles()) {
    const Lesson lesson = lessonOf(file.id);
    const PaperPages pages = notesOf(lesson);
    expectInside(pages, file.id);
    std::string words;
    for (const Drawing& page : pages.pages) words += wordsOf(page) + " ";
    EXPECT_THAT(words, HasSubstr("minutes")) << file.id;
    for (const LessonStep& step : lesson.steps) {
      if (step.ask.options.empty()) continue;
      EXPECT_THAT(words, HasSubstr("Wrong: ")) << file.id;
    }
    // A page may end inside of the notes, so their beginning is looked for.
    const std::string notes = drawn(lesson.notes);
    EXPECT_THAT(words, HasSubstr(notes.substr(0, std::min<std::size_t>(notes.size(), 40)))) << file.id;
  }
}

TEST(LecturerNotes, SayWhyAWrongAnswerIsWrong) {
  const Lesson lesson = lessonOf("5");
  Bench bench = lesson.bench(".", pool());
  const auto answer = stepAnswer(lesson, lesson.steps.front(), lesson.start, bench);
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->right, "2 times as wide");
  ASSERT_EQ(answer->wrong.size(), 2U);
  EXPECT_EQ(answer->wrong[0].text, "the same");
  EXPECT_THAT(answer->wrong[0].why, HasSubstr("is not within 10 % of 1"));
}

TEST(LecturerNotes, CarryTheStartAsACode) {
  const Lesson lesson = lessonOf("2");
  const PaperPages pages = notesOf(lesson);
  std::string last;
  for (const PlacedText& text : pages.pages.back().texts()) last += text.text.plain();
  const std::size_t begin = last.find("headlight:1:");
  ASSERT_NE(begin, std::string::npos);
  const std::string code = *scenarioCode(lesson.start);
  EXPECT_EQ(last.substr(begin, code.size()), code);
}

class HandoutPdf : public testing::Test {
 protected:
  static std::string pdfOf(const std::string& name, const HandoutOptions& options = {}) {
    const Lesson lesson = lessonOf(name);
    Bench bench = lesson.bench(".", pool());
    auto pdf = handoutPdf(lesson, bench, options);
    EXPECT_TRUE(pdf) << pdf.error().text();
    return pdf ? *pdf : "";
  }
  std::string put(const std::string& bytes) { return scratch_.put("handout.pdf", bytes); }

 private:
  testing_files::TemporaryFolder scratch_;
};

TEST_F(HandoutPdf, HasItsPagesAndWordsForOtherPrograms) {
  ASSERT_TRUE(hasProgram("pdfinfo") && hasProgram("pdftotext")) << "poppler-utils, which ./dev test installs";
  const std::string path = put(pdfOf("6"));
  const std::string said = printedBy("pdfinfo " + path);
  const Lesson lesson = lessonOf("6");
  EXPECT_THAT(said, testing::ContainsRegex("Pages: +" + std::to_string(pagesOf(lesson).pages.size())));
  EXPECT_THAT(said, HasSubstr("(A4)"));
  EXPECT_THAT(said, testing::ContainsRegex("Tagged: +yes"));
  EXPECT_THAT(said, HasSubstr(lesson.title));
  const std::string text = printedBy("pdftotext -f 1 -l 1 -layout " + path + " -");
  EXPECT_THAT(text, HasSubstr("Step 1 of 7: predict"));
  Bench bench = lesson.bench(".", pool());
  const auto evaluation = bench.evaluated(stepStarts(lesson)->front(), {}, false);
  ASSERT_TRUE(evaluation);
  const PaperTable table = matrixTable(**evaluation, Stage::weights, 0);
  for (const std::string& cell : table.cells.back()) EXPECT_THAT(text, HasSubstr(cell));
  const std::string tags = printedBy("pdfinfo -struct " + path);
  EXPECT_THAT(tags, HasSubstr("Figure"));
  EXPECT_THAT(tags, HasSubstr("H1"));
}

TEST_F(HandoutPdf, OfTheSameLessonHasTheSameBytes) {
  const std::string once = pdfOf("2");
  EXPECT_EQ(once, pdfOf("2"));
  ::setenv("SOURCE_DATE_EPOCH", "1000000000", 1);
  EXPECT_NE(once, pdfOf("2"));
  ::unsetenv("SOURCE_DATE_EPOCH");
}

}  // namespace
}  // namespace headlight::test
