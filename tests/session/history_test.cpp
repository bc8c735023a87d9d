#include "app/session/history.h"

#include <gtest/gtest.h>

namespace headlight {
namespace {

Experiment titled(const std::string& title) {
  Experiment experiment;
  experiment.title = title;
  return experiment;
}

TEST(History, StepsBackAndForth) {
  History history(titled("a"));
  EXPECT_FALSE(history.canUndo());
  EXPECT_EQ(history.undoName(), "");
  history.change("title", "to b", titled("b"), false);
  history.change("title", "to c", titled("c"), false);
  EXPECT_EQ(history.undoName(), "to c");
  history.undo();
  EXPECT_EQ(history.now().title, "b");
  EXPECT_EQ(history.undoName(), "to b");
  EXPECT_EQ(history.redoName(), "to c");
  history.undo();
  history.undo();
  EXPECT_EQ(history.now().title, "a");
  history.redo();
  history.redo();
  history.redo();
  EXPECT_EQ(history.now().title, "c");
}

TEST(History, ADragIsOneStepNamedFromItsBeginning) {
  History history(titled("a"));
  for (const char* title : {"b", "c", "d"}) {
    EXPECT_EQ(history.stepStart("title").title, "a");
    history.change("title", std::string("a → ") + title, titled(title), true);
  }
  EXPECT_TRUE(history.stepOpen());
  history.commit();
  EXPECT_EQ(history.stepStart("title").title, "d");
  EXPECT_EQ(history.undoName(), "a → d");
  history.undo();
  EXPECT_EQ(history.now().title, "a");
  EXPECT_FALSE(history.canUndo());
}

TEST(History, AnotherControlBeginsAnotherStep) {
  History history(titled("a"));
  history.change("one", "first", titled("b"), true);
  history.change("two", "second", titled("c"), true);
  history.commit();
  history.undo();
  EXPECT_EQ(history.now().title, "b");
  history.undo();
  EXPECT_EQ(history.now().title, "a");
}

TEST(History, ADragThatCameBackLeavesNoStepAndKeepsWhatCouldBeRedone) {
  History history(titled("a"));
  history.change("title", "to b", titled("b"), false);
  history.undo();
  ASSERT_TRUE(history.canRedo());
  history.change("title", "to c", titled("c"), true);
  EXPECT_FALSE(history.canRedo());
  history.change("title", "to a", titled("a"), true);
  history.commit();
  EXPECT_FALSE(history.canUndo());
  EXPECT_EQ(history.redoName(), "to b");
}

TEST(History, ANewStepForgetsWhatCouldBeRedone) {
  History history(titled("a"));
  history.change("title", "to b", titled("b"), false);
  history.undo();
  history.change("title", "to c", titled("c"), false);
  EXPECT_FALSE(history.canRedo());
}

TEST(History, LooksAreNoStepAndStayWhenNumbersAreUndone) {
  History history(titled("a"));
  history.change("title", "to b", titled("b"), false);
  ViewSpec view;
  view.head = 3;
  history.setView(view);
  EXPECT_EQ(history.undoName(), "to b");
  history.undo();
  EXPECT_EQ(history.now().title, "a");
  EXPECT_EQ(history.now().view.head, 3);
  view.head = 1;
  history.setView(view);
  history.redo();
  EXPECT_EQ(history.now().title, "b");
  EXPECT_EQ(history.now().view.head, 1);
}

TEST(History, NothingChangedIsNoStep) {
  History history(titled("a"));
  history.change("title", "to a", titled("a"), false);
  EXPECT_FALSE(history.canUndo());
}

TEST(History, UndoInTheMiddleOfADragEndsIt) {
  History history(titled("a"));
  history.change("title", "to b", titled("b"), true);
  history.undo();
  EXPECT_EQ(history.now().title, "a");
  EXPECT_FALSE(history.stepOpen());
}

}  // namespace
}  // namespace headlight
