#include "app/session/history.h"

#include <functional>
#include <string>
#include <vector>

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

/// A document that has something in every part.
Experiment full() {
  Experiment full;
  full.title = "full";
  full.tokens.text = "one two three";
  full.memory = TokenSpec();
  full.source.set("seed", 1);
  full.position.kind = "rope";
  full.mask = {{"causal", {}}, {"cells", {}}};
  full.mask[1].set("cells", List{Value(List{0, 1}), Value(List{2, 3})});
  full.edits = {{"q", {0, 1}, 2.5}, {"k", {1, 1}, -1}};
  full.notes = "notes";
  full.files = {{"a.npy", 10, "00"}};
  full.unknown = {{"/more", Value("kept")}};
  return full;
}

TEST(History, EveryPartOfADocumentComesBack) {
  const std::vector<std::function<void(Experiment&)>> changes = {
      [](Experiment& e) { e.title = "other"; },
      [](Experiment& e) { e.tokens.text = "one and two three"; },
      [](Experiment& e) {
        e.tokens.list = {"a", "b"};
      },
      [](Experiment& e) { e.tokens.split = "bytes"; },
      [](Experiment& e) { e.tokens.kind = TokenSpec::Kind::count, e.tokens.count = 7; },
      [](Experiment& e) { e.memory.reset(); },
      [](Experiment& e) { e.memory->text = "memory"; },
      [](Experiment& e) { e.source.set("seed", 2); },
      [](Experiment& e) {
        e.source = {"values", {{"x", Value(List{1, 2, 3})}}};
      },
      [](Experiment& e) { e.shape.heads = 8; },
      [](Experiment& e) { e.position.kind = "learned"; },
      [](Experiment& e) { e.scale = 0.5; },
      [](Experiment& e) { e.softcap = 30; },
      [](Experiment& e) {
        e.biases = {{"alibi", {}}};
      },
      [](Experiment& e) { e.mask.erase(e.mask.begin()); },
      [](Experiment& e) {
        e.mask[1].keys[0].second.list().insert(e.mask[1].keys[0].second.list().begin(), 7);
      },
      [](Experiment& e) { e.mask[1].keys[0].second = "all"; },
      [](Experiment& e) { e.edits.erase(e.edits.begin()); },
      [](Experiment& e) {
        e.edits.push_back({"v", {3, 3}, 0});
      },
      [](Experiment& e) { e.normalizer.kind = "sigmoid"; },
      [](Experiment& e) { e.temperature = 2; },
      [](Experiment& e) { e.emptyRow = EmptyRow::nan; },
      [](Experiment& e) {
        e.ablatedHeads = {1, 2};
      },
      [](Experiment& e) { e.mistake = Mistake{}, e.tiesKeys = true; },
      [](Experiment& e) { e.notes.reset(); },
      [](Experiment& e) {
        e.files.push_back({"b.npy", 1, "11"});
      },
      [](Experiment& e) { e.unknown.clear(); },
      [](Experiment& e) { e = Experiment(); },
  };
  History history(full());
  std::vector<Experiment> seen{history.now()};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Experiment next = i % 2 == 0 ? full() : history.now();
    if (!next.memory || next.mask.size() < 2 || next.mask[1].keys.empty() ||
        !next.mask[1].keys[0].second.isList() || next.edits.empty())
      next = full();
    changes[i](next);
    if (sameButView(next, history.now())) continue;
    history.change("part", "change " + std::to_string(i), next, false);
    ASSERT_TRUE(history.now() == next) << i;
    ASSERT_TRUE(history.before() != nullptr && *history.before() == seen.back()) << i;
    seen.push_back(next);
  }
  ASSERT_GT(seen.size(), 20u);
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = seen.size() - 1; i > 0; --i) {
      ASSERT_TRUE(history.before() != nullptr && *history.before() == seen[i - 1]) << i;
      history.undo();
      ASSERT_TRUE(history.now() == seen[i - 1]) << "undoing " << i;
    }
    EXPECT_FALSE(history.canUndo());
    EXPECT_EQ(history.before(), nullptr);
    for (std::size_t i = 1; i < seen.size(); ++i) {
      history.redo();
      ASSERT_TRUE(history.now() == seen[i]) << "redoing " << i;
    }
    EXPECT_FALSE(history.canRedo());
  }
}

TEST(History, KeepsTensOfThousandsOfSmallSteps) {
  constexpr int kSteps = 30000;
  Experiment next;
  next.mask = {{"cells", {}}};
  next.mask[0].set("cells", List());
  History history(next);
  // Cells painted one by one: each step would be a longer copy.
  for (int i = 0; i < kSteps; ++i) {
    List& cells = next.mask[0].keys[0].second.list();
    if (cells.size() == 300) cells.clear();
    cells.push_back(Value(List{i, i}));
    history.change("mask", "a cell", next, false);
  }
  EXPECT_EQ(history.done(), static_cast<std::size_t>(kSteps));
  while (history.canUndo()) history.undo();
  EXPECT_TRUE(history.now().mask[0].keys[0].second.list().empty());
}

TEST(History, ForgetsTheOldestWhereTheyWouldTakeTooMuchMemory) {
  constexpr std::size_t kEach = std::size_t{16} << 20;
  History history(titled("a"));
  for (int i = 0; i < 40; ++i) {
    history.change("title", "to " + std::to_string(i),
                   titled(std::string(kEach, static_cast<char>('b' + i % 8))), false);
  }
  EXPECT_LE(history.done(), History::kMostBytes / kEach);
  EXPECT_GT(history.done(), History::kMostBytes / kEach / 2);
  EXPECT_EQ(history.undoName(), "to 39");
  history.undo();
  EXPECT_EQ(history.now().title.front(), 'b' + 38 % 8);
  history.redo();
  EXPECT_EQ(history.now().title.front(), 'b' + 39 % 8);
}

}  // namespace
}  // namespace headlight
