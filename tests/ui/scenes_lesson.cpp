#include <gtest/gtest.h>

#include "app/panels/lesson_parts.h"
#include "app/widgets/keys.h"
#include "core/lesson/lesson.h"
#include "tests/ui/scene_steps.h"

namespace headlight::test {
namespace {

void choose(Driver& d, int option) {
  d.key(kKey0 + 1 + option);
  d.settle();
}
void lock(Driver& d) {
  EXPECT_TRUE(d.window().run("lesson.lock"));
  d.settle();
  d.pass(0.5);
  d.settle();
}

}  // namespace

void addLessonScenes(std::vector<Scene>& all) {
  const auto add = [&all](const char* name, std::function<void(Driver&)> set) {
    all.push_back({name, std::move(set)});
  };
  add("lessons", [](Driver& d) {
    EXPECT_TRUE(d.window().run("tab.lessons"));
    d.settle();
  });
  add("lessons, a menu", [](Driver& d) {
    EXPECT_TRUE(d.window().run("tab.lessons"));
    d.settle();
    d.reveal("lesson.menu.02-which-way");
    d.click("lesson.menu.02-which-way");
    d.settle();
  });
  add("lesson, its menu", [](Driver& d) {
    openLesson(d, "06-no-peeking", 3);
    d.click("lesson.menu");
    d.settle();
  });
  add("lesson, in Explore", [](Driver& d) {
    openLesson(d, "06-no-peeking", 3);
    EXPECT_TRUE(d.window().run("lesson.explore"));
    d.settle();
  });
  add("lesson, in Heads", [](Driver& d) {
    openLesson(d, "06-no-peeking", 3);
    EXPECT_TRUE(d.window().run("tab.heads"));
    d.settle();
  });
  add("lesson, of a deck", [](Driver& d) {
    const LessonFile& file = lessonFiles()[2];
    d.session().openFiles({d.write("one.headlight.json", R"({"type": "headlight/experiment", "version": 1})"),
                           d.write(file.id + ".lesson.json", file.text)});
    d.settle();
    d.session().stepDeck(1);
    d.settle();
  });
  add("lesson, see", [](Driver& d) { openLesson(d, "01-weighted-average", 0); });
  add("lesson, predict", [](Driver& d) {
    openLesson(d, "06-no-peeking", 1);
    choose(d, 1);
  });
  add("lesson, answered", [](Driver& d) {
    openLesson(d, "06-no-peeking", 1);
    choose(d, 2);
    lock(d);
  });
  add("lesson, plane", [](Driver& d) { openLesson(d, "01-weighted-average", 2); });
  add("lesson, try", [](Driver& d) { openLesson(d, "06-no-peeking", 3); });
  add("lesson, try a cell", [](Driver& d) { openLesson(d, "08-weight-is-not-influence", 2); });
  add("lesson, matrix", [](Driver& d) {
    openLesson(d, "12-build-a-head", 1);
    d.reveal("lesson.tensor.w_q");
    d.click("lesson.tensor.w_q");
    d.settle();
  });
  add("lesson, stages", [](Driver& d) {
    openLesson(d, "07-spend-the-budget", 3);
    d.reveal("lesson.stage");
    d.click("lesson.stage");
    d.settle();
  });
  add("lesson, plot", [](Driver& d) {
    openLesson(d, "05-why-divide", 0);
    choose(d, 2);
    lock(d);
    d.session().goToLessonStep(3);
    d.settle();
  });
  add("lesson, rows", [](Driver& d) { openLesson(d, "01-library", 2); });
  add("lesson, masked maps", [](Driver& d) { openLesson(d, "04-self-cross-decoder", 1); });
  add("lesson, pooled maps", [](Driver& d) { openLesson(d, "07-sparse-and-linear", 2); });
  add("lesson, end", [](Driver& d) { openLesson(d, "03-asking-answering", 5); });
}

}  // namespace headlight::test
