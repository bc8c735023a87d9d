// What a session shows of sequences that are too long to be counted at once.
#include <chrono>
#include <thread>

#include "app/session/numbers.h"
#include "app/session/product.h"
#include "tests/session/session_fixture.h"

namespace headlight {
namespace {

using namespace std::chrono_literals;
using test::SessionTest;

class LongSequence : public SessionTest {
 protected:
  static constexpr int kWords = 4700;
  static_assert(std::int64_t{8} * kWords * kWords > kPreliminaryCells);

  static std::string words(int n) {
    std::string text = "start";
    for (int i = 1; i < n; ++i) text += " w" + std::to_string(i);
    return text;
  }
  /// Until the evaluation is another one.
  void waitForNext(const std::shared_ptr<const Evaluation>& before) {
    for (int n = 0; n < 60000 && session->evaluation() == before; ++n) {
      session->drain();
      std::this_thread::sleep_for(1ms);
    }
  }
};

TEST_F(LongSequence, ShowsItsCellsBeforeItIsCounted) {
  Session& s = open();
  s.change("tokens.text", words(kWords), Phase::done);
  waitForNext(s.evaluation());
  ASSERT_FALSE(s.evaluation()->run->statistics);
  EXPECT_TRUE(s.busy());
  EXPECT_TRUE(s.preliminary());
  EXPECT_EQ(s.evaluation()->run->sizes.queries, kWords);
  EXPECT_EQ(s.received(0), nullptr);  // needs all rows
  std::shared_ptr<const Tile> early;
  while (!early && s.preliminary()) {
    early = s.tile(Stage::weights, 0, 0, 3, 2);
    s.drain();
    std::this_thread::sleep_for(1ms);
  }
  s.settle();
  EXPECT_FALSE(s.preliminary());
  EXPECT_FALSE(s.busy());
  ASSERT_TRUE(s.evaluation()->run->statistics);
  ASSERT_TRUE(s.evaluation()->run->overviews);
  ASSERT_TRUE(s.evaluation()->run->outputs);
  if (early) {
    EXPECT_TRUE(s.tile(Stage::weights, 0, 0, 3, 2));  // there still
    const auto field = Field::make(s.evaluation()->run, Stage::weights, 0);
    EXPECT_EQ(field->tile(0, 3, 2).extreme, early->extreme);
  }
}

TEST_F(LongSequence, ProgressGrowsToTheEnd) {
  Session& s = open();
  s.change("tokens.text", words(kWords), Phase::done);
  waitForNext(s.evaluation());
  double before = 0;
  int steps = 0;
  while (s.preliminary()) {
    const double now = s.progress();
    EXPECT_GE(now, before);
    EXPECT_LE(now, 1);
    if (now > before) ++steps;
    before = now;
    s.drain();
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_GT(steps, 3);
  EXPECT_EQ(s.progress(), 1);
}

TEST_F(LongSequence, ANewerRequestStopsTheCounting) {
  Session& s = open();
  s.change("tokens.text", words(kWords), Phase::done);
  waitForNext(s.evaluation());
  ASSERT_TRUE(s.preliminary());
  s.change("tokens.text", "only three words", Phase::done);
  s.settle();
  EXPECT_EQ(s.evaluation()->run->sizes.queries, 3);
  EXPECT_TRUE(s.evaluation()->run->statistics);
  EXPECT_EQ(s.evaluationError(), nullptr);
}

TEST_F(LongSequence, CancellingTheCountingKeepsWhatIsThere) {
  Session& s = open();
  s.change("tokens.text", words(kWords), Phase::done);
  waitForNext(s.evaluation());
  ASSERT_TRUE(s.preliminary());
  const auto preliminary = s.evaluation();
  s.cancelWork();
  EXPECT_FALSE(s.busy());
  s.settle();
  EXPECT_EQ(s.evaluation(), preliminary);
  ASSERT_NE(s.evaluationError(), nullptr);
  EXPECT_EQ(s.evaluationError()->code, ErrorCode::cancelled);
  s.tile(Stage::weights, 0, 0, 0, 0);
  s.settle();
  EXPECT_TRUE(s.tile(Stage::weights, 0, 0, 0, 0));
}

}  // namespace
}  // namespace headlight
