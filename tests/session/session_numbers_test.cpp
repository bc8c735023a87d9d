#include <chrono>
#include <cmath>
#include <thread>

#include "app/session/product.h"
#include "tests/session/session_fixture.h"

namespace headlight {
namespace {

using namespace std::chrono_literals;
using test::SessionTest;
using test::threadSeconds;

class SessionNumbers : public SessionTest {
 protected:
  /// n words, of which the first differs from all others.
  static std::string words(int n) {
    std::string text = "start";
    for (int i = 1; i < n; ++i) text += " w" + std::to_string(i);
    return text;
  }
  /// Asks for something until it is there, as frames do.
  template <class F>
  auto ready(F&& ask) {
    auto got = ask();
    for (int i = 0; i < 1000 && !got; ++i) {
      session->settle();
      got = ask();
    }
    return got;
  }
  std::shared_ptr<const Tile> tile(Stage stage, int head) {
    return ready([&] { return session->tile(stage, head, 0, 0, 0); });
  }
  Field field(Stage stage, int head) const { return *Field::make(session->evaluation()->run, stage, head); }
};

TEST_F(SessionNumbers, TheNewestRequestWins) {
  Session& s = open();
  int shown = 0;
  auto before = s.evaluation();
  for (int d = 1; d <= 200; ++d) {
    s.change("shape.d_k", d, Phase::live);
    s.drain();
    if (s.evaluation() != before) {
      ++shown;
      before = s.evaluation();
      EXPECT_LE(before->run->sizes.dK, d);
    }
    std::this_thread::sleep_for(1ms);
  }
  s.commit();
  s.settle();
  EXPECT_FALSE(s.busy());
  EXPECT_EQ(s.evaluation()->run->sizes.dK, 200);
  EXPECT_TRUE(sameNumbers(s.evaluation()->experiment, s.experiment()));
  EXPECT_GT(shown, 0);  // the drag showed something on its way
}

TEST_F(SessionNumbers, ADragOverSlowNumbersStillShowsThem) {
  Session& s = open();
  s.change("tokens.text", words(900), Phase::done);
  s.settle();
  int shown = 0;
  auto before = s.evaluation();
  const auto start = std::chrono::steady_clock::now();
  for (int d = 16; std::chrono::steady_clock::now() - start < 30s && shown < 3; ++d) {
    s.change("shape.d_k", 16 + d % 40, Phase::live);
    s.drain();
    if (s.evaluation() != before) ++shown;
    before = s.evaluation();
    std::this_thread::sleep_for(5ms);
  }
  s.commit();
  EXPECT_GE(shown, 3);
  s.settle();
  EXPECT_TRUE(sameNumbers(s.evaluation()->experiment, s.experiment()));
}

TEST_F(SessionNumbers, TheCallingThreadNeverComputes) {
  Session& s = open();
  s.change("tokens.text", words(3000), Phase::done);
  s.settle();
  const double begun = threadSeconds();
  s.change("shape.d_k", 64, Phase::done);
  for (int head = 0; head < 8; ++head) {
    s.tile(Stage::weights, head, 0, 0, 0);
    s.statistics(Stage::weights, head);
    s.received(head);
    s.range(Stage::dot, head);
  }
  s.explanation(Stage::weights, 0, {1000, 3});
  EXPECT_TRUE(s.busy());
  const double asked = threadSeconds() - begun;
  const auto wall = std::chrono::steady_clock::now();
  s.settle();
  const double waited = threadSeconds() - begun - asked;
  const double worked = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count();
  EXPECT_GT(worked, 0.05) << "too little to tell";
  EXPECT_LT(asked, 0.05);  // the text is split once to see how many tokens there are
  EXPECT_LT(waited, worked / 4);
}

TEST_F(SessionNumbers, WhileBusyTheOldNumbersStay) {
  Session& s = open();
  const auto before = s.evaluation();
  s.change("tokens.text", words(1500), Phase::done);
  EXPECT_TRUE(s.busy());
  EXPECT_EQ(s.evaluation(), before);
  clock = clock + 2.5;
  EXPECT_DOUBLE_EQ(s.busySeconds(), 2.5);
  EXPECT_GT(s.progress(), 0);
  EXPECT_LT(s.progress(), 1);
  s.settle();
  EXPECT_NE(s.evaluation(), before);
  EXPECT_EQ(s.busySeconds(), 0);
}

TEST_F(SessionNumbers, CancellingKeepsTheOldNumbersAndSaysSo) {
  Session& s = open();
  const auto before = s.evaluation();
  s.change("tokens.text", words(4000), Phase::done);
  s.cancelWork();
  EXPECT_FALSE(s.busy());
  s.settle();
  ASSERT_NE(s.evaluationError(), nullptr);
  EXPECT_EQ(s.evaluationError()->code, ErrorCode::cancelled);
  EXPECT_EQ(s.evaluation(), before);
  s.undo();
  s.settle();
  EXPECT_EQ(s.evaluationError(), nullptr);
}

TEST_F(SessionNumbers, ATileIsTheFieldsOwn) {
  Session& s = open();
  EXPECT_EQ(s.tile(Stage::weights, 2, 0, 0, 0), nullptr);  // asking starts the work
  const auto got = tile(Stage::weights, 2);
  ASSERT_TRUE(got);
  const Tile expected = field(Stage::weights, 2).tile(0, 0, 0);
  EXPECT_EQ(got->extreme, expected.extreme);
  EXPECT_EQ(got->classes, expected.classes);
  EXPECT_EQ(got->rows, 11);
  EXPECT_TRUE(tile(Stage::weights, kMeanHead));
  EXPECT_TRUE(tile(Stage::output, 5));  // without heads: one for all
  EXPECT_EQ(tile(Stage::output, 5), tile(Stage::output, 1));
}

TEST_F(SessionNumbers, WhatDoesNotExistIsNullAndCostsNothing) {
  Session& s = open();
  EXPECT_EQ(s.tile(Stage::memory, 0, 0, 0, 0), nullptr);
  EXPECT_EQ(s.tile(Stage::weights, 99, 0, 0, 0), nullptr);
  EXPECT_EQ(s.tile(Stage::weights, -7, 0, 0, 0), nullptr);
  EXPECT_EQ(s.tile(Stage::weights, 0, -1, 0, 0), nullptr);
  EXPECT_EQ(s.tile(Stage::weights, 0, 99, 0, 0), nullptr);
  EXPECT_EQ(s.tile(Stage::weights, 0, 0, 1, 0), nullptr);
  EXPECT_EQ(s.tile(Stage::weights, 0, 0, 0, -1), nullptr);
  EXPECT_EQ(s.explanation(Stage::weights, 0, {11, 0}), nullptr);
  EXPECT_EQ(s.explanation(Stage::weights, 0, {0, -1}), nullptr);
  EXPECT_EQ(s.received(99), nullptr);
  EXPECT_EQ(s.range(Stage::memory, 0), std::nullopt);
  const int before = wakes;
  s.settle();
  EXPECT_EQ(wakes, before);
}

TEST_F(SessionNumbers, AMaskEditKeepsWhatComesBeforeTheMask) {
  Session& s = open();
  const auto q = tile(Stage::q, 1);
  const auto dot = tile(Stage::dot, 1);
  const auto weights = tile(Stage::weights, 1);
  const auto statistics = ready([&] { return s.statistics(Stage::dot, 1); });
  const auto explained = ready([&] { return s.explanation(Stage::dot, 1, {2, 3}); });
  s.change("mask", "causal", Phase::done);
  s.settle();
  EXPECT_EQ(s.tile(Stage::q, 1, 0, 0, 0), q);
  EXPECT_EQ(s.tile(Stage::dot, 1, 0, 0, 0), dot);
  EXPECT_EQ(s.statistics(Stage::dot, 1), statistics);
  EXPECT_EQ(s.explanation(Stage::dot, 1, {2, 3}), explained);
  EXPECT_NE(s.tile(Stage::weights, 1, 0, 0, 0), weights);
  EXPECT_FALSE(s.changed(Stage::q));
  EXPECT_FALSE(s.changed(Stage::scaled));
  EXPECT_TRUE(s.changed(Stage::masked));
  EXPECT_TRUE(s.changed(Stage::weights));
  EXPECT_TRUE(s.changed(Stage::output));
  s.undo();
  s.settle();
  EXPECT_EQ(s.tile(Stage::weights, 1, 0, 0, 0), weights);  // known still
}

TEST_F(SessionNumbers, WhatWasVisibleComesHomeWithTheNumbers) {
  Session& s = open();
  const auto frame = [&] {
    bool whole = true;
    for (int head = 0; head < 8; ++head) whole = s.tile(Stage::weights, head, 0, 0, 0) && whole;
    whole = s.explanation(Stage::weights, 2, {7, 1}) && whole;
    whole = s.range(Stage::dot, 2) && whole;
    return s.received(2) && whole;
  };
  frame();
  s.settle();
  ASSERT_TRUE(frame());
  s.drain();
  s.change("shape.d_k", 24, Phase::live);
  const auto before = s.evaluation();
  while (s.evaluation() == before) {
    EXPECT_TRUE(frame());  // the old picture, whole
    s.drain();
  }
  EXPECT_TRUE(frame());  // the next one, whole
}

TEST_F(SessionNumbers, ADragLeavesTheCountsOfOtherHeadsUntilItRests) {
  Session& s = open();
  s.change("source.kind", "random", Phase::done);
  s.change("tokens.text", words(300), Phase::done);  // 8 · 300² cells
  s.settle();
  const int shown = s.view().head;
  const auto counted = [&] { return s.rangeStatistics(Stage::weights, shown).size(); };
  ASSERT_TRUE(ready([&] { return counted() == 8; }));
  s.drain();
  for (const double temperature : {0.5, 0.7, 0.9}) {
    s.change("normalizer.temperature", temperature, Phase::live);
    s.settle();
    ASSERT_TRUE(sameNumbers(s.evaluation()->experiment, s.experiment()));
    // The colours know the newest maximum, and what is counted is of the newest numbers alone.
    float largest = 0;
    for (const auto& head : s.evaluation()->run->statistics->heads)
      largest = std::max(largest, head.largestWeight);
    const auto range = s.range(Stage::weights, shown);
    ASSERT_TRUE(range);
    EXPECT_FLOAT_EQ(static_cast<float>(range->high), largest);
    const auto own = ready([&] { return s.statistics(Stage::weights, shown); });
    ASSERT_TRUE(own);
    EXPECT_EQ(own->maximum,
              s.evaluation()->run->statistics->heads[static_cast<std::size_t>(shown)].largestWeight);
    s.settle();
    EXPECT_EQ(counted(), 1u);
  }
  clock = clock + 1;
  ASSERT_TRUE(ready([&] { return counted() == 8; }));
  const auto all = s.rangeStatistics(Stage::weights, shown);
  for (std::size_t h = 0; h < all.size(); ++h)
    EXPECT_EQ(all[h]->maximum, s.evaluation()->run->statistics->heads[h].largestWeight);
}

TEST_F(SessionNumbers, AnotherDocumentHasNothingToCompareWith) {
  Session& s = open();
  s.change("mask", "causal", Phase::done);
  s.settle();
  EXPECT_TRUE(s.changed(Stage::weights));
  s.newDocument();
  s.settle();
  EXPECT_FALSE(s.changed(Stage::weights));
  EXPECT_FALSE(s.changed(Stage::q));
}

TEST_F(SessionNumbers, GroupedHeadsShareTheTilesOfTheirKeys) {
  Session& s = open();
  s.change("source.kind", "random", Phase::done);
  s.change("shape.kv_heads", 2, Phase::done);
  s.settle();
  ASSERT_EQ(s.evaluation()->run->sizes.kvHeads, 2);
  EXPECT_EQ(tile(Stage::k, 0), tile(Stage::k, 3));
  EXPECT_NE(tile(Stage::k, 0), tile(Stage::k, 4));
  EXPECT_EQ(tile(Stage::v, 5), tile(Stage::v, 7));
  EXPECT_NE(tile(Stage::q, 0), tile(Stage::q, 1));
  EXPECT_EQ(tile(Stage::k, 7)->extreme, field(Stage::k, 7).tile(0, 0, 0).extreme);
}

TEST_F(SessionNumbers, ASharedRangeSpansAllHeadsWhenAllAreIn) {
  Session& s = open();
  s.change("tokens.text", words(30), Phase::done);  // over 16 keys: 0 to the maximum
  s.settle();
  float largest = 0;
  for (const auto& head : s.evaluation()->run->statistics->heads)
    largest = std::max(largest, head.largestWeight);
  const auto shared = ready([&] { return s.range(Stage::weights, 3); });
  ASSERT_TRUE(shared);
  EXPECT_EQ(shared->low, 0);
  EXPECT_FLOAT_EQ(static_cast<float>(shared->high), largest);
  const auto counted = [&](std::size_t fields) {
    return ready([&] { return s.rangeStatistics(Stage::weights, 3).size() == fields; });
  };
  EXPECT_TRUE(counted(8));

  ViewSpec view = s.view();
  view.sharedRange = false;
  s.setView(view);
  const auto own = ready([&] { return s.range(Stage::weights, 3); });
  ASSERT_TRUE(own);
  EXPECT_FLOAT_EQ(static_cast<float>(own->high), s.evaluation()->run->statistics->heads[3].largestWeight);
  EXPECT_TRUE(counted(1));
}

TEST_F(SessionNumbers, ScoresShareOneScaleSoThatWhatIsDoneToThemIsSeen) {
  Session& s = open();
  s.change("mask", "causal", Phase::done);
  s.settle();
  float largest = 0;
  for (int head = 0; head < 8; ++head) {
    const auto statistics = ready([&] { return s.statistics(Stage::dot, head); });
    largest = std::max({largest, std::abs(statistics->minimum), std::abs(statistics->maximum)});
  }
  const auto shared = [&](Stage stage, int head) {
    return ready([&] {
      auto range = s.range(stage, head);
      return range && range->rule.find("shared") != std::string::npos ? range : std::nullopt;
    });
  };
  const auto dot = shared(Stage::dot, 2);
  EXPECT_EQ(dot->low, -dot->high);
  EXPECT_LT(dot->high, largest);
  EXPECT_GT(dot->high, largest / 8);
  for (const Stage stage : {Stage::dot, Stage::scaled, Stage::biased, Stage::masked}) {
    for (const int head : {2, 7}) {
      EXPECT_EQ(shared(stage, head)->low, dot->low);
      EXPECT_EQ(shared(stage, head)->high, dot->high);
    }
  }

  // Asked for by its word, the scale is the stage's own.
  ViewSpec view = s.view();
  view.stage = Stage::scaled;
  view.range = "symmetric";
  s.setView(view);
  EXPECT_FLOAT_EQ(static_cast<float>(shared(Stage::scaled, 2)->high), largest / std::sqrt(8.0f));
  view.range.clear();
  s.setView(view);

  // What grows beyond the shared one is told by the end of the bar.
  s.change("score.scale", 2.0, Phase::done);
  s.settle();
  s.range(Stage::scaled, 2);
  s.settle();
  EXPECT_TRUE(shared(Stage::scaled, 2)->clippedHigh);
  EXPECT_EQ(shared(Stage::scaled, 2)->high, dot->high);
}

TEST_F(SessionNumbers, KeysLeftOutOfTheRangeLieBeyondIt) {
  Session& s = open();
  ViewSpec view = s.view();
  view.range = "zero_max";
  s.setView(view);
  const auto all = ready([&] { return s.range(Stage::weights, 2); });
  ASSERT_TRUE(all);
  EXPECT_FALSE(all->clippedHigh);
  // The keys of the largest weights of all heads.
  for (int head = 0; head < 8; ++head) {
    const Field weights = field(Stage::weights, head);
    for (std::int64_t i = 0; i < weights.rows(); ++i) {
      for (std::int64_t j = 0; j < weights.cols(); ++j) {
        const bool large = static_cast<double>(weights.cell(i, j)) > 0.9 * all->high;
        if (large && std::count(view.leaveOut.begin(), view.leaveOut.end(), j) == 0)
          view.leaveOut.push_back(j);
      }
    }
  }
  if (view.leaveOut.size() == 11) view.leaveOut.pop_back();
  double largest = 0;
  for (int head = 0; head < 8; ++head) {
    const Field weights = field(Stage::weights, head);
    for (std::int64_t j = 0; j < weights.cols(); ++j) {
      if (std::count(view.leaveOut.begin(), view.leaveOut.end(), j) != 0) continue;
      for (std::int64_t i = 0; i < weights.rows(); ++i)
        largest = std::max(largest, static_cast<double>(weights.cell(i, j)));
    }
  }
  s.setView(view);
  const auto rest = ready([&] {
    s.settle();
    auto range = s.range(Stage::weights, 2);
    return range && range->clippedHigh ? range : std::nullopt;
  });
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->high, largest);
  EXPECT_EQ(s.rangeStatistics(Stage::weights, 2).front()->finite, 121) << "the histogram counts all of them";
  EXPECT_FALSE(s.canUndo());
}

TEST_F(SessionNumbers, EachKindOfStageKeepsItsOwnRange) {
  Session& s = open();
  ViewSpec view = s.view();
  view.range = "log";
  view.colormap = "magma";
  s.setView(view);
  s.selectStage(Stage::q);
  EXPECT_EQ(s.view().range, "");
  view = s.view();
  view.range = "custom";
  view.customRange = {-2, 2};
  view.colormap = "rdbu";
  s.setView(view);
  s.selectStage(Stage::masked);
  EXPECT_EQ(s.view().range, "custom");
  s.selectStage(Stage::weights);
  EXPECT_EQ(s.view().range, "log");
  EXPECT_EQ(s.view().colormap, "magma");
  s.selectStage(Stage::v);
  EXPECT_EQ(s.view().customRange, (std::array{-2.0, 2.0}));
  EXPECT_EQ(s.view().colormap, "rdbu");
}

TEST_F(SessionNumbers, AModeIsForTheSelectedStageAlone) {
  Session& s = open();
  ViewSpec view = s.view();
  view.stage = Stage::masked;
  view.range = "custom";
  view.customRange = {-1, 3};
  s.setView(view);
  EXPECT_EQ(s.range(Stage::masked, 0)->high, 3);  // nothing to wait for
  const auto dot = ready([&] { return s.range(Stage::dot, 0); });
  EXPECT_EQ(dot->low, -dot->high);
  EXPECT_EQ(s.range(Stage::weights, 0)->rule, "0–1");
}

TEST_F(SessionNumbers, ColumnSumsAndExplanationsAgreeWithTheField) {
  Session& s = open();
  const auto received = ready([&] { return s.received(2); });
  ASSERT_TRUE(received);
  const std::vector<double>* sums = &received->sums;
  const Field weights = field(Stage::weights, 2);
  ASSERT_EQ(static_cast<std::int64_t>(sums->size()), weights.cols());
  for (std::int64_t j = 0; j < weights.cols(); ++j) {
    double sum = 0;
    for (std::int64_t i = 0; i < weights.rows(); ++i) sum += static_cast<double>(weights.cell(i, j));
    EXPECT_NEAR((*sums)[static_cast<std::size_t>(j)], sum, 1e-6);
  }
  const auto explained = ready([&] { return s.explanation(Stage::weights, 2, {7, 1}); });
  ASSERT_TRUE(explained);
  EXPECT_EQ(explained->value, weights.cell(7, 1));
}

TEST_F(SessionNumbers, TheStripReadsAsTheFormula) {
  Session& s = open();
  using enum Stage;
  EXPECT_EQ(s.stagesShown(),
            (std::vector<Stage>{input, q, k, dot, scaled, masked, weights, v, headOutput, concat, output}));
  s.selectStage(output);
  EXPECT_EQ(s.stagesShown().back(), contribution);
  s.selectStage(contribution);
  EXPECT_EQ(s.stagesShown().back(), contribution);
  s.selectStage(biased);
  EXPECT_EQ(s.stagesShown()[5], biased);
}

TEST_F(SessionNumbers, EndingInTheMiddleOfWorkIsQuick) {
  Session& s = open();
  s.change("tokens.text", words(6000), Phase::done);
  std::this_thread::sleep_for(30ms);
  const auto start = std::chrono::steady_clock::now();
  session.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

}  // namespace
}  // namespace headlight
