// `headlight lesson`: exit codes, what is printed, sheets that are written and graded.
#include <gmock/gmock.h>

#include "core/experiment/json.h"
#include "tests/cli/process.h"

namespace headlight::test {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(LessonCommand, ListsTheLessonsAndTheScenes) {
  const ProcessResult list = headlight({"lesson", "list"});
  EXPECT_EQ(list.code, 0) << list.err;
  EXPECT_THAT(list.out, HasSubstr("why-divide"));
  EXPECT_THAT(list.out, HasSubstr("12  build-a-head"));
  EXPECT_THAT(list.out, HasSubstr("Scenes, by their names\n    library\n"));
  const ProcessResult json = headlight({"lesson", "list", "--json"});
  std::size_t lessons = 0;
  for (std::size_t at = json.out.find("\"scene\": false"); at != std::string::npos;
       at = json.out.find("\"scene\": false", at + 1)) {
    ++lessons;
  }
  EXPECT_EQ(lessons, 12U) << json.out;
  EXPECT_THAT(json.out, HasSubstr("06-cost"));
  const auto first = parseJson(json.out.substr(0, json.out.find('\n')));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->find("id")->string(), "01-weighted-average");
}

TEST(LessonCommand, RunsALessonAndKeepsThePrediction) {
  const TemporaryFolder folder;
  ProcessOptions options;
  // Wrong, then the try at once and after a change, then the end of stdin.
  options.input = "x\n2\n\nmistake.softmax_over=queries\n\n";
  const ProcessResult run =
      headlight({"lesson", "run", "2", "--name", "Ada", "-o", folder.path("ada.answers.json")}, options);
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("1 to 4, or q"));
  EXPECT_THAT(run.out, HasSubstr("You said: the columns\nMeasured: the rows"));
  EXPECT_THAT(run.out, HasSubstr("Not yet:"));
  EXPECT_THAT(run.out, HasSubstr("Reached:"));
  EXPECT_THAT(run.out, Not(HasSubstr("{")));
  const ProcessResult grade = headlight({"lesson", "grade", folder.path("ada.answers.json")});
  EXPECT_EQ(grade.code, 5);
  EXPECT_THAT(grade.out, HasSubstr("Ada, 02-which-way, 1 of 4 right"));
  EXPECT_THAT(grade.out, HasSubstr("sums: the columns (measured: the rows)"));
  const ProcessResult again =
      headlight({"lesson", "run", "2", "-o", folder.path("ada.answers.json")}, options);
  EXPECT_EQ(again.code, 4) << "a sheet is not overwritten";
}

TEST(LessonCommand, GradesAFolderToOneRowASheet) {
  const TemporaryFolder folder;
  const auto sheet = [&](const std::string& name, const std::string& answers) {
    return folder.put(
        name + ".answers.json",
        R"({"type": "headlight/answers", "version": 1, "lesson": "10-split-glue-project", "name": ")" + name +
            R"(", "answers": [)" + answers + "]}");
  };
  const std::string all =
      R"({"step": "parameters", "option": 1}, {"step": "cells", "option": 1}, {"step": "sum", "option": 0},
      {"step": "heads", "set": {"shape.heads": 16}}, {"step": "why", "option": 0})";
  const std::string ada = sheet("Ada", all);
  const std::string bob = sheet("Bob, B.", R"({"step": "parameters", "option": 2})");
  EXPECT_EQ(headlight({"lesson", "grade", ada}).code, 0);
  const ProcessResult csv = headlight({"lesson", "grade", ada, bob, "--csv"});
  EXPECT_EQ(csv.code, 5);
  EXPECT_EQ(csv.out, "sheet,name,lesson,right,asked,parameters,cells,sum,heads,why\r\n" + ada +
                         ",Ada,10-split-glue-project,5,5,1,1,1,1,1\r\n\"" + bob +
                         "\",\"Bob, B.\",10-split-glue-project,0,5,0,,,,\r\n");
  const std::string odd = folder.put(
      "odd.json",
      R"({"type": "headlight/answers", "version": 1, "lesson": "10-split-glue-project", "answers": [{"step": "no"}]})");
  const ProcessResult bad = headlight({"lesson", "grade", odd});
  EXPECT_EQ(bad.code, 3);
  EXPECT_THAT(bad.err, HasSubstr("does not ask"));
}

TEST(LessonCommand, ChecksLessonsOfTeachers) {
  const TemporaryFolder folder;
  EXPECT_EQ(headlight({"lesson", "check", "1", "12", "library", "06-cost"}).code, 0);
  const std::string broken =
      folder.put("mine.lesson.json",
                 R"({"type": "headlight/lesson", "version": 1, "title": "t", "goal": "g", "start": {},
      "steps": [{"id": "p", "kind": "predict", "say": "x"}, {"id": "q", "kind": "sea", "say": "x"}]})");
  const ProcessResult unreadable = headlight({"lesson", "check", broken});
  EXPECT_EQ(unreadable.code, 3);
  EXPECT_THAT(unreadable.err, HasSubstr("step \"p\""));
  EXPECT_THAT(unreadable.err, HasSubstr("step \"q\""));
  const std::string untrue =
      folder.put("untrue.lesson.json",
                 R"({"type": "headlight/lesson", "version": 1, "title": "t", "goal": "g", "start": {},
      "measures": {"keys": {"quantity": "effective_keys"}},
      "steps": [{"id": "p", "kind": "predict", "say": "x", "ask": {"question": "?", "options": [
        {"text": "a", "when": {"measure": "keys", "op": "<", "value": 0}}, {"text": "b", "when": {"measure": "keys", "op": "<", "value": 0}}]}}]})");
  const ProcessResult fault = headlight({"lesson", "check", untrue});
  EXPECT_EQ(fault.code, 5);
  EXPECT_THAT(fault.err, HasSubstr("no option is right"));
}

TEST(LessonCommand, NamesTheNearest) {
  const ProcessResult action = headlight({"lesson", "chek"});
  EXPECT_EQ(action.code, 2);
  EXPECT_THAT(action.err, HasSubstr("check"));
  const ProcessResult lesson = headlight({"lesson", "run", "why-devide"});
  EXPECT_EQ(lesson.code, 3);
  EXPECT_THAT(lesson.err, HasSubstr("why-divide"));
  EXPECT_EQ(headlight({"lesson"}).code, 2);
  EXPECT_EQ(headlight({"lesson", "run"}).code, 2);
  EXPECT_EQ(headlight({"lesson", "grade", "/no/such.json"}).code, 3);
}

TEST(LessonCommand, WritesHandoutsAndNotes) {
  const TemporaryFolder folder;
  const std::string pdf = folder.path("two.pdf");
  const ProcessResult made = headlight({"lesson", "handout", "which-way", "-o", pdf});
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_EQ(headlight({"lesson", "handout", "2", "-o", pdf}).code, 4) << "a file is not overwritten";
  EXPECT_EQ(headlight({"lesson", "handout", "2", "-o", pdf, "-f", "--no-answers", "--paper", "letter"}).code,
            0);
  const ProcessResult notes = headlight({"lesson", "notes", "2", "-o", "-"});
  EXPECT_EQ(notes.code, 0) << notes.err;
  EXPECT_EQ(notes.out.substr(0, 5), "%PDF-");
  EXPECT_EQ(headlight({"lesson", "handout", "2", "-o", folder.path("x.pdf"), "--paper", "a5"}).code, 2);
  EXPECT_EQ(headlight({"lesson", "handout", "no-such", "-o", folder.path("x.pdf")}).code, 3);
  EXPECT_EQ(headlight({"lesson", "handout"}).code, 2);
  EXPECT_EQ(headlight({"lesson", "handout", "1", "2", "-o", folder.path("x.pdf")}).code, 2);
}

}  // namespace
}  // namespace headlight::test
