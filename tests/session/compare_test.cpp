#include "app/session/compare.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <thread>

#include "core/attention/reference.h"
#include "tests/session/session_fixture.h"

namespace headlight {
namespace {

using namespace std::chrono_literals;
using test::SessionTest;
using test::threadSeconds;
using With = Comparison::With;

Comparison with(With what) {
  Comparison made;
  made.with = what;
  return made;
}
Comparison withHead(int head) {
  Comparison made;
  made.head = head;
  return made;
}
Comparison withStage(Stage stage) {
  Comparison made = with(With::stage);
  made.stage = stage;
  return made;
}

class CompareTest : public SessionTest {
 protected:
  /// Asks as frames do until it is there.
  template <class F>
  auto ready(F&& ask) {
    auto got = ask();
    for (int i = 0; i < 1000 && !got; ++i) {
      session->settle();
      got = ask();
    }
    return got;
  }
  /// The comparison, its difference computed or impossible.
  Compare& shown() {
    ready([&] { return session->compared()->difference() || !session->compared()->obstacle().empty(); });
    return *session->compared();
  }
  std::shared_ptr<const Tile> differenceTile() {
    return ready([&] { return session->compared()->differenceTile(0, 0, 0); });
  }
  static std::string words(int n) {
    std::string text = "start";
    for (int i = 1; i < n; ++i) text += " w" + std::to_string(i);
    return text;
  }
};

/// Weights [H, Tq, Tk] in double, by the slow way.
ReferenceRun reference(const Evaluation& evaluation) {
  auto run = referenceAttend(evaluation.prepared->plan);
  EXPECT_TRUE(run);
  return std::move(*run);
}

TEST_F(CompareTest, TwoHeadsDifferAsTheReferenceSays) {
  Session& s = open();
  s.selectHead(2);
  s.compare(withHead(3));
  const auto tile = differenceTile();
  ASSERT_TRUE(tile);
  const ReferenceRun exact = reference(*s.evaluation());
  const Tensor& weights = exact.stage(Stage::weights);
  const std::int64_t keys = weights.shape[2];
  const std::int64_t cells = weights.shape[1] * keys;
  ASSERT_EQ(static_cast<std::int64_t>(tile->extreme.size()), cells);
  for (std::int64_t i = 0; i < cells; ++i) {
    const double a = weights.doubles[static_cast<std::size_t>(2 * cells + i)];
    const double b = weights.doubles[static_cast<std::size_t>(3 * cells + i)];
    EXPECT_NEAR(static_cast<double>(tile->extreme[static_cast<std::size_t>(i)]), a - b, 1e-6) << i;
  }
  EXPECT_EQ(s.compared()->map(0).words, "H2 pronoun");
  EXPECT_TRUE(s.compared()->map(0).isShown);
}

TEST_F(CompareTest, TheFiveLargestAreTheLargest) {
  Session& s = open();
  s.selectHead(2);
  s.compare(withHead(6));
  const auto found = ready([&] { return s.compared()->largest(); });
  ASSERT_TRUE(found);
  ASSERT_EQ(found->cells.size(), 5u);
  const FieldDifference& difference = *s.compared()->difference();
  std::vector<float> all;
  for (std::int64_t i = 0; i < difference.rows(); ++i) {
    for (std::int64_t j = 0; j < difference.cols(); ++j) all.push_back(std::abs(difference.cell(i, j)));
  }
  std::sort(all.rbegin(), all.rend());
  for (std::size_t n = 0; n < 5; ++n) {
    const CellDifference& cell = found->cells[n];
    EXPECT_FLOAT_EQ(std::abs(cell.difference), all[n]);
    EXPECT_FLOAT_EQ(cell.difference, cell.first - cell.second);
    EXPECT_EQ(cell.difference, difference.cell(cell.row, cell.col));
  }
}

TEST_F(CompareTest, HeadAndStageAndFileStandInTheDocument) {
  Session& s = open();
  s.compare(withHead(3));
  EXPECT_EQ(s.view().compare.json(), R"({"head": 3})");
  s.compare(withHead(kMeanHead));
  EXPECT_EQ(s.view().compare.json(), R"({"head": "mean"})");
  EXPECT_EQ(s.comparison(), withHead(kMeanHead));
  s.compare(withStage(Stage::scaled));
  EXPECT_EQ(s.view().compare.json(), R"({"stage": "scaled"})");
  EXPECT_FALSE(s.unsaved());
  EXPECT_FALSE(s.canUndo());
  s.leaveComparison();
  EXPECT_TRUE(s.view().compare.isNull());
  EXPECT_EQ(s.compared(), nullptr);
}

TEST_F(CompareTest, AComparisonIsSavedAndComesBack) {
  Session& s = open();
  s.compare(withHead(3));
  ASSERT_TRUE(s.saveTo(inHome("one.headlight.json")));
  s.settle();
  s.newDocument();
  s.settle();
  EXPECT_EQ(s.comparison(), std::nullopt);
  s.openFile(inHome("one.headlight.json"));
  s.settle();
  EXPECT_EQ(s.comparison(), withHead(3));
  EXPECT_NE(shown().difference(), nullptr);
}

TEST_F(CompareTest, TwoStagesOfOneShape) {
  Session& s = open();
  s.change("mask", "causal", Phase::done);
  s.settle();
  s.selectStage(Stage::weights);
  s.compare(withStage(Stage::valueWeighted));
  ASSERT_NE(shown().difference(), nullptr);
  EXPECT_EQ(s.compared()->map(1).stage, Stage::valueWeighted);
  s.compare(withStage(Stage::headOutput));
  EXPECT_EQ(shown().difference(), nullptr);
  EXPECT_THAT(s.compared()->obstacle(), testing::HasSubstr("11 × 11"));
  EXPECT_THAT(s.compared()->obstacle(), testing::HasSubstr("11 × 8"));
}

TEST_F(CompareTest, AHeadThatIsNotThereIsTold) {
  Session& s = open();
  s.compare(withHead(40));
  EXPECT_EQ(shown().obstacle(), "there is no H40 among 8 heads");
  s.selectStage(Stage::output);
  s.compare(withHead(1));
  EXPECT_THAT(shown().obstacle(), testing::HasSubstr("one for all heads"));
}

TEST_F(CompareTest, BeforeTheLastChange) {
  Session& s = open();
  s.compare(with(With::before));
  EXPECT_EQ(s.comparison(), std::nullopt);  // there is none
  const Experiment first = s.experiment();
  s.change("normalizer.temperature", 2.0, Phase::done);
  s.settle();
  s.compare(with(With::before));
  const auto tile = differenceTile();
  ASSERT_TRUE(tile);
  Compare& compare = shown();
  EXPECT_TRUE(sameNumbers(compare.evaluation(0)->experiment, first));
  EXPECT_TRUE(sameNumbers(compare.evaluation(1)->experiment, s.experiment()));
  EXPECT_EQ(compare.map(0).markup, "τ");
  EXPECT_EQ(compare.map(0).words, "1");
  EXPECT_EQ(compare.map(1).words, "2");
  EXPECT_FALSE(compare.map(0).isShown);
  const ReferenceRun before = reference(*compare.evaluation(0));
  const ReferenceRun after = reference(*s.evaluation());
  const auto head = static_cast<std::size_t>(s.view().head) * tile->extreme.size();
  for (std::size_t i = 0; i < tile->extreme.size(); ++i) {
    const double exact =
        before.stage(Stage::weights).doubles[head + i] - after.stage(Stage::weights).doubles[head + i];
    EXPECT_NEAR(static_cast<double>(tile->extreme[i]), exact, 1e-6);
  }
  EXPECT_TRUE(s.view().compare.isNull());  // a document does not know its past
}

TEST_F(CompareTest, WhileDraggingAIsWhereTheDragBegan) {
  Session& s = open();
  s.change("normalizer.temperature", 1.5, Phase::live);
  s.compare(with(With::before));
  for (const double t : {1.6, 1.8, 2.0, 2.5}) {
    s.change("normalizer.temperature", t, Phase::live);
    s.drain();
    s.compared();
  }
  s.commit();
  s.settle();
  Compare& compare = shown();
  EXPECT_EQ(compare.evaluation(0)->experiment.temperature, 1);
  EXPECT_EQ(compare.evaluation(1)->experiment.temperature, 2.5);
  s.change("normalizer.temperature", 4.0, Phase::done);  // another step: A stays
  s.settle();
  EXPECT_EQ(shown().evaluation(0)->experiment.temperature, 1);
  s.undo();
  s.undo();
  s.settle();
  const auto found = ready([&] { return s.compared()->largest(); });
  EXPECT_TRUE(found->cells.empty());  // nothing differs any more
}

TEST_F(CompareTest, WhatBelongsToOlderMapsIsNeverTakenForNewer) {
  Session& s = open();
  s.change("tokens.text", words(300), Phase::done);
  s.settle();
  s.change("normalizer.temperature", 2.0, Phase::done);
  s.compare(with(With::before));
  for (int i = 0; i < 40; ++i) {
    s.change("normalizer.temperature", 1.0 + 0.1 * i, Phase::live);
    s.drain();
    if (Compare* compare = s.compared()) {
      compare->differenceTile(0, 0, 0);
      compare->differenceTile(1, 0, 0);
      compare->largest();
    }
    std::this_thread::sleep_for(2ms);
  }
  s.commit();
  s.settle();
  const auto tile = differenceTile();
  const FieldDifference& difference = *s.compared()->difference();
  EXPECT_EQ(tile->extreme[3 * 256 + 5], difference.cell(3, 5));
  EXPECT_EQ(difference.second().run().rules.temperature, 4.9f);
}

TEST_F(CompareTest, TheCallingThreadNeverComputes) {
  Session& s = open();
  s.change("tokens.text", words(2500), Phase::done);
  s.settle();
  s.compare(withHead(5));
  s.compared();
  s.settle();
  const double begun = threadSeconds();
  Compare* compare = s.compared();
  compare->differenceTile(3, 0, 0);
  compare->differenceStatistics();
  compare->largest();
  EXPECT_LT(threadSeconds() - begun, 0.02);
  EXPECT_TRUE(ready([&] { return s.compared()->largest(); }));
}

TEST_F(CompareTest, AnotherExperimentOfTheSameShape) {
  write("other.headlight.json",
        R"({"type": "headlight/experiment", "version": 1, "source": {"kind": "random", "seed": 5}})");
  write("short.headlight.json",
        R"({"type": "headlight/experiment", "version": 1, "tokens": {"text": "only three words"}})");
  Session& s = open();
  ASSERT_TRUE(s.saveTo(inHome("mine.headlight.json")));
  s.settle();
  Comparison other = with(With::file);
  other.file = inHome("other.headlight.json");
  s.compare(other);
  EXPECT_EQ(s.view().compare.json(), R"({"file": "other.headlight.json"})");  // never an absolute path
  ASSERT_NE(shown().difference(), nullptr) << s.compared()->obstacle();
  EXPECT_EQ(s.compared()->map(0).words, "mine");
  EXPECT_EQ(s.compared()->map(1).words, "other");
  other.file = inHome("short.headlight.json");
  s.compare(other);
  EXPECT_THAT(shown().obstacle(), testing::HasSubstr("A is 11 × 11, B is 3 × 3"));
  other.file = inHome("nowhere.headlight.json");
  s.compare(other);
  EXPECT_THAT(shown().obstacle(), testing::HasSubstr("nowhere.headlight.json was not opened"));
  EXPECT_FALSE(s.problem());
}

TEST_F(CompareTest, AFileIsNamedFromWhereTheDocumentIsSaved) {
  write("other.headlight.json", R"({"type": "headlight/experiment", "version": 1})");
  Session& s = open();
  ASSERT_TRUE(s.saveTo(inHome("mine.headlight.json")));
  s.settle();
  Comparison other = with(With::file);
  other.file = inHome("other.headlight.json");
  s.compare(other);
  std::filesystem::create_directories(inHome("deeper"));
  ASSERT_TRUE(s.saveTo(inHome("deeper/mine.headlight.json")));
  s.settle();
  EXPECT_THAT(read("deeper/mine.headlight.json"), testing::HasSubstr("\"../other.headlight.json\""));
}

TEST_F(CompareTest, WithoutAPlaceOfItsOwnTheDocumentKeepsNoFile) {
  write("other.headlight.json", R"({"type": "headlight/experiment", "version": 1})");
  Session& s = open();
  Comparison other = with(With::file);
  other.file = inHome("other.headlight.json");
  s.compare(other);
  EXPECT_TRUE(s.view().compare.isNull());
  EXPECT_NE(shown().difference(), nullptr);
}

TEST_F(CompareTest, TheDialogAsksForAnExperiment) {
  write("other.headlight.json", R"({"type": "headlight/experiment", "version": 1})");
  Session& s = open();
  s.askCompare();
  ASSERT_EQ(dialogs.answers.size(), 1u);
  dialogs.answers[0](inHome("other.headlight.json"));
  s.settle();
  ASSERT_TRUE(s.comparison());
  EXPECT_EQ(s.comparison()->with, With::file);
  EXPECT_EQ(s.documentName(), "who-is-meant");
}

TEST_F(CompareTest, ComparingAgainTakesTheLastOneOrTheNextHead) {
  Session& s = open();
  s.selectHead(2);
  s.compareAgain();
  EXPECT_EQ(s.comparison(), withHead(3));
  s.compared();
  s.leaveComparison();
  s.selectHead(3);
  s.compareAgain();  // never a head with itself
  EXPECT_EQ(s.comparison(), withHead(4));
  s.compare(withStage(Stage::masked));
  s.compared();
  s.leaveComparison();
  s.compareAgain();
  EXPECT_EQ(s.comparison(), withStage(Stage::masked));
}

TEST_F(CompareTest, ASnapshotIsShownAndLeftInOneStepEach) {
  Session& s = open();
  s.flipSnapshot();
  EXPECT_FALSE(s.canUndo());
  s.takeSnapshot();
  EXPECT_TRUE(s.showsSnapshot());
  s.flipSnapshot();
  EXPECT_FALSE(s.canUndo());  // nothing to flip to
  s.change("shape.d_k", 24, Phase::done);
  s.change("mask", "causal", Phase::done);
  const Experiment later = s.experiment();
  EXPECT_FALSE(s.showsSnapshot());
  s.flipSnapshot();
  EXPECT_EQ(s.undoName(), "Show snapshot A");
  EXPECT_TRUE(s.showsSnapshot());
  EXPECT_EQ(s.stepsDone(), 3u);
  s.flipSnapshot();
  EXPECT_EQ(s.undoName(), "Back from snapshot A");
  EXPECT_EQ(s.experiment(), later);
  s.undo();
  EXPECT_TRUE(s.showsSnapshot());
  s.undo();
  EXPECT_EQ(s.experiment(), later);
  s.settle();
  EXPECT_TRUE(sameNumbers(s.evaluation()->experiment, later));
}

TEST_F(CompareTest, ASnapshotWithFewerHeadsMendsTheView) {
  Session& s = open();
  s.change("source.kind", "random", Phase::done);
  s.change("shape.heads", 2, Phase::done);
  s.settle();
  s.takeSnapshot();
  s.change("shape.heads", 8, Phase::done);
  s.settle();
  s.selectHead(7);
  s.flipSnapshot();
  s.settle();
  EXPECT_EQ(integer("shape.heads"), 2);
  EXPECT_LT(s.view().head, 2);
  s.flipSnapshot();
  s.settle();
  EXPECT_EQ(integer("shape.heads"), 8);
}

TEST_F(CompareTest, TheSnapshotIsComparedWithWhatIsShownNow) {
  Session& s = open();
  s.takeSnapshot();
  s.change("normalizer.temperature", 3.0, Phase::done);
  s.settle();
  s.compare(with(With::snapshot));
  ASSERT_NE(shown().difference(), nullptr);
  EXPECT_EQ(s.compared()->evaluation(0)->experiment.temperature, 1);
  EXPECT_EQ(s.compared()->map(0).words, "1");
  s.takeSnapshot();  // the new one takes the old one's place
  EXPECT_EQ(shown().evaluation(0)->experiment.temperature, 3);
  EXPECT_EQ(s.compared()->map(0).words, "snapshot");
}

TEST_F(CompareTest, AnotherDocumentHasItsOwnSnapshot) {
  Session& s = open();
  s.takeSnapshot();
  s.newDocument();
  s.settle();
  const Experiment mine = s.experiment();
  s.flipSnapshot();
  EXPECT_EQ(s.experiment(), mine);
  EXPECT_THAT(s.notice(), testing::HasSubstr("another document"));
  s.compare(with(With::snapshot));  // but they can be held beside each other
  EXPECT_NE(shown().difference(), nullptr) << s.compared()->obstacle();
}

TEST_F(CompareTest, LeavingLetsGoOfTheOtherNumbers) {
  Session& s = open();
  s.takeSnapshot();
  s.change("normalizer.temperature", 3.0, Phase::done);
  s.settle();
  s.compare(with(With::snapshot));
  shown();
  std::weak_ptr<const Evaluation> held = s.compared()->evaluation(0);
  s.leaveComparison();
  s.settle();
  EXPECT_TRUE(held.expired());
}

TEST_F(CompareTest, LeavingInTheMiddleOfWorkIsQuickAndClean) {
  Session& s = open();
  s.takeSnapshot();
  s.change("tokens.text", words(2000), Phase::done);
  s.takeSnapshot();
  s.change("normalizer.temperature", 3.0, Phase::done);
  for (int i = 0; i < 20; ++i) {
    s.compare(with(With::snapshot));
    s.compared();
    std::this_thread::sleep_for(3ms);
    s.drain();
    s.leaveComparison();
    s.drain();
  }
  s.settle();
  EXPECT_EQ(s.compared(), nullptr);
  EXPECT_FALSE(s.busy());
}

TEST_F(CompareTest, TheColoursOfBothSpanBoth) {
  Session& s = open();
  s.change("tokens.text", words(30), Phase::done);
  s.settle();
  s.takeSnapshot();
  s.change("normalizer.temperature", 0.3, Phase::done);
  s.settle();
  s.compare(with(With::snapshot));
  shown();
  const auto range = ready([&] { return s.compared()->range(s.view()); });
  ASSERT_TRUE(range);
  float largest = 0;
  for (const int which : {0, 1}) {
    largest = std::max(largest, ready([&] { return s.compared()->statistics(which); })->maximum);
  }
  EXPECT_FLOAT_EQ(static_cast<float>(range->high), largest);
  const auto difference = ready([&] { return s.compared()->differenceRange(); });
  EXPECT_EQ(difference->low, -difference->high);
}

}  // namespace
}  // namespace headlight
