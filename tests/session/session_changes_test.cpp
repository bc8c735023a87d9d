#include <random>

#include "tests/session/session_fixture.h"

namespace headlight {
namespace {

using test::SessionTest;

using SessionChanges = SessionTest;

TEST_F(SessionChanges, ADragIsOneStepWithTheNameOfItsWholeWay) {
  Session& s = open();
  s.change("shape.d_k", 16, Phase::done);
  const Experiment before = s.experiment();
  drag("shape.d_k", {17, 18, 24, 32});
  EXPECT_EQ(integer("shape.d_k"), 32);
  EXPECT_EQ(s.undoName(), "d_k 16 → 32");
  s.undo();
  EXPECT_EQ(s.experiment(), before);
  EXPECT_EQ(s.redoName(), "d_k 16 → 32");
  s.redo();
  EXPECT_EQ(integer("shape.d_k"), 32);
  EXPECT_FALSE(s.canRedo());
}

TEST_F(SessionChanges, AHandThatRestsOnASliderHasNotLetItGo) {
  Session& s = open();
  s.change("shape.d_k", 16, Phase::done);
  s.change("shape.d_k", 20, Phase::live);
  clock = clock + 30;
  s.drain();
  s.change("shape.d_k", 24, Phase::live);
  s.commit();
  s.undo();
  EXPECT_EQ(integer("shape.d_k"), 16);
}

TEST_F(SessionChanges, TypingIsOneStepAPause) {
  Session& s = open();
  const std::string first = s.experiment().tokens.text;
  s.change("tokens.text", "a", Phase::live);
  clock = clock + 0.3;
  s.drain();
  s.change("tokens.text", "a b", Phase::live);
  clock = clock + 0.7;
  s.drain();
  s.change("tokens.text", "a b c", Phase::live);
  // A pause that no frame saw ends a step as well.
  clock = clock + 0.7;
  s.change("tokens.text", "a b c d", Phase::live);
  s.commit();
  s.undo();
  EXPECT_EQ(s.experiment().tokens.text, "a b c");
  s.undo();
  EXPECT_EQ(s.experiment().tokens.text, "a b");
  s.undo();
  EXPECT_EQ(s.experiment().tokens.text, first);
  EXPECT_FALSE(s.canUndo());
}

TEST_F(SessionChanges, ADoneChangeIsAStepOfItsOwn) {
  Session& s = open();
  s.change("shape.d_k", 20, Phase::done);
  s.change("shape.d_k", 24, Phase::done);
  s.undo();
  EXPECT_EQ(integer("shape.d_k"), 20);
}

TEST_F(SessionChanges, EmojiSurvive) {
  Session& s = open();
  const std::string text = "the 🙂 saw 👩‍👩‍👧 and é";
  s.change("tokens.text", text, Phase::done);
  EXPECT_EQ(s.experiment().tokens.text, text);
  s.settle();
  ASSERT_EQ(s.evaluationError(), nullptr);
  EXPECT_EQ(s.evaluation()->prepared->queryTokens[1].label, "🙂");
  s.undo();
  s.redo();
  EXPECT_EQ(s.experiment().tokens.text, text);
}

TEST_F(SessionChanges, WhatCannotBeValidChangesNothingAndSaysWhy) {
  Session& s = open();
  const Experiment before = s.experiment();
  const auto numbers = s.evaluation();
  for (const Value& bad : {Value(0), Value(std::int64_t{1} << 62), Value("many"), Value(2.5), Value(-3)}) {
    s.change("shape.d_k", bad, Phase::done);
    ASSERT_NE(s.fieldError("shape.d_k"), nullptr) << bad.json();
    EXPECT_FALSE(s.fieldError("shape.d_k")->what.empty());
    EXPECT_EQ(s.experiment(), before);
  }
  s.change("tokens.text", "", Phase::live);
  EXPECT_NE(s.fieldError("tokens.text"), nullptr);
  s.change("tokens.text", "\xff\xfe", Phase::live);
  EXPECT_NE(s.fieldError("tokens.text"), nullptr);
  EXPECT_EQ(s.fieldError("shape.heads"), nullptr);
  s.change("no.such.parameter", 1, Phase::done);
  EXPECT_NE(s.fieldError("no.such.parameter"), nullptr);
  s.settle();
  EXPECT_EQ(s.experiment(), before);
  EXPECT_EQ(s.evaluation(), numbers);
  EXPECT_FALSE(s.canUndo());
  EXPECT_FALSE(s.unsaved());

  s.change("shape.d_k", 12, Phase::done);
  EXPECT_EQ(s.fieldError("shape.d_k"), nullptr);  // good again
  s.undo();
  EXPECT_EQ(s.fieldError("tokens.text"), nullptr);
}

TEST_F(SessionChanges, LooksAreNoStepAndNoUnsavedDot) {
  Session& s = open();
  s.change("view.head", 1, Phase::done);
  EXPECT_EQ(s.view().head, 1);
  s.selectHead(5);
  s.selectStage(Stage::dot);
  s.pin(Cell{3, 2});
  ViewSpec view = s.view();
  view.queryColumns = true;
  s.setView(view);
  EXPECT_FALSE(s.canUndo());
  EXPECT_FALSE(s.unsaved());
  EXPECT_EQ(s.view().head, 5);
  EXPECT_EQ(s.view().stage, Stage::dot);
  EXPECT_TRUE(s.view().queryColumns);

  s.change("shape.d_k", 24, Phase::done);
  s.selectHead(2);
  s.undo();
  EXPECT_EQ(s.view().head, 2);
  EXPECT_EQ(s.pinned(), (Cell{3, 2}));
}

TEST_F(SessionChanges, ALookThatTheNumbersDoNotHaveAnyMoreIsMended) {
  Session& s = open();
  s.selectHead(7);
  s.pin(Cell{10, 10});
  s.change("shape.heads", 2, Phase::done);
  s.change("tokens.text", "only three words", Phase::done);
  s.settle();
  EXPECT_EQ(s.view().head, 1);
  EXPECT_EQ(s.pinned(), std::nullopt);
  s.selectHead(99);
  EXPECT_EQ(s.view().head, 1);
  s.selectHead(kMeanHead);
  EXPECT_EQ(s.view().head, kMeanHead);
  s.selectStage(Stage::memory);  // this document has none
  EXPECT_EQ(s.view().stage, Stage::weights);
}

TEST_F(SessionChanges, AHeadThatOnlyTheOldNumbersHaveIsNotChosen) {
  Session& s = open();
  s.change("shape.heads", 2, Phase::done);
  s.selectHead(3);  // the eight heads are still on screen
  EXPECT_LT(s.view().head, 2);
  s.selectHead(1);
  EXPECT_EQ(s.view().head, 1);
}

TEST_F(SessionChanges, ThePinnedCellIsExplainedElseTheOneUnderTheCursor) {
  Session& s = open();
  s.pin(std::nullopt);
  EXPECT_EQ(s.focusCell(), std::nullopt);
  s.hover(Cell{2, 1});
  EXPECT_EQ(s.focusCell(), (Cell{2, 1}));
  s.pin(Cell{4, 3});
  EXPECT_EQ(s.focusCell(), (Cell{4, 3}));
  EXPECT_EQ(s.hovered(), (Cell{2, 1}));
  s.pin(std::nullopt);
  s.hover(std::nullopt);
  EXPECT_EQ(s.focusCell(), std::nullopt);
}

TEST_F(SessionChanges, TwoHundredRandomChangesUndoneGiveTheOriginal) {
  Session& s = open();
  const Experiment original = s.experiment();
  std::mt19937 random(11);
  const auto pick = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
  const std::vector<std::string> texts{"one", "two words", "the cat sat on the mat", "🙂 and 🙃",
                                       "x y z x y z"};
  int steps = 0;
  while (steps < 200) {
    const std::string before = s.undoName();
    const Experiment was = s.experiment();
    switch (pick(9)) {
      case 0:
        drag("shape.d_k", {1 + pick(64), 1 + pick(64)});
        break;
      case 1:
        s.change("shape.heads", 1 + pick(12), Phase::done);
        break;
      case 2:
        s.change("tokens.text", texts[static_cast<std::size_t>(pick(5))], Phase::done);
        break;
      case 3:
        s.change("mask", pick(2) == 0 ? Value("causal") : Value(List{}), Phase::done);
        break;
      case 4:
        s.change("normalizer.temperature", 0.25 * (1 + pick(8)), Phase::done);
        break;
      case 5:
        s.change("score.scale", pick(2) == 0 ? Value("none") : Value(0.5), Phase::done);
        break;
      case 6:
        s.change("title", "title " + std::to_string(pick(5)), Phase::done);
        break;
      case 7:
        s.change("source.seed", pick(1000), Phase::done);
        break;
      case 8:
        s.change("source.kind", pick(2) == 0 ? "random" : "patterns", Phase::done);
        break;
    }
    if (!(was == s.experiment())) ++steps;
    if (pick(10) == 0) s.drain();
    if (pick(10) == 0) {
      s.undo();
      s.redo();
    }
  }
  s.settle();
  EXPECT_EQ(s.evaluationError(), nullptr);
  EXPECT_TRUE(sameNumbers(s.evaluation()->experiment, s.experiment()));
  int undone = 0;
  while (s.canUndo()) {
    s.undo();
    ++undone;
  }
  EXPECT_GE(undone, 200);
  EXPECT_TRUE(sameNumbers(s.experiment(), original));
  EXPECT_EQ(s.experiment().title, original.title);
  EXPECT_FALSE(s.unsaved());
  s.settle();
  EXPECT_TRUE(sameNumbers(s.evaluation()->experiment, original));
}

TEST_F(SessionChanges, TheUnsavedDotFollowsNumbersTitleAndNotes) {
  Session& s = open();
  EXPECT_FALSE(s.unsaved());
  s.change("shape.d_k", 16, Phase::done);
  ASSERT_TRUE(s.saveTo(inHome("mine.headlight.json")));
  s.settle();
  EXPECT_FALSE(s.unsaved());
  s.change("shape.d_k", 17, Phase::live);
  EXPECT_TRUE(s.unsaved());
  s.change("shape.d_k", 16, Phase::live);
  s.commit();
  EXPECT_FALSE(s.unsaved());  // it is what it was
  s.change("title", "another", Phase::done);
  EXPECT_TRUE(s.unsaved());
  s.undo();
  EXPECT_FALSE(s.unsaved());
}

}  // namespace
}  // namespace headlight
